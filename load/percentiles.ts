/** The percentiles that are shown of every latency. */
export const PERCENTILES = [50, 99, 99.9, 100] as const

/** Collects latencies and tells their percentiles, exactly: nothing is rounded into buckets. */
export class Latencies {
  readonly #ms: number[] = []

  add(ms: number): void {
    this.#ms.push(ms)
  }

  /** In milliseconds, for each of `PERCENTILES`; 100 is the largest. */
  percentiles(): number[] {
    const sorted = Float64Array.from(this.#ms).sort()
    return PERCENTILES.map(
      (percentile) => sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? Number.NaN
    )
  }
}
