/** A difference between the clocks below this is rounding, or the time between two looks at them. */
const ROUNDING_MS = 50

/**
 * Two clocks, both in milliseconds since the epoch. New ids come from the wall clock. All other moments are kept by the
 * steady one, the wall clock at the start of the process plus the time that has passed since: so a wall clock that jumps
 * makes nothing idle, and nothing less idle. Across a restart the wall clock counts.
 */
export class Clock {
  readonly wall: () => number
  readonly steady: () => number
  #aheadMs = 0

  /** With `wall` alone, it is the steady clock as well. */
  constructor(wall?: () => number, steady?: () => number) {
    this.wall = wall ?? (() => Date.now())
    this.steady = steady ?? wall ?? steadyNow
  }

  /** How far the wall clock is ahead of the steady one: what is added to a moment to show it. 0 unless it jumped. */
  get aheadMs(): number {
    const aheadMs = this.wall() - this.steady()
    // The same for small differences, so that a moment that is shown twice is shown alike.
    if (Math.abs(aheadMs - this.#aheadMs) > ROUNDING_MS) this.#aheadMs = aheadMs
    return this.#aheadMs
  }
}

/** The wall clock at the start of the process. */
const ORIGIN = performance.timeOrigin

function steadyNow(): number {
  return Math.floor(ORIGIN + performance.now())
}
