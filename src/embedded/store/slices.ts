import { setImmediate } from 'node:timers/promises'

/** After so many operations, or so long, the event loop gets a turn. */
const OPERATIONS = 8
const SLICE_MS = 0.5

/**
 * Work in the background, cut into slices with a turn of the event loop between them. Whatever of it runs without a
 * turn stands between `begin` and `end`, or `next`.
 */
export class Slices {
  /** How long each of them has held the event loop. */
  readonly seconds: number[] = []
  readonly #onTurn: () => void
  #operations = 0
  #startedAt = 0

  constructor(onTurn: () => void = () => {}) {
    this.#onTurn = onTurn
  }

  begin(): void {
    this.#operations = 0
    this.#startedAt = performance.now()
  }

  end(): void {
    this.seconds.push((performance.now() - this.#startedAt) / 1000)
  }

  /** Counts operations, and waits for a turn of the event loop when it is time for one. */
  async next(operations = 1): Promise<void> {
    this.#operations += operations
    if (this.#operations < OPERATIONS && performance.now() - this.#startedAt < SLICE_MS) return
    this.end()
    await setImmediate()
    this.#onTurn()
    this.begin()
  }
}
