import { setImmediate } from 'node:timers/promises'

/** After this many operations, or this long, the event loop gets a turn. */
const OPERATIONS = 8
const SLICE_MS = 0.5
/**
 * Limits a pause: a slice may have taken long because the process was suspended in it, and the allowed share
 * may change meanwhile.
 */
const MOST_PAUSE_MS = 50

/** What determines the length of slices and pauses. */
export interface SlicesOptions {
  /** Returns the share of the thread that slices may use now: above 0, and at most 1. */
  share?(): number
  /** Called after each turn of the event loop. */
  onTurn?(): void
  /** Milliseconds. */
  now?(): number
  /** Resolves after this many milliseconds, or when the signal aborts. */
  wait?(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * Background work in slices. Between slices, the event loop gets a turn, and if the work may use only a share
 * of the thread, it pauses. Code that runs without a turn stands between `begin` and `end`, or between calls
 * of `next`.
 */
export class Slices {
  /** How long each slice blocked the event loop. */
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

  /**
   * Counts operations. At the end of a slice, waits for a turn of the event loop, or as long as the share
   * requires.
   */
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

  /** Uses the whole thread from now on. */
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
