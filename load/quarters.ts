export const QUARTER_MS = 250

/** The worst latency of each quarter of a second, by when requests were due. */
export class Quarters {
  readonly #worstMs: number[] = []

  /** A request that was due so long after the start took so long. */
  add(dueMs: number, tookMs: number): void {
    const quarter = Math.floor(dueMs / QUARTER_MS)
    while (this.#worstMs.length <= quarter) this.#worstMs.push(0)
    this.#worstMs[quarter] = Math.max(this.#worstMs[quarter] ?? 0, tookMs)
  }

  /** In milliseconds, from the start on. A quarter in which nothing was due has 0. */
  get worstMs(): readonly number[] {
    return this.#worstMs
  }
}

export interface Calm {
  /** A quarter with a worse latency is not calm. */
  readonly limitMs: number
  /** How many quarters must be calm, one after the other. */
  readonly quarters: number
  /** The first quarter to consider. */
  readonly from?: number
}

/**
 * When calm begins, in milliseconds after the first quarter that is considered. Undefined if there are not enough calm
 * quarters in a row.
 */
export function calmAfterMs(
  worstMs: readonly number[],
  { limitMs, quarters, from = 0 }: Calm
): number | undefined {
  for (let first = from; first + quarters <= worstMs.length; first++) {
    const stretch = worstMs.slice(first, first + quarters)
    if (stretch.every((worst) => worst <= limitMs)) return (first - from) * QUARTER_MS
  }
  return undefined
}
