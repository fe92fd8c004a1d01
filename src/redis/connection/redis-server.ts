import { ClientClosedError, ClientOfflineError } from 'redis'
import { EngineError } from '../../contract/errors.ts'
import { ALL_SCRIPTS } from '../scripts/generated.ts'
import { shownUrl } from './address.ts'
import { type Capabilities, capabilitiesOf, UnsuitableServer } from './capabilities.ts'
import { type Client, isErrorReply, type Reply } from './client.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { asksForNewConnection, IS_REPLICA, impairmentOf, refusal } from './redis-errors.ts'

export interface ServerOptions {
  readonly locate: () => Promise<string>
  readonly onUp: () => void
  readonly onDown: (error: Error) => void
}

const HEARTBEAT_MS = 500
/** How often a replica is left for the master, should there be one at its address, or it has become one. */
const LEAVE_REPLICA_MS = 1000
/** After so many heartbeats without an answer, which are two seconds, nothing new is sent. */
const STALLED_BEATS = 4
/** After so many, which are five seconds, the connection counts as lost, and with it whatever was under way. */
const LOST_BEATS = 10

/**
 * One server, over one connection that all requests share. Whatever it answers shows that it lives; a heartbeat sees to
 * it that there is something to answer.
 */
export class Server {
  readonly #options: ServerOptions
  readonly #connection: ReconnectingConnection
  readonly #beating: NodeJS.Timeout
  #url = ''
  #capabilities: Capabilities | undefined
  #failure: Error | undefined
  #isBeatDue = false
  /**
   * Heartbeats since one was sent that has no answer, and since anything was answered. Counted, not timed: the event loop
   * looks for answers between two of them, while a busy one may let seconds pass without looking.
   */
  #silentBeats = 0
  #impairment: string | undefined
  #replacedAt = 0
  /** The first attempt to connect is over. */
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
        this.#hear()
        this.#impair(this.#capabilities?.impairment)
        if (this.#impairment === undefined) options.onUp()
      },
      onDown: (error) => {
        this.#failure = error
        this.#impairment = undefined
        this.#hear()
        options.onDown(error)
      }
    })
    this.opened = this.#connection.open()
    this.#beating = setInterval(() => this.#beat(), HEARTBEAT_MS)
  }

  /** Where it is, for people; "unknown" while nobody has said it. */
  get address(): string {
    return this.#url === '' ? 'unknown' : shownUrl(this.#url)
  }

  get capabilities(): Capabilities | undefined {
    return this.#capabilities
  }

  /** How often the connection had to be made again. */
  get reconnects(): number {
    return Math.max(0, this.#connection.connects - 1)
  }

  /** Why nothing can be sent now, in a sentence; undefined when it can. */
  get trouble(): string | undefined {
    if (this.#connection.client === null) return reasonOf(this.#failure)
    return this.#silentBeats >= STALLED_BEATS ? 'Redis does not respond' : undefined
  }

  /** Why it refuses changes, in a sentence, though it can be asked; undefined when it takes them. */
  get impairment(): string | undefined {
    return this.#impairment
  }

  /** Set when no further attempt can help. */
  get unsuitable(): UnsuitableServer | undefined {
    return this.#failure instanceof UnsuitableServer ? this.#failure : undefined
  }

  /**
   * Sends at once or not at all. Rejects with Redis' own error replies as they are; else with engine-unavailable when
   * nothing can have happened, and with outcome-unknown when it may have. `inBytes`: see `Client`.
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
        this.#impair(impairment)
        if (impairment === IS_REPLICA) this.#leaveReplica()
      }
      if (asksForNewConnection(error) && this.#connection.client === client) this.#connection.renew(error)
      if (isErrorReply(error)) throw error
      throw lost(error, isReading)
    }
  }

  close(): void {
    clearInterval(this.#beating)
    this.#connection.close()
  }

  async #prepare(client: Client): Promise<void> {
    this.#capabilities = await capabilitiesOf(client)
    await Promise.all(ALL_SCRIPTS.map(({ text }) => client.sendCommand(['SCRIPT', 'LOAD', text])))
  }

  /** Call it when Redis answers the heartbeat, and when a connection is made or lost. */
  #hear(): void {
    this.#isBeatDue = false
    this.#silentBeats = 0
  }

  /** Changes are refused for this reason from now on, or taken when there is none. */
  #impair(reason: string | undefined): void {
    const before = this.#impairment
    this.#impairment = reason
    if (reason !== undefined && reason !== before) this.#options.onDown(new Error(reason))
  }

  /** Reads go on meanwhile. */
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
    if (this.#isBeatDue) {
      this.#silentBeats++
      if (this.#silentBeats >= LOST_BEATS) this.#connection.renew(new Error('Redis does not respond'))
      return
    }
    this.#isBeatDue = true
    const answered = (impairment: string | undefined) => {
      if (this.#connection.client !== client) return
      this.#hear()
      // Only a new connection shows that it is a replica no more.
      if (this.#impairment === IS_REPLICA) return
      const isCured = this.#impairment !== undefined && impairment === undefined
      this.#impair(impairment)
      if (isCured) this.#options.onUp()
    }
    client.sendCommand(['PING']).then(
      () => answered(undefined),
      (error: Error) => {
        const impairment = impairmentOf(error)
        answered(impairment)
        // LOADING and the like: it answers, but cannot serve. `prepare` waits until it can.
        const isUnable = isErrorReply(error) && impairment === undefined
        if (isUnable && this.#connection.client === client) this.#connection.renew(error)
      }
    )
  }
}

function lost(error: unknown, isReading: boolean): EngineError {
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

/** Node tells of a host with several addresses in an error without a message. */
function describe(error: Error): string {
  return error.message || ('code' in error ? String(error.code) : error.name)
}
