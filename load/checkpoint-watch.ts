import { setInterval } from 'node:timers/promises'
import { LeanClient } from './clients/lean-client.ts'

/** A checkpoint that a server had. */
export interface CheckpointSpan {
  /** Unix time in milliseconds. */
  readonly from: number
  readonly to: number
}

const POLL_MS = 250

/** What /readyz says of the last checkpoint; both null before the first. */
interface Readiness {
  readonly storage?: { readonly checkpointAt: number | null; readonly checkpointSeconds: number | null }
}

/**
 * Learns from /readyz when a Weir had its checkpoints: four short requests a second beside thousands. Weir reports the
 * end and the duration of the last one, so the times are exact although the polls are not.
 */
export class CheckpointWatch {
  readonly #client: LeanClient
  readonly #spans = new Map<number, CheckpointSpan>()
  readonly #abort = new AbortController()
  readonly #polling: Promise<void>

  constructor(port: number) {
    this.#client = new LeanClient(port)
    this.#polling = this.#poll()
    // `stop` rejects with the failure; until then nobody awaits it.
    this.#polling.catch(() => undefined)
  }

  /** Ends the watch. All checkpoints that ended since it began or were the last one before. */
  async stop(): Promise<CheckpointSpan[]> {
    this.#abort.abort()
    await this.#polling
    await this.#look()
    this.#client.close()
    return [...this.#spans.values()]
  }

  async #poll(): Promise<void> {
    const { signal } = this.#abort
    try {
      for await (const _ of setInterval(POLL_MS, undefined, { signal })) await this.#look()
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  async #look(): Promise<void> {
    const { status, body } = await this.#client.send('GET', '/readyz')
    if (status !== 200) return
    const { storage }: Readiness = JSON.parse(body)
    const { checkpointAt: to = null, checkpointSeconds: seconds = null } = storage ?? {}
    if (to !== null && seconds !== null) this.#spans.set(to, { from: to - seconds * 1000, to })
  }
}
