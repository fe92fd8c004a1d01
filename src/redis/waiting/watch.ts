import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { list } from '../commands/replies.ts'
import { type Client, isErrorReply } from '../connection/client.ts'
import type { Nodes } from '../connection/nodes.ts'
import { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import type { Server } from '../connection/redis-server.ts'

/** Notices new entries of streams. Each call of `watch` leads to one notification at most. */
export interface Watch {
  /** Notifies when the stream has an entry after this id. */
  watch(key: string, after: EntryId): void
  close(): void
}

export interface WatchOptions {
  /** Whether any reader still waits for this key. */
  readonly isWanted: (key: string) => boolean
  /** Called once after `watch`, when the key has a new entry or no longer holds a stream. */
  readonly onChanged: (key: string) => void
}

/** The watched keys, each with the id after which an entry is new. */
class WatchedKeys {
  readonly #after = new Map<string, EntryId>()
  readonly #options: WatchOptions

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /** Returns false if the key is watched already, after the same id or a lower one. */
  add(key: string, after: EntryId): boolean {
    const known = this.#after.get(key)
    if (known !== undefined && known <= after) return false
    this.#after.set(key, after)
    return true
  }

  /** The keys that a reader still waits for. Stops watching the others. */
  wanted(): [key: string, after: EntryId][] {
    for (const key of this.#after.keys()) if (!this.#options.isWanted(key)) this.#after.delete(key)
    return [...this.#after]
  }

  /** Notifies of a change, and stops watching the key. */
  notify(key: string): void {
    if (this.#after.delete(key)) this.#options.onChanged(key)
  }
}

const BLOCK_MS = 5000
/** If XREAD returns this much later than it should, the connection counts as lost. */
const GRACE_MS = 2000
/** The pause between two commands. It lets the readers that one reply has served be included in the next command. */
const PAUSE_MS = 1

/**
 * Blocks one connection in an XREAD of all streams with waiting readers. To include another stream, it cancels the
 * command and sends it again.
 */
export class BlockingWatch implements Watch {
  readonly #keys: WatchedKeys
  readonly #server: Server
  readonly #connection: ReconnectingConnection
  #connectionId = ''
  #isRunning = false
  #closed = false
  /** The number of the command that blocks now; 0 if none does. */
  #blocked = 0
  /** How many commands were sent. */
  #commands = 0

  constructor(server: Server, locate: () => Promise<string>, options: WatchOptions) {
    this.#keys = new WatchedKeys(options)
    this.#server = server
    this.#connection = new ReconnectingConnection({
      locate,
      prepare: async (client) => {
        this.#connectionId = String(await client.sendCommand(['CLIENT', 'ID']))
      },
      onUp: () => this.#start()
    })
    void this.#connection.open()
  }

  watch(key: string, after: EntryId): void {
    if (!this.#keys.add(key, after)) return
    if (this.#blocked === 0) this.#start()
    else void this.#cancel(this.#blocked)
  }

  close(): void {
    this.#closed = true
    this.#connection.close()
  }

  #start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
  }

  async #run(): Promise<void> {
    for (;;) {
      await pause()
      const client = this.#connection.client
      const wanted = this.#keys.wanted()
      if (client === null || wanted.length === 0 || this.#closed) {
        this.#isRunning = false
        return
      }
      this.#blocked = ++this.#commands
      try {
        for (const key of await this.#read(client, wanted)) this.#keys.notify(key)
      } catch (error) {
        // One of the keys no longer holds a stream. Serving the readers of each key shows which one.
        if (isErrorReply(error) && error.message.startsWith('WRONGTYPE')) {
          for (const [key] of wanted) this.#keys.notify(key)
        } else if (isErrorReply(error)) this.#connection.renew(error)
      } finally {
        this.#blocked = 0
      }
    }
  }

  async #read(client: Client, wanted: readonly [key: string, after: EntryId][]): Promise<string[]> {
    const keys = wanted.map(([key]) => key)
    const after = wanted.map(([, id]) => formatId(id))
    const overdue = setTimeout(
      () => this.#connection.renew(new Error('Redis does not respond')),
      BLOCK_MS + GRACE_MS
    )
    try {
      const block = ['XREAD', 'COUNT', '1', 'BLOCK', String(BLOCK_MS), 'STREAMS', ...keys, ...after]
      const reply = await client.sendCommand(block)
      return Array.isArray(reply) ? reply.map((stream) => String(list(stream)[0])) : []
    } finally {
      clearTimeout(overdue)
    }
  }

  /** Cancels a blocking command. If it has not reached Redis yet, tries again after a pause. */
  async #cancel(command: number): Promise<void> {
    while (this.#blocked === command && !this.#closed) {
      const unblock = ['CLIENT', 'UNBLOCK', this.#connectionId]
      const unblocked = await this.#server.send(unblock, true).catch(() => 1)
      if (unblocked === 1) return
      await pause()
    }
  }
}

/** The pause before each batch of polls. */
const BATCH_PAUSE_MS = 15
/** How many streams are polled at once. */
const BATCH_KEYS = 500

/**
 * Polls each watched stream, because in a cluster no command can wait for streams of different slots. The interval
 * grows with the number of streams: 15 ms with up to 500 streams, 300 ms with 10,000.
 */
export class PollingWatch implements Watch {
  readonly #keys: WatchedKeys
  readonly #nodes: Nodes
  #isRunning = false
  #closed = false

  constructor(nodes: Nodes, options: WatchOptions) {
    this.#keys = new WatchedKeys(options)
    this.#nodes = nodes
  }

  watch(key: string, after: EntryId): void {
    this.#keys.add(key, after)
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
  }

  close(): void {
    this.#closed = true
  }

  async #run(): Promise<void> {
    for (;;) {
      const wanted = this.#keys.wanted()
      if (wanted.length === 0 || this.#closed) {
        this.#isRunning = false
        return
      }
      for (let from = 0; from < wanted.length && !this.#closed; from += BATCH_KEYS) {
        await pause(BATCH_PAUSE_MS)
        await Promise.all(wanted.slice(from, from + BATCH_KEYS).map(([key, after]) => this.#poll(key, after)))
      }
    }
  }

  async #poll(key: string, after: EntryId): Promise<void> {
    const command = ['XREAD', 'COUNT', '1', 'STREAMS', key, formatId(after)]
    try {
      if ((await this.#nodes.send(key, command, true)) !== null) this.#keys.notify(key)
    } catch (error) {
      // A key that no longer holds a stream has changed. After any other error, the next round polls it again.
      if (isErrorReply(error) && error.message.startsWith('WRONGTYPE')) this.#keys.notify(key)
    }
  }
}

function pause(ms = PAUSE_MS): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
