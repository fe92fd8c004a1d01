/** The percentiles of a latency that tables show. */
export const PERCENTILES = [50, 99, 99.9, 100] as const

/** Collects latencies and computes their exact percentiles, without buckets. */
export class Latencies {
  readonly #ms: number[] = []

  add(ms: number): void {
    this.#ms.push(ms)
  }

  get count(): number {
    return this.#ms.length
  }

  /**
   * Returns the latency at each of these percentiles, in milliseconds. 100 is the largest one. NaN if there are none.
   */
  percentiles(percentiles: readonly number[] = PERCENTILES): number[] {
    const sorted = Float64Array.from(this.#ms).sort()
    return percentiles.map(
      (percentile) => sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? Number.NaN
    )
  }
}
