interface Round {
  readonly done: Promise<void>
  /** The round after this one, if it was requested. */
  next: Promise<void> | undefined
}

/** Runs one round at a time for each key. All requests that come during a round share one round after it. */
export class Rounds {
  readonly #running = new Map<string, Round>()

  /**
   * Resolves when a round that began after this call is over. So a caller waits for two rounds at most, however many
   * there are. `round` returns undefined if nothing needs to be done.
   */
  run(key: string, round: () => Promise<void> | undefined): Promise<void> {
    const running = this.#running.get(key)
    if (running !== undefined) {
      running.next ??= running.done.then(() => this.run(key, round))
      return running.next
    }
    const begun = round()
    if (begun === undefined) return Promise.resolve()
    const done = begun.finally(() => this.#running.delete(key))
    this.#running.set(key, { done, next: undefined })
    return done
  }
}
