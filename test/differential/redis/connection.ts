import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type Command = readonly (string | number)[]
export type Reply = string | number | null | RedisError | Reply[]

/** An error reply of the server. `message` is its complete text. */
export class RedisError extends Error {}

const CRLF = '\r\n'

/**
 * A minimal connection to a Redis server, fast enough for thousands of programs a minute. Commands are sent together,
 * and replies are returned as in RESP2.
 */
export class RedisConnection {
  readonly #socket: Socket
  #unread: Buffer = Buffer.alloc(0)
  #at = 0
  #waiting: { count: number; replies: Reply[]; resolve(replies: Reply[]): void } | null = null
  #lost: ((error: Error) => void) | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes) => this.#take(bytes))
    socket.on('close', () => this.#lost?.(new Error('The Redis server has closed the connection')))
  }

  static async open(port: number): Promise<RedisConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new RedisConnection(socket)
  }

  /** Sends commands together. Errors are among the replies. Only one call is allowed at a time. */
  send(commands: readonly Command[]): Promise<Reply[]> {
    if (this.#waiting !== null) throw new Error('Earlier commands have not been answered yet')
    if (commands.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#waiting = { count: commands.length, replies: [], resolve }
      this.#lost = reject
      this.#socket.write(commands.map(encode).join(''))
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(bytes: Buffer): void {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes])
    const waiting = this.#waiting
    let taken = 0
    while (waiting !== null && waiting.replies.length < waiting.count) {
      this.#at = taken
      const reply = this.#parse()
      if (reply === undefined) break
      waiting.replies.push(reply)
      taken = this.#at
    }
    this.#unread = this.#unread.subarray(taken)
    if (waiting === null || waiting.replies.length < waiting.count) return
    this.#waiting = null
    this.#lost = null
    waiting.resolve(waiting.replies)
  }

  /** The reply that begins at `#at`. Undefined if it is incomplete. */
  #parse(): Reply | undefined {
    const end = this.#unread.indexOf(CRLF, this.#at)
    if (end < 0) return undefined
    const line = this.#unread.toString('utf8', this.#at + 1, end)
    const kind = String.fromCharCode(this.#unread[this.#at] ?? 0)
    this.#at = end + CRLF.length
    if (kind === '+') return line
    if (kind === '-') return new RedisError(line)
    if (kind === ':') return Number(line)
    if (kind === '$') return this.#parseText(Number(line))
    if (kind === '*') return this.#parseList(Number(line))
    throw new Error(`A reply cannot begin with "${kind}"`)
  }

  #parseText(length: number): Reply | undefined {
    if (length < 0) return null
    const start = this.#at
    this.#at += length + CRLF.length
    return this.#at > this.#unread.length ? undefined : this.#unread.toString('utf8', start, start + length)
  }

  #parseList(length: number): Reply | undefined {
    if (length < 0) return null
    const list: Reply[] = []
    while (list.length < length) {
      const reply = this.#parse()
      if (reply === undefined) return undefined
      list.push(reply)
    }
    return list
  }
}

function encode(command: Command): string {
  const parts = command.map((part) => `$${Buffer.byteLength(String(part))}${CRLF}${part}${CRLF}`)
  return `*${command.length}${CRLF}${parts.join('')}`
}
