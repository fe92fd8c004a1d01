import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** Enough for every delay that a healthy server causes. Further requests wait in a queue. */
const MAX_CONNECTIONS = 1000
/** The queue is compacted when this many requests have left it. */
const COMPACT_AFTER = 10_000

interface Request {
  readonly text: string
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/**
 * A minimal HTTP/1.1 client for measurements, because it shares the processors with the server that it measures. It
 * sends JSON over persistent connections, one request at a time on each. If none is idle, it opens another, so that a
 * late answer never delays the next request. At 10,000 requests a second to a bare server, it takes half the processor
 * time of node:http.
 */
export class LeanClient {
  readonly #port: number
  readonly #all: Connection[] = []
  readonly #idle: Connection[] = []
  readonly #maxConnections: number
  readonly #headers: string
  /** Requests that wait for a connection. Those before the head have left the queue. */
  #queue: Request[] = []
  #head = 0

  constructor(port: number, options: { maxConnections?: number; headers?: Record<string, string> } = {}) {
    const { maxConnections = MAX_CONNECTIONS, headers = {} } = options
    this.#port = port
    this.#maxConnections = maxConnections
    const all = { host: `127.0.0.1:${port}`, ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#headers = lines.join('')
  }

  send(method: string, path: string, body?: string): Promise<Answer> {
    const content =
      body === undefined
        ? '\r\n'
        : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    const text = `${method} ${path} HTTP/1.1\r\n${this.#headers}${content}`
    return new Promise((resolve, reject) => {
      this.#dispatch({ text, resolve, reject })
    })
  }

  close(): void {
    for (const connection of [...this.#all]) connection.close()
  }

  #dispatch(request: Request): void {
    const connection = this.#idle.pop() ?? this.#open()
    if (connection === undefined) this.#queue.push(request)
    else connection.send(request)
  }

  #open(): Connection | undefined {
    if (this.#all.length === this.#maxConnections) return undefined
    const onFree = (): void => {
      const next = this.#dequeue()
      if (next === undefined) this.#idle.push(connection)
      else connection.send(next)
    }
    const connection = new Connection(this.#port, onFree, () => {
      remove(this.#all, connection)
      remove(this.#idle, connection)
    })
    this.#all.push(connection)
    return connection
  }

  /** Moves the head, and rarely the array, because the array is long if a server cannot keep up. */
  #dequeue(): Request | undefined {
    const next = this.#queue[this.#head]
    if (next === undefined) return undefined
    this.#head++
    if (this.#head === COMPACT_AFTER) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return next
  }
}

/** A connection, with at most one request in flight. */
class Connection {
  readonly #socket: Socket
  readonly #onFree: () => void
  #received: Buffer = Buffer.alloc(0)
  #request: Request | undefined

  constructor(port: number, onFree: () => void, onClose: () => void) {
    this.#onFree = onFree
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk) => this.#onData(chunk))
    this.#socket.on('error', (error) => this.#request?.reject(error))
    this.#socket.on('close', () => {
      onClose()
      this.#request?.reject(new Error('The server closed the connection'))
    })
  }

  send(request: Request): void {
    this.#request = request
    this.#socket.write(request.text)
  }

  close(): void {
    this.#request = undefined
    this.#socket.destroy()
  }

  #onData(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const answer = parse(this.#received)
    if (answer === undefined) return
    const request = this.#request
    this.#received = Buffer.alloc(0)
    this.#request = undefined
    this.#onFree()
    request?.resolve(answer)
  }
}

function remove<T>(items: T[], item: T): void {
  const at = items.indexOf(item)
  if (at >= 0) items.splice(at, 1)
}

/** Parses an answer. Returns undefined while it is incomplete. Throws for an answer without a content length. */
function parse(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`The answer has no content-length: ${head}`)
  const start = headEnd + 4
  const end = start + Number(length)
  if (bytes.length < end) return undefined
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', start, end) }
}
