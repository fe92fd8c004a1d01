export interface Search {
  /** The lowest rate. It is assumed to be sustained. */
  readonly from: number
  /** A rate that no server sustains. */
  readonly below: number
  /** Tests whether a rate is sustained. */
  sustains(perSecond: number): Promise<boolean>
}

/** Each step is this many times the previous one. */
const STEP = 1.5
/** The search ends when the limit is known to this fraction. */
const PRECISION = 0.06

/**
 * Finds the highest rate that is sustained. Increases the rate in steps until one fails, and then bisects between the
 * last two. A rate that fails is tried once more, because the machine may have been busy with other work.
 */
export async function sustainedRate({ from, below, sustains }: Search): Promise<number> {
  const holds = async (rate: number): Promise<boolean> => (await sustains(rate)) || (await sustains(rate))
  let highest = from
  let tooHigh = from * STEP
  while (tooHigh < below && (await holds(tooHigh))) {
    highest = tooHigh
    tooHigh *= STEP
  }
  tooHigh = Math.min(tooHigh, below)
  while (tooHigh / highest > 1 + PRECISION) {
    const middle = (highest + tooHigh) / 2
    if (await holds(middle)) highest = middle
    else tooHigh = middle
  }
  return highest
}
