import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RawAnswer {
  readonly status: number
  /** Keyed by names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it expects of a body.
  readonly body: any
}

/** A connection to which a test can write any bytes. */
export class Connection {
  readonly socket: Socket
  readonly #host: string
  #received = Buffer.alloc(0)
  #isOver = false
  #wake: (() => void) | undefined

  constructor(url: string) {
    const { host, hostname, port } = new URL(url)
    this.#host = host
    this.socket = connect(Number(port), hostname)
    this.socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake?.()
    })
    this.socket.on('error', () => this.#end())
    this.socket.on('end', () => this.#end())
    this.socket.on('close', () => this.#end())
  }

  /** Writes a request. Its body, if it has one, is sent as JSON. */
  request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): void {
    const text = body === undefined ? '' : JSON.stringify(body)
    const all = {
      host: this.#host,
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': `${Buffer.byteLength(text)}`
      }),
      ...headers
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    this.socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`)
  }

  /** Resolves with the next complete answer, or with null if the connection ends before. */
  async answer(): Promise<RawAnswer | null> {
    for (;;) {
      const answer = this.#take()
      if (answer !== null || this.#isOver) return answer
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Resolves with all further answers when the connection ends. */
  async answers(): Promise<RawAnswer[]> {
    const answers: RawAnswer[] = []
    for (let answer = await this.answer(); answer !== null; answer = await this.answer()) answers.push(answer)
    return answers
  }

  /** Resolves when both sides have closed the connection. */
  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close')
  }

  #end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  #take(): RawAnswer | null {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return null
    const [first = '', ...lines] = this.#received.subarray(0, end).toString().split('\r\n')
    const headers: Record<string, string> = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)])
    )
    const begin = end + 4
    const length = Number(headers['content-length'] ?? 0)
    if (this.#received.length < begin + length) return null
    const text = this.#received.subarray(begin, begin + length).toString()
    this.#received = this.#received.subarray(begin + length)
    const isJson = headers['content-type']?.includes('json') === true
    return { status: Number(first.split(' ')[1]), headers, body: isJson ? JSON.parse(text) : text }
  }
}

/** Opens a connection, which is closed when the test is over. */
export function connectionForTest(url: string): Connection {
  const connection = new Connection(url)
  onTestFinished(() => {
    connection.socket.destroy()
  })
  return connection
}
