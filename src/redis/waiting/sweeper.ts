import type { GroupRef } from '../../contract/refs.ts'
import type { DeathCounts } from '../commands/death-counts.ts'
import { list, texts } from '../commands/replies.ts'
import type { StreamCommands } from '../commands/stream-commands.ts'
import type { Keys } from '../connection/keys.ts'
import type { Nodes } from '../connection/nodes.ts'
import { isRefused } from '../connection/redis-errors.ts'
import { COMPANIONS, SWEEP } from '../scripts/generated.ts'

/** The pause between two sweeps. */
const SWEEP_PAUSE_MS = 1000
/** How many streams a sweep goes through. The next sweep continues after them. */
const STREAMS_AT_ONCE = 500
/** How many of them at the same time. */
const PARALLEL = 8
/** The shortest pause between two searches, which scan all keys. */
const SEARCH_PAUSE_MS = 3000
/** The pause is at least this many times as long as the search before it. */
const PAUSE_FACTOR = 20
const SCAN_COUNT = '1000'

export interface SweeperOptions {
  readonly nodes: Nodes
  readonly keys: Keys
  readonly commands: StreamCommands
  readonly deaths: DeathCounts
  /** Called when fewer entries of a group are pending. */
  readonly onChanged: (group: GroupRef) => void
}

/**
 * Lets entries die in groups where nobody reads, and deletes consumers that were not seen for long. Every Weir node does
 * this, without a leader: each step is a script that checks again whether it has anything to do.
 */
export class Sweeper {
  readonly #options: SweeperOptions
  /** The streams that this node knows to have groups with companion keys. */
  readonly #streams = new Set<string>()
  #nextSearchAt = 0
  #timer: NodeJS.Timeout
  #isClosed = false

  constructor(options: SweeperOptions) {
    this.#options = options
    this.#timer = setTimeout(() => void this.#run(), SWEEP_PAUSE_MS)
  }

  /** Call it when a policy was set, so that its group need not be searched for. */
  note(stream: string): void {
    this.#streams.add(stream)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  async #run(): Promise<void> {
    try {
      if (this.#options.nodes.trouble() === undefined) {
        await this.#search()
        await this.#sweep()
      }
    } catch (error) {
      if (!isRefused(error)) throw error
    } finally {
      if (!this.#isClosed) this.#timer = setTimeout(() => void this.#run(), SWEEP_PAUSE_MS)
    }
  }

  /** Finds the groups whose policies were set through other nodes, or before this one started. */
  async #search(): Promise<void> {
    const { nodes, keys } = this.#options
    const began = performance.now()
    if (began < this.#nextSearchAt) return
    for (const server of nodes.servers()) {
      let cursor = '0'
      do {
        const scan = ['SCAN', cursor, 'MATCH', keys.companionPattern, 'COUNT', SCAN_COUNT, 'TYPE', 'hash']
        const [next, found] = list(await server.send(scan, true))
        cursor = String(next)
        for (const key of texts(found)) this.#streams.add(keys.streamOfCompanion(key))
      } while (cursor !== '0' && !this.#isClosed)
    }
    const now = performance.now()
    this.#nextSearchAt = now + Math.max(SEARCH_PAUSE_MS, PAUSE_FACTOR * (now - began))
  }

  async #sweep(): Promise<void> {
    const streams = [...this.#streams].slice(0, STREAMS_AT_ONCE)
    while (streams.length > 0 && !this.#isClosed) {
      await Promise.all(streams.splice(0, PARALLEL).map((stream) => this.#sweepStream(stream)))
    }
  }

  async #sweepStream(stream: string): Promise<void> {
    const { commands, deaths, onChanged } = this.#options
    const groups = texts(await commands.script(COMPANIONS, { stream }, {}))
    // It goes to the end, or is forgotten.
    this.#streams.delete(stream)
    if (groups.length > 0) this.#streams.add(stream)
    for (const group of groups) {
      if (this.#isClosed) return
      const place = { stream, group }
      const reply = await commands.script(SWEEP, place, { group })
      if (reply === null) continue
      const [died, hasRoom] = list(reply)
      deaths.note(place, died, true)
      if (hasRoom === 1) onChanged(place)
    }
  }
}
