/**
 * Lets so many requests go at a time, first come first served. A browser opens six connections to a server and shares
 * them among all tabs: a page that took all of them would stand in the way of the others.
 */
export class Slots {
  #free: number
  readonly #queue: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** Resolves with a function that gives the slot back, when it is this one's turn. Rejects when the signal aborts. */
  async take(signal: AbortSignal | undefined): Promise<() => void> {
    signal?.throwIfAborted()
    if (this.#free > 0) this.#free--
    else await this.#turn(signal)
    let isTaken = true
    return () => {
      if (isTaken) this.#giveBack()
      isTaken = false
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const come = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(come), 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#queue.push(come)
    })
  }

  #giveBack(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
