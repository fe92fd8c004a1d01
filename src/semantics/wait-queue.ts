/** A reader that waits in line. */
export interface Waiting {
  /** Entries that have been pending for this long would do as well. Left out, the reader claims none. */
  readonly claimIdleMs?: number
}

/** The readers that wait at one place, in the order they came. To leave costs the same however many wait. */
export class WaitQueue<W extends Waiting> {
  readonly #waiting = new Set<W>()
  readonly #claiming = new Set<W>()
  /** How many readers claim after how long. Few different times occur, however many readers wait. */
  readonly #claimIdleMs = new Map<number, number>()

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** Readers that leave during the iteration are skipped. */
  get waiting(): ReadonlySet<W> {
    return this.#waiting
  }

  /** Those of them that claim idle entries. */
  get claiming(): ReadonlySet<W> {
    return this.#claiming
  }

  /** The shortest time after which one of them claims an entry; null if none claims. */
  get shortestClaimIdleMs(): number | null {
    return this.#claiming.size === 0 ? null : Math.min(...this.#claimIdleMs.keys())
  }

  add(waiter: W): void {
    this.#waiting.add(waiter)
    if (waiter.claimIdleMs === undefined) return
    this.#claiming.add(waiter)
    this.#count(waiter.claimIdleMs, 1)
  }

  /** Returns false if the reader has left already. */
  delete(waiter: W): boolean {
    if (!this.#waiting.delete(waiter)) return false
    if (waiter.claimIdleMs !== undefined) {
      this.#claiming.delete(waiter)
      this.#count(waiter.claimIdleMs, -1)
    }
    return true
  }

  #count(claimIdleMs: number, by: 1 | -1): void {
    const readers = (this.#claimIdleMs.get(claimIdleMs) ?? 0) + by
    if (readers === 0) this.#claimIdleMs.delete(claimIdleMs)
    else this.#claimIdleMs.set(claimIdleMs, readers)
  }
}
