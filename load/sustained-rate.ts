export interface Search {
  /** The first rate that is tried, and so the least that is found. */
  readonly from: number
  /** A rate that nothing sustains. */
  readonly below: number
  /** Finds out whether a rate is sustained. */
  sustains(perSecond: number): Promise<boolean>
}

/** Each step up is so many times the one before. */
const STEP = 1.5
/** How close to the limit the search comes, as a share of it. */
const CLOSE = 0.06

/**
 * The highest rate that is sustained, from below: steps up until one is not sustained, then halves of what is left
 * between. A rate that fails is tried a second time, because any machine has a bad moment.
 */
export async function sustainedRate({ from, below, sustains }: Search): Promise<number> {
  const holds = async (rate: number): Promise<boolean> => (await sustains(rate)) || (await sustains(rate))
  let best = from
  let tooMuch = from * STEP
  while (tooMuch < below && (await holds(tooMuch))) {
    best = tooMuch
    tooMuch *= STEP
  }
  tooMuch = Math.min(tooMuch, below)
  while (tooMuch / best > 1 + CLOSE) {
    const middle = (best + tooMuch) / 2
    if (await holds(middle)) best = middle
    else tooMuch = middle
  }
  return best
}
