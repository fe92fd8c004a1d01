/** How far back a track goes. */
export const TRACK_MS = 15 * 60_000
/** Between two looks further apart than this, nobody looked: a rate over it would be an invention. */
const GAP_MS = 15_000

/** What was seen at a moment; null where it could not be known. */
export type Sight = Readonly<Record<string, number | null>>

/** What was seen in the last 15 minutes, look by look. */
export class Track {
  readonly #at: number[] = []
  readonly #sights: Sight[] = []

  add(at: number, sight: Sight): void {
    this.#at.push(at)
    this.#sights.push(sight)
    let old = 0
    while ((this.#at[old] ?? at) < at - TRACK_MS) old++
    this.#at.splice(0, old)
    this.#sights.splice(0, old)
  }

  /** When the track begins; null while it is empty. */
  get since(): number | null {
    return this.#at[0] ?? null
  }

  /** The moments of all looks, in seconds since the epoch. */
  seconds(): number[] {
    return this.#at.map((at) => at / 1000)
  }

  /** What was seen under a name, one for each look. */
  values(name: string): (number | null)[] {
    return this.#sights.map((sight) => sight[name] ?? null)
  }

  /**
   * How fast a counter rose before each look, per second, over the last few looks. Not known at the first look, after
   * a gap, and where the counter went back, which it does when its stream or group was made anew.
   */
  rates(name: string): (number | null)[] {
    return this.#at.map((at, index) => {
      let first = index
      while (first > 0 && index - first < SMOOTHED && this.#rose(name, first)) first--
      const ms = at - (this.#at[first] ?? at)
      const rise = (this.#sights[index]?.[name] ?? 0) - (this.#sights[first]?.[name] ?? 0)
      return ms > 0 ? (rise * 1000) / ms : null
    })
  }

  /** The rate at the last look; null where it is not known. */
  rate(name: string): number | null {
    return this.rates(name).at(-1) ?? null
  }

  /** Whether a look can be compared with the one before. */
  #rose(name: string, index: number): boolean {
    const before = this.#sights[index - 1]?.[name] ?? null
    const value = this.#sights[index]?.[name] ?? null
    if (before === null || value === null || value < before) return false
    return (this.#at[index] ?? 0) - (this.#at[index - 1] ?? 0) <= GAP_MS
  }
}

/** A rate goes over so many looks, because what comes in batches would jump from one to the next. */
const SMOOTHED = 3
