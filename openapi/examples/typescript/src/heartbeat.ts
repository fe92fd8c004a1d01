import { type Entry, reasonOf } from './client.js'
import { extend } from './group.js'
import { log } from './settings.js'

/** Keeps the entries in hand, so that the group does not give them to another consumer during long work. */
export class Heartbeat {
  readonly #ids: Set<string>
  readonly #timer: NodeJS.Timeout | undefined

  constructor(entries: readonly Entry[]) {
    this.#ids = new Set(entries.map(({ id }) => id))
    // Groups without `ackTimeoutMs` take no entries away.
    const times = entries.flatMap(({ ackBeforeMs = [] }) => ackBeforeMs)
    if (times.length > 0) this.#timer = setInterval(() => this.#beat(), Math.min(...times) / 3)
  }

  /** The entry is settled. */
  drop(id: string): void {
    this.#ids.delete(id)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    if (this.#ids.size === 0) return
    // The next one comes anyway.
    extend([...this.#ids]).catch((error) => log(`extendEntries: ${reasonOf(error)}`))
  }
}
