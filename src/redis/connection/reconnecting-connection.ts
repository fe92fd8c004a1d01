import { type Client, connect } from './client.ts'

export interface ConnectionOptions {
  /** Where to connect to, asked before each attempt. */
  readonly locate: () => Promise<string>
  /** What a new connection needs before anybody uses it. What it rejects with ends the attempt. */
  readonly prepare: (client: Client) => Promise<void>
  readonly onUp?: () => void
  /** The connection is lost, or an attempt has failed. */
  readonly onDown?: (error: Error) => void
}

/** A server that does not answer by then counts as gone. */
const PREPARE_TIMEOUT_MS = 5000
const FIRST_BACKOFF_MS = 50
const MAX_BACKOFF_MS = 2000

/**
 * A connection that is made again whenever it is lost, after a pause that doubles with each failure in a row. Nothing
 * waits for it: while there is none, `client` is null.
 */
export class ReconnectingConnection {
  readonly #options: ConnectionOptions
  #client: Client | null = null
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #closed = false
  #connects = 0
  #isReplacing = false

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get client(): Client | null {
    return this.#client
  }

  /** How often it was made. */
  get connects(): number {
    return this.#connects
  }

  /** Makes the first attempt. Resolves when that is over, whether it succeeded or not. */
  async open(): Promise<void> {
    if (this.#closed) return
    try {
      const client = await this.#connect()
      if (this.#closed) return client.destroy()
      this.#client = client
      this.#failures = 0
      this.#connects++
      this.#options.onUp?.()
    } catch (error) {
      this.#lose(error as Error)
    }
  }

  /**
   * Connects anew, maybe to another server, and uses that connection from then on. The present one serves until then, and
   * ends when it has answered what it was sent. Never rejects: without a new connection the present one stays.
   */
  async replace(): Promise<void> {
    const before = this.#client
    if (before === null || this.#isReplacing) return
    this.#isReplacing = true
    try {
      const client = await this.#connect()
      if (this.#closed || this.#client !== before) return client.destroy()
      this.#client = client
      this.#options.onUp?.()
      const end = () => before.destroy()
      before.sendCommand(['PING']).then(end, end)
    } catch {
      // What is wrong with the present one shows by itself.
    } finally {
      this.#isReplacing = false
    }
  }

  /** Gives up the connection there is, for a reason that Redis has told, and makes a new one. */
  renew(reason: Error): void {
    const client = this.#client
    if (client === null) return
    this.#lose(reason)
    client.destroy()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#client?.destroy()
    this.#client = null
  }

  async #connect(): Promise<Client> {
    let lost: Error | undefined
    const client = await connect(await this.#options.locate(), (error) => {
      lost = error
      if (this.#client === client) this.#lose(error)
    })
    const overdue = setTimeout(() => client.destroy(), PREPARE_TIMEOUT_MS)
    try {
      await this.#options.prepare(client)
      if (lost !== undefined) throw lost
      return client
    } catch (error) {
      client.destroy()
      throw error
    } finally {
      clearTimeout(overdue)
    }
  }

  #lose(error: Error): void {
    this.#client = null
    if (this.#closed) return
    this.#options.onDown?.(error)
    const pauseMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failures++)
    clearTimeout(this.#retry)
    // Not all of many Weir nodes at the same moment.
    this.#retry = setTimeout(() => void this.open(), pauseMs * (0.5 + Math.random() / 2))
  }
}
