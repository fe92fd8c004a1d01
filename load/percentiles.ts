/** The percentiles that a table shows of a latency. */
export const PERCENTILES = [50, 99, 99.9, 100] as const

/** Collects latencies and tells their percentiles, exactly: nothing is rounded into buckets. */
export class Latencies {
  readonly #ms: number[] = []

  add(ms: number): void {
    this.#ms.push(ms)
  }

  get count(): number {
    return this.#ms.length
  }

  /** In milliseconds, for each of these percentiles; 100 is the largest. */
  percentiles(percentiles: readonly number[] = PERCENTILES): number[] {
    const sorted = Float64Array.from(this.#ms).sort()
    return percentiles.map(
      (percentile) => sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? Number.NaN
    )
  }
}
