import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type Command = readonly (string | number)[]
export type Reply = string | number | null | RedisError | Reply[]

/** An error that the server answers with: `message` is its whole text. */
export class RedisError extends Error {}

const CRLF = '\r\n'

/**
 * A connection to a Redis server, as lean as thousands of programs a minute need it: commands go out together, and
 * replies come back as they are in RESP2.
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

  /** Sends commands in one go. Errors are among the replies. One call at a time. */
  send(commands: readonly Command[]): Promise<Reply[]> {
    if (this.#waiting !== null) throw new Error('Replies to earlier commands are still to come')
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

  /** The reply that begins at `#at`; undefined while the rest of it is still to come. */
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
