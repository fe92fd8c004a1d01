import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { list } from '../commands/replies.ts'
import { type Client, isErrorReply } from '../connection/client.ts'
import type { Nodes } from '../connection/nodes.ts'
import { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import type { Server } from '../connection/redis-server.ts'

/** Finds out which streams have news. Told of a key once, it tells of its news once. */
export interface Watch {
  /** Tells when there is an entry after this one. */
  watch(key: string, after: EntryId): void
  close(): void
}

export interface WatchOptions {
  /** Whether anybody still waits for news of this key. */
  readonly isWanted: (key: string) => boolean
  readonly onNews: (key: string) => void
}

/** Keys, and the ids after which there are news. */
class Watched {
  readonly #after = new Map<string, EntryId>()
  readonly #options: WatchOptions

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /** Whether it says something new. */
  add(key: string, after: EntryId): boolean {
    const known = this.#after.get(key)
    if (known !== undefined && known <= after) return false
    this.#after.set(key, after)
    return true
  }

  /** Those that somebody still waits for. */
  wanted(): [key: string, after: EntryId][] {
    for (const key of this.#after.keys()) if (!this.#options.isWanted(key)) this.#after.delete(key)
    return [...this.#after]
  }

  news(key: string): void {
    if (this.#after.delete(key)) this.#options.onNews(key)
  }
}

const BLOCK_MS = 5000
/** Beyond the end of the block, the connection counts as lost. */
const GRACE_MS = 2000
/** What was woken by one answer is watched again with the next command. */
const PAUSE_MS = 1

/**
 * One connection that blocks in an XREAD of all streams where somebody waits. When there is another one, the command
 * is called off and sent anew.
 */
export class BlockingWatch implements Watch {
  readonly #watched: Watched
  readonly #server: Server
  readonly #connection: ReconnectingConnection
  #connectionId = ''
  #isRunning = false
  #closed = false
  /** Counts the commands; 0 while none blocks. */
  #blocked = 0
  #commands = 0

  constructor(server: Server, locate: () => Promise<string>, options: WatchOptions) {
    this.#watched = new Watched(options)
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
    if (!this.#watched.add(key, after)) return
    if (this.#blocked === 0) this.#start()
    else void this.#callOff(this.#blocked)
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
      const wanted = this.#watched.wanted()
      if (client === null || wanted.length === 0 || this.#closed) {
        this.#isRunning = false
        return
      }
      this.#blocked = ++this.#commands
      try {
        for (const key of await this.#read(client, wanted)) this.#watched.news(key)
      } catch (error) {
        // One of the keys may be no stream any more, which the look at each of them tells apart.
        if (isErrorReply(error) && error.message.startsWith('WRONGTYPE')) {
          for (const [key] of wanted) this.#watched.news(key)
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

  /** The command may still be on its way, and is then called off again a moment later. */
  async #callOff(command: number): Promise<void> {
    while (this.#blocked === command && !this.#closed) {
      const unblock = ['CLIENT', 'UNBLOCK', this.#connectionId]
      const unblocked = await this.#server.send(unblock, true).catch(() => 1)
      if (unblocked === 1) return
      await pause()
    }
  }
}

/** How often a stream is asked for news at most, and how many of them at a time. */
const ROUND_MS = 15
const ROUND_KEYS = 500

/**
 * Asks again and again, because no command of a cluster can wait for streams of different slots. The more streams
 * there are, the longer a round takes: 15 ms up to 500 of them, 300 ms with 10,000.
 */
export class PollingWatch implements Watch {
  readonly #watched: Watched
  readonly #nodes: Nodes
  #isRunning = false
  #closed = false

  constructor(nodes: Nodes, options: WatchOptions) {
    this.#watched = new Watched(options)
    this.#nodes = nodes
  }

  watch(key: string, after: EntryId): void {
    this.#watched.add(key, after)
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
  }

  close(): void {
    this.#closed = true
  }

  async #run(): Promise<void> {
    for (;;) {
      const wanted = this.#watched.wanted()
      if (wanted.length === 0 || this.#closed) {
        this.#isRunning = false
        return
      }
      for (let from = 0; from < wanted.length && !this.#closed; from += ROUND_KEYS) {
        await pause(ROUND_MS)
        await Promise.all(wanted.slice(from, from + ROUND_KEYS).map(([key, after]) => this.#ask(key, after)))
      }
    }
  }

  async #ask(key: string, after: EntryId): Promise<void> {
    const command = ['XREAD', 'COUNT', '1', 'STREAMS', key, formatId(after)]
    try {
      if ((await this.#nodes.send(key, command, true)) !== null) this.#watched.news(key)
    } catch (error) {
      // What cannot be asked now is asked again in the next round; what is no stream is told of.
      if (isErrorReply(error) && error.message.startsWith('WRONGTYPE')) this.#watched.news(key)
    }
  }
}

function pause(ms = PAUSE_MS): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
