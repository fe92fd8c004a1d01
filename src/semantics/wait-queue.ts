/** A reader that waits in line. */
export interface Waiting {
  /** The reader also accepts entries that have been idle for this long. Absent: it claims none. */
  readonly claimIdleMs?: number
}

/** The readers that wait at one place, in order of arrival. Leaving the queue takes constant time. */
export class WaitQueue<W extends Waiting> {
  readonly #waiting = new Set<W>()
  readonly #claiming = new Set<W>()
  /** Number of readers for each claim time. There are few distinct times, however many readers wait. */
  readonly #claimIdleMs = new Map<number, number>()

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** Readers that leave during the iteration are skipped. */
  get waiting(): ReadonlySet<W> {
    return this.#waiting
  }

  /** The readers that claim idle entries. */
  get claiming(): ReadonlySet<W> {
    return this.#claiming
  }

  /** The shortest idle time at which one of them claims an entry; null if none claims. */
  get shortestClaimIdleMs(): number | null {
    return this.#claiming.size === 0 ? null : Math.min(...this.#claimIdleMs.keys())
  }

  add(waiter: W): void {
    this.#waiting.add(waiter)
    if (waiter.claimIdleMs === undefined) return
    this.#claiming.add(waiter)
    this.#count(waiter.claimIdleMs, 1)
  }

  /** Returns false if the reader has already left. */
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
