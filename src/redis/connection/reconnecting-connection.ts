import { type Client, connect } from './client.ts'

export interface ConnectionOptions {
  /** Returns the URL to connect to. Called before each attempt. */
  readonly locate: () => Promise<string>
  /** Prepares a new connection for use. If it rejects, the attempt has failed. */
  readonly prepare: (client: Client) => Promise<void>
  readonly onUp?: () => void
  /** The connection was lost, or an attempt failed. */
  readonly onDown?: (error: Error) => void
}

/** If preparing takes longer, the attempt has failed. */
const PREPARE_TIMEOUT_MS = 5000
const FIRST_BACKOFF_MS = 50
const MAX_BACKOFF_MS = 2000

/**
 * Reconnects whenever the connection is lost, after a pause that doubles with each consecutive failure. Callers do not
 * wait for a connection: `client` is null while there is none.
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

  /** How often it has connected. */
  get connects(): number {
    return this.#connects
  }

  /** Makes an attempt to connect. Resolves when the attempt ends, whether it succeeded or failed. */
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
   * Opens a new connection, possibly to another server, and then switches to it. The old connection serves until then,
   * and closes when all commands sent on it are answered. Never rejects: if the attempt fails, the old connection
   * stays.
   */
  async replace(): Promise<void> {
    const old = this.#client
    if (old === null || this.#isReplacing) return
    this.#isReplacing = true
    try {
      const client = await this.#connect()
      if (this.#closed || this.#client !== old) return client.destroy()
      this.#client = client
      this.#options.onUp?.()
      const end = () => old.destroy()
      old.sendCommand(['PING']).then(end, end)
    } catch {
      // The old connection reports its own failures.
    } finally {
      this.#isReplacing = false
    }
  }

  /** Drops the current connection for this reason, and connects again. */
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
    // The random part keeps many Weir nodes from reconnecting at the same moment.
    this.#retry = setTimeout(() => void this.open(), pauseMs * (0.5 + Math.random() / 2))
  }
}
