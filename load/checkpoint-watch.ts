import { setInterval } from 'node:timers/promises'
import { LeanClient } from './clients/lean-client.ts'

/** When a checkpoint ran, in milliseconds since the epoch. */
export interface CheckpointSpan {
  readonly from: number
  readonly to: number
}

const POLL_MS = 250

/** The part of /readyz about the last checkpoint. Both values are null before the first one. */
interface Readiness {
  readonly storage?: { readonly checkpointAt: number | null; readonly checkpointSeconds: number | null }
}

/**
 * Polls /readyz to record when a Weir ran its checkpoints. Four short requests a second hardly matter among thousands.
 * Weir reports the end and the duration of the last checkpoint, so the times are exact although the polls are not.
 */
export class CheckpointWatch {
  readonly #client: LeanClient
  readonly #spans = new Map<number, CheckpointSpan>()
  readonly #abort = new AbortController()
  readonly #polling: Promise<void>

  constructor(port: number) {
    this.#client = new LeanClient(port)
    this.#polling = this.#poll()
    // `stop` rejects with the failure. Until then, nothing awaits the promise.
    this.#polling.catch(() => undefined)
  }

  /** Ends the watch. Returns the checkpoints that ended since its start, and the last one before that. */
  async stop(): Promise<CheckpointSpan[]> {
    this.#abort.abort()
    await this.#polling
    await this.#pollOnce()
    this.#client.close()
    return [...this.#spans.values()]
  }

  async #poll(): Promise<void> {
    const { signal } = this.#abort
    try {
      for await (const _ of setInterval(POLL_MS, undefined, { signal })) await this.#pollOnce()
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  async #pollOnce(): Promise<void> {
    const { status, body } = await this.#client.send('GET', '/readyz')
    if (status !== 200) return
    const { storage }: Readiness = JSON.parse(body)
    const { checkpointAt: to = null, checkpointSeconds: seconds = null } = storage ?? {}
    if (to !== null && seconds !== null) this.#spans.set(to, { from: to - seconds * 1000, to })
  }
}
