/** A smaller difference between the clocks comes from rounding, or from the time between reading them. */
const ROUNDING_MS = 50

/**
 * Two clocks, both in milliseconds since the epoch. New ids come from the wall clock. All other times come
 * from the steady clock: the wall clock at the start of the process, plus the time since. So a wall clock
 * that jumps does not change idle times. Across a restart, the wall clock counts.
 */
export class Clock {
  readonly wall: () => number
  readonly steady: () => number
  #aheadMs = 0

  /** If only `wall` is given, it is the steady clock as well. */
  constructor(wall?: () => number, steady?: () => number) {
    this.wall = wall ?? (() => Date.now())
    this.steady = steady ?? wall ?? steadyNow
  }

  /**
   * How far the wall clock is ahead of the steady clock. Times are shown with this offset. 0 unless the wall
   * clock has jumped.
   */
  get aheadMs(): number {
    const aheadMs = this.wall() - this.steady()
    // Small differences do not change the offset, so that the same time is always shown alike.
    if (Math.abs(aheadMs - this.#aheadMs) > ROUNDING_MS) this.#aheadMs = aheadMs
    return this.#aheadMs
  }
}

/** The wall clock at the start of the process. */
const ORIGIN = performance.timeOrigin

function steadyNow(): number {
  return Math.floor(ORIGIN + performance.now())
}
