import { EngineError } from '../../contract/errors.ts'
import { withHost } from './address.ts'
import { connect, isErrorReply, type Reply } from './client.ts'
import type { Nodes, NodesListener } from './nodes.ts'
import { errorWord } from './redis-errors.ts'
import { Server } from './redis-server.ts'
import { SLOTS, slotOf } from './slots.ts'

const MAX_REDIRECTIONS = 5
const RETRY_MS = 500
/**
 * A script uses two keys, one of which may not exist. While the slot moves, servers refuse that for as long as they
 * cannot know where the other key is. Nothing was done then. So the script is sent again, for about two seconds.
 */
const MAX_TRIES = 20
const TRY_AGAIN_MS = 100

/**
 * The masters of a cluster, and the map of slots to masters. A redirection corrects the map for its slot at once. After
 * a redirection, and whenever a connection is lost, the whole map is fetched again.
 */
export class Cluster implements Nodes {
  readonly isCluster = true
  readonly opened: Promise<void>
  readonly #seeds: readonly string[]
  readonly #listener: NodesListener
  readonly #servers = new Map<string, Server>()
  #slots: (Server | undefined)[] = []
  /** Every slot has a server. */
  #isWhole = false
  #reason = 'The Redis cluster is not connected yet'
  #refreshing: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(seeds: readonly string[], listener: NodesListener) {
    this.#seeds = seeds
    this.#listener = listener
    this.opened = this.#refresh()
  }

  async send(key: string, args: readonly string[], isReading: boolean, inBytes?: boolean): Promise<Reply> {
    const slot = slotOf(key)
    let server = this.#slots[slot]
    let asking = false
    let tries = 0
    for (let redirections = 0; ; redirections++) {
      if (server === undefined) {
        void this.#refresh()
        throw new EngineError('engine-unavailable', this.trouble() ?? this.#reason)
      }
      try {
        // Both commands are sent in the same turn, so no other request comes between them on the shared connection.
        if (asking) server.send(['ASKING'], true).catch(ignore)
        return await server.send(args, isReading, inBytes)
      } catch (error) {
        if (isErrorReply(error) && errorWord(error) === 'TRYAGAIN' && ++tries < MAX_TRIES) {
          await pause(TRY_AGAIN_MS)
          redirections--
          continue
        }
        const redirection = redirectionOf(error)
        if (redirection === null || redirections === MAX_REDIRECTIONS) {
          this.#refreshAfter(error)
          throw error
        }
        asking = redirection.word === 'ASK'
        server = this.#serverAt(redirection.host, redirection.port)
        await server.opened
        if (asking) continue
        this.#slots[slot] = server
        void this.#refresh()
      }
    }
  }

  servers(): readonly Server[] {
    return [...new Set(this.#slots)].filter((server) => server !== undefined)
  }

  trouble(): string | undefined {
    const servers = this.servers()
    if (servers.length === 0) return this.#reason
    if (!this.#isWhole) return 'Some slots of the Redis cluster have no server'
    return servers.find(({ trouble }) => trouble !== undefined)?.trouble
  }

  impairment(): string | undefined {
    return this.servers().find(({ impairment }) => impairment !== undefined)?.impairment
  }

  async locate(): Promise<string> {
    for (const [url, server] of this.#servers) if (server.trouble === undefined) return url
    return this.#seeds[0] ?? ''
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    for (const server of this.#servers.values()) server.close()
  }

  #serverAt(host: string, port: string): Server {
    const url = withHost(this.#seeds[0] ?? '', host, port)
    const known = this.#servers.get(url)
    if (known !== undefined) return known
    const server = new Server({
      locate: async () => url,
      onUp: () => this.#listener.onUp(),
      onDown: (error) => {
        this.#listener.onDown(error)
        if (!this.#closed) void this.#refresh()
      }
    })
    this.#servers.set(url, server)
    return server
  }

  #refreshAfter(error: unknown): void {
    if (isErrorReply(error) && ['CLUSTERDOWN', 'READONLY', 'MOVED'].includes(errorWord(error)))
      void this.#refresh()
  }

  /** Fetches the map of slots from a connected server, or else from the configured addresses. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#tryToRefresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #tryToRefresh(): Promise<void> {
    clearTimeout(this.#retry)
    for (const fetchSlots of this.#sources()) {
      try {
        const { reply, host } = await fetchSlots()
        if (this.#closed) return
        await this.#setSlots(reply, host)
        if (this.#isWhole) return
        break
      } catch (error) {
        this.#reason = error instanceof Error ? error.message : String(error)
      }
    }
    if (!this.#closed) this.#retry = setTimeout(() => void this.#refresh(), RETRY_MS)
  }

  *#sources(): Generator<() => Promise<{ reply: Reply; host: string }>> {
    for (const [url, server] of this.#servers) {
      if (server.trouble !== undefined) continue
      yield async () => ({
        reply: await server.send(['CLUSTER', 'SLOTS'], true),
        host: new URL(url).hostname
      })
    }
    for (const url of this.#seeds) {
      yield async () => {
        const client = await connect(url, ignore)
        try {
          const reply = (await client.sendCommand(['CLUSTER', 'SLOTS'])) as Reply
          return { reply, host: new URL(url).hostname }
        } finally {
          client.destroy()
        }
      }
    }
  }

  async #setSlots(reply: Reply, sourceHost: string): Promise<void> {
    const slots: (Server | undefined)[] = []
    for (const [first, last, master] of reply as [number, number, [string, number]][]) {
      // A node that does not know its own address reports an empty one. It is then the host that was connected to.
      const server = this.#serverAt(master[0] || sourceHost, String(master[1]))
      for (let slot = first; slot <= last; slot++) slots[slot] = server
    }
    this.#slots = slots
    this.#isWhole = slots.filter((server) => server !== undefined).length === SLOTS
    if (slots.length === 0) throw new EngineError('engine-unavailable', 'The Redis cluster has no slots')
    const current = new Set(slots)
    for (const [url, server] of this.#servers) {
      if (current.has(server)) continue
      this.#servers.delete(url)
      server.close()
    }
    await Promise.all(this.servers().map(({ opened }) => opened))
  }
}

interface Redirection {
  readonly word: string
  readonly host: string
  readonly port: string
}

function redirectionOf(error: unknown): Redirection | null {
  if (!isErrorReply(error)) return null
  const [, word, host, port] = /^(MOVED|ASK) \d+ (.*):(\d+)/.exec(error.message) ?? []
  if (word === undefined || host === undefined || host === '' || port === undefined) return null
  return { word, host, port }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function ignore(): void {}
