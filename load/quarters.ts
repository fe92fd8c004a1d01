export const QUARTER_MS = 250

/** The worst latency in each quarter of a second, by when the requests were due. */
export class Quarters {
  readonly #worstMs: number[] = []

  /** Adds the latency of a request that was due at this time from the start. */
  add(dueMs: number, tookMs: number): void {
    const quarter = Math.floor(dueMs / QUARTER_MS)
    while (this.#worstMs.length <= quarter) this.#worstMs.push(0)
    this.#worstMs[quarter] = Math.max(this.#worstMs[quarter] ?? 0, tookMs)
  }

  /** In milliseconds, from the start on. 0 for a quarter in which no request was due. */
  get worstMs(): readonly number[] {
    return this.#worstMs
  }
}

export interface Calm {
  /** A quarter is calm if it has no latency above this. */
  readonly limitMs: number
  /** How many consecutive quarters must be calm. */
  readonly quarters: number
  /** The first quarter to consider. */
  readonly from?: number
}

/**
 * When a calm period begins, in milliseconds after the first quarter to consider. Undefined if there are not enough
 * consecutive calm quarters.
 */
export function calmAfterMs(
  worstMs: readonly number[],
  { limitMs, quarters, from = 0 }: Calm
): number | undefined {
  for (let first = from; first + quarters <= worstMs.length; first++) {
    const period = worstMs.slice(first, first + quarters)
    if (period.every((worst) => worst <= limitMs)) return (first - from) * QUARTER_MS
  }
  return undefined
}
