/** How far back a time series goes. */
export const HISTORY_MS = 15 * 60_000
/** Polling was paused between two samples that are further apart than this, so a rate across them means nothing. */
const GAP_MS = 15_000

/** Values by name, at one moment. An unknown value is null. */
export type Sample = Readonly<Record<string, number | null>>

/** The samples of the last 15 minutes, one for each poll. */
export class TimeSeries {
  readonly #at: number[] = []
  readonly #samples: Sample[] = []

  add(at: number, sample: Sample): void {
    this.#at.push(at)
    this.#samples.push(sample)
    let old = 0
    while ((this.#at[old] ?? at) < at - HISTORY_MS) old++
    this.#at.splice(0, old)
    this.#samples.splice(0, old)
  }

  /** The time of the first sample. Null while the series is empty. */
  get since(): number | null {
    return this.#at[0] ?? null
  }

  /** The times of all samples, in seconds since the epoch. */
  seconds(): number[] {
    return this.#at.map((at) => at / 1000)
  }

  /** The values under a name, one for each sample. */
  values(name: string): (number | null)[] {
    return this.#samples.map((sample) => sample[name] ?? null)
  }

  /**
   * How fast a counter rose before each sample, per second. The rate is unknown (null) at the first sample, after a gap,
   * and where the counter decreased, as it does when its stream or group was deleted and created again.
   */
  rates(name: string): (number | null)[] {
    return this.#at.map((at, index) => {
      let first = index
      while (first > 0 && index - first < SMOOTHED && this.#rose(name, first)) first--
      const ms = at - (this.#at[first] ?? at)
      const rise = (this.#samples[index]?.[name] ?? 0) - (this.#samples[first]?.[name] ?? 0)
      return ms > 0 ? (rise * 1000) / ms : null
    })
  }

  /** The rate at the last sample. Null if it is unknown. */
  rate(name: string): number | null {
    return this.rates(name).at(-1) ?? null
  }

  /** Whether a counter did not decrease since the previous sample, and there was no gap. */
  #rose(name: string, index: number): boolean {
    const before = this.#samples[index - 1]?.[name] ?? null
    const value = this.#samples[index]?.[name] ?? null
    if (before === null || value === null || value < before) return false
    return (this.#at[index] ?? 0) - (this.#at[index - 1] ?? 0) <= GAP_MS
  }
}

/** Rates are averaged over this many intervals. Without that, entries that arrive in batches would make them jump. */
const SMOOTHED = 3
