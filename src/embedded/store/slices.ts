import { setImmediate } from 'node:timers/promises'

/** After so many operations, or so long, the event loop gets a turn. */
const OPERATIONS = 8
const SLICE_MS = 0.5
/** A slice may have taken long because the process was stopped in it; and what it may take is to be asked again. */
const MOST_PAUSE_MS = 50

/** What slices are to be measured by. */
export interface SlicesOptions {
  /** The share of the thread that they may take now: above 0, and 1 for all of it. */
  share?(): number
  /** Called after each turn of the event loop. */
  onTurn?(): void
  /** Milliseconds. */
  now?(): number
  /** Resolves after so many milliseconds, or when the signal aborts. */
  wait?(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * Work in the background, cut into slices with a turn of the event loop between them, and with a pause where it may have
 * a share of the thread only. Whatever of it runs without a turn stands between `begin` and `end`, or `next`.
 */
export class Slices {
  /** How long each of them has held the event loop. */
  readonly seconds: number[] = []
  readonly #options: Required<SlicesOptions>
  readonly #hurry = new AbortController()
  #operations = 0
  #startedAt = 0

  constructor({ share = all, onTurn = () => {}, now = clock, wait = pause }: SlicesOptions = {}) {
    this.#options = { share, onTurn, now, wait }
  }

  begin(): void {
    this.#operations = 0
    this.#startedAt = this.#options.now()
  }

  end(): void {
    this.seconds.push((this.#options.now() - this.#startedAt) / 1000)
  }

  /** Counts operations, and when it is time waits for a turn of the event loop, or for as long as the share demands. */
  async next(operations = 1): Promise<void> {
    const { share, onTurn, now, wait } = this.#options
    this.#operations += operations
    const tookMs = now() - this.#startedAt
    if (this.#operations < OPERATIONS && tookMs < SLICE_MS) return
    this.end()
    const pauseMs = this.#hurry.signal.aborted ? 0 : Math.min(tookMs / share() - tookMs, MOST_PAUSE_MS)
    if (pauseMs > 0) await wait(pauseMs, this.#hurry.signal)
    else await setImmediate()
    onTurn()
    this.begin()
  }

  /** Takes all of the thread from now on. */
  hurry(): void {
    this.#hurry.abort()
  }
}

function all(): number {
  return 1
}

function clock(): number {
  return performance.now()
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
