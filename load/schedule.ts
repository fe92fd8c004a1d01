/** A rate, and how long it lasts. */
export interface Phase {
  readonly perSecond: number
  readonly seconds: number
}

interface PlacedPhase {
  readonly startMs: number
  readonly perMs: number
  /** The number of its first request. */
  readonly first: number
}

/** When each request of a load is due. The phases follow one another, each with a rate of its own. */
export class Schedule {
  readonly #phases: readonly PlacedPhase[]
  readonly total: number
  readonly maxPerSecond: number

  constructor(phases: readonly Phase[]) {
    let startMs = 0
    let first = 0
    this.#phases = phases.map(({ perSecond, seconds }) => {
      const placed = { startMs, perMs: perSecond / 1000, first }
      startMs += seconds * 1000
      first += Math.round(perSecond * seconds)
      return placed
    })
    this.total = first
    this.maxPerSecond = Math.max(...phases.map(({ perSecond }) => perSecond))
  }

  /** Milliseconds from the start until the request with this number, from 0, is due. */
  dueMs(number: number): number {
    const phase = this.#phases.findLast(({ first }) => first <= number)
    return phase === undefined ? 0 : phase.startMs + (number - phase.first) / phase.perMs
  }
}
