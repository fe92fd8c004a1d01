import { ClientClosedError, ClientOfflineError } from 'redis'
import { EngineError } from '../../contract/errors.ts'
import { ALL_SCRIPTS } from '../scripts/generated.ts'
import { shownUrl } from './address.ts'
import { type Capabilities, capabilitiesOf, UnsuitableServer } from './capabilities.ts'
import { type Client, isErrorReply, type Reply } from './client.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { IS_REPLICA, impairmentOf, needsNewConnection, refusal } from './redis-errors.ts'

export interface ServerOptions {
  readonly locate: () => Promise<string>
  readonly onUp: () => void
  readonly onDown: (error: Error) => void
}

const HEARTBEAT_MS = 500
/** How often to leave a replica by reconnecting: its address may lead to a master now, or it may have become one. */
const LEAVE_REPLICA_MS = 1000
/** After this many heartbeats without a reply (2 s), requests are refused instead of sent. */
const STALLED_BEATS = 4
/** After this many (5 s), the connection counts as lost, and all requests under way fail. */
const LOST_BEATS = 10

/**
 * One server, over one connection that all requests share. Any reply shows that the server is alive. A heartbeat makes
 * sure that there is something to reply to.
 */
export class Server {
  readonly #options: ServerOptions
  readonly #connection: ReconnectingConnection
  readonly #heartbeat: NodeJS.Timeout
  #url = ''
  #capabilities: Capabilities | undefined
  #failure: Error | undefined
  #isBeatUnanswered = false
  /**
   * Heartbeats since the last reply, while one is unanswered. Heartbeats are counted instead of milliseconds: the event
   * loop reads replies between any two of them, but if it is busy, seconds may pass before it reads one.
   */
  #silentBeats = 0
  #impairment: string | undefined
  #replacedAt = 0
  /** Resolves when the first attempt to connect ends, whether it succeeded or failed. */
  readonly opened: Promise<void>

  constructor(options: ServerOptions) {
    this.#options = options
    this.#connection = new ReconnectingConnection({
      locate: async () => {
        this.#url = await options.locate()
        return this.#url
      },
      prepare: (client) => this.#prepare(client),
      onUp: () => {
        this.#failure = undefined
        this.#resetHeartbeat()
        this.#setImpairment(this.#capabilities?.impairment)
        if (this.#impairment === undefined) options.onUp()
      },
      onDown: (error) => {
        this.#failure = error
        this.#impairment = undefined
        this.#resetHeartbeat()
        options.onDown(error)
      }
    })
    this.opened = this.#connection.open()
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS)
  }

  /** The server's address without user and password; "unknown" until it is located. */
  get address(): string {
    return this.#url === '' ? 'unknown' : shownUrl(this.#url)
  }

  get capabilities(): Capabilities | undefined {
    return this.#capabilities
  }

  /** How often the connection was lost and made again. */
  get reconnects(): number {
    return Math.max(0, this.#connection.connects - 1)
  }

  /** Why no request can be sent now, as a sentence. Undefined if requests can be sent. */
  get trouble(): string | undefined {
    if (this.#connection.client === null) return reasonOf(this.#failure)
    return this.#silentBeats >= STALLED_BEATS ? 'Redis does not respond' : undefined
  }

  /** Why the server refuses changes although it responds, as a sentence. Undefined if it accepts them. */
  get impairment(): string | undefined {
    return this.#impairment
  }

  /** Set if Weir cannot work with this server, so that another attempt is useless. */
  get unsuitable(): UnsuitableServer | undefined {
    return this.#failure instanceof UnsuitableServer ? this.#failure : undefined
  }

  /**
   * Sends a command at once or not at all. Rejects with Redis' own error replies unchanged. Otherwise rejects with
   * engine-unavailable if the command cannot have changed anything, and with outcome-unknown if it may have. `inBytes`:
   * see `Client`.
   */
  async send(args: readonly string[], isReading: boolean, inBytes = false): Promise<Reply> {
    const client = this.#connection.client
    const { trouble } = this
    if (client === null || trouble !== undefined) {
      throw new EngineError('engine-unavailable', trouble ?? 'Redis cannot be reached')
    }
    try {
      const reply = (await client.sendCommand(args, inBytes)) as Reply
      this.#silentBeats = 0
      return reply
    } catch (error) {
      if (isErrorReply(error)) this.#silentBeats = 0
      const impairment = impairmentOf(error)
      if (impairment !== undefined && this.#connection.client === client) {
        this.#setImpairment(impairment)
        if (impairment === IS_REPLICA) this.#leaveReplica()
      }
      if (needsNewConnection(error) && this.#connection.client === client) this.#connection.renew(error)
      if (isErrorReply(error)) throw error
      throw connectionLost(error, isReading)
    }
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#connection.close()
  }

  async #prepare(client: Client): Promise<void> {
    this.#capabilities = await capabilitiesOf(client)
    await Promise.all(ALL_SCRIPTS.map(({ text }) => client.sendCommand(['SCRIPT', 'LOAD', text])))
  }

  /** Called when Redis answers the heartbeat, and when a connection is made or lost. */
  #resetHeartbeat(): void {
    this.#isBeatUnanswered = false
    this.#silentBeats = 0
  }

  /** Sets why changes are refused; undefined if they are accepted. Reports a new reason. */
  #setImpairment(reason: string | undefined): void {
    const previous = this.#impairment
    this.#impairment = reason
    if (reason !== undefined && reason !== previous) this.#options.onDown(new Error(reason))
  }

  /** Reconnects. The replica serves reads until the new connection is ready. */
  #leaveReplica(): void {
    const now = performance.now()
    if (now - this.#replacedAt < LEAVE_REPLICA_MS) return
    this.#replacedAt = now
    void this.#connection.replace()
  }

  #beat(): void {
    const client = this.#connection.client
    if (client === null) return
    if (this.#impairment === IS_REPLICA) this.#leaveReplica()
    if (this.#isBeatUnanswered) {
      this.#silentBeats++
      if (this.#silentBeats >= LOST_BEATS) this.#connection.renew(new Error('Redis does not respond'))
      return
    }
    this.#isBeatUnanswered = true
    const onReply = (impairment: string | undefined) => {
      if (this.#connection.client !== client) return
      this.#resetHeartbeat()
      // A replica answers PING, too. Only a new connection shows that the server is not a replica any more.
      if (this.#impairment === IS_REPLICA) return
      const hasRecovered = this.#impairment !== undefined && impairment === undefined
      this.#setImpairment(impairment)
      if (hasRecovered) this.#options.onUp()
    }
    client.sendCommand(['PING']).then(
      () => onReply(undefined),
      (error: Error) => {
        const impairment = impairmentOf(error)
        onReply(impairment)
        // An error such as LOADING: the server responds but cannot serve. A new connection is not used until it can.
        const isUnable = isErrorReply(error) && impairment === undefined
        if (isUnable && this.#connection.client === client) this.#connection.renew(error)
      }
    )
  }
}

function connectionLost(error: unknown, isReading: boolean): EngineError {
  const wasNotSent = error instanceof ClientOfflineError || error instanceof ClientClosedError
  if (isReading || wasNotSent) {
    return new EngineError('engine-unavailable', 'The connection to Redis was lost', { cause: error })
  }
  const message = 'The connection to Redis was lost before it responded: the change may have been made'
  return new EngineError('outcome-unknown', message, { cause: error })
}

function reasonOf(error: Error | undefined): string {
  if (error === undefined) return 'Redis is not connected yet'
  const refused = refusal(error, {})
  return refused instanceof EngineError ? refused.message : `Redis cannot be reached: ${describe(error)}`
}

/** If a host has several addresses, Node's error has a code but no message. */
function describe(error: Error): string {
  return error.message || ('code' in error ? String(error.code) : error.name)
}
