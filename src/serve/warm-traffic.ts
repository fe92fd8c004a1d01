import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { connectToItself } from './own-connections.ts'

const PRODUCERS = 8
const CONSUMERS = 8
const STREAM = '/v1/streams/warm-up'
const GROUP = `${STREAM}/groups/warm-up`
/** Short, because a consumer may still be waiting when the time is up. */
export const WAIT_MS = 20
const BATCH = 100
/** One of this many appends has a batch of entries, the others one entry each. */
const BATCH_EVERY = 40
/** Header sets of common clients, because V8 optimises for the shapes that it has seen. */
const HEADERS = [
  '',
  'connection: keep-alive\r\naccept: */*\r\naccept-language: *\r\nsec-fetch-mode: cors\r\nuser-agent: node\r\naccept-encoding: gzip, deflate\r\n',
  'user-agent: curl/8.5.0\r\naccept: */*\r\n',
  'accept-encoding: identity\r\nuser-agent: python\r\nx-request-id: warm-up\r\nconnection: keep-alive\r\n'
]

/**
 * Sends a server the requests of producers and consumers: appends, group reads that wait and are woken, and
 * acks. They stop when `isOver` returns true. The server does not listen, and nobody else can reach it.
 * Resolves with the number of requests. Rejects when a request is refused, or when `signal` aborts.
 */
export async function sendTraffic(
  server: Server,
  isOver: () => boolean,
  signal: AbortSignal
): Promise<number> {
  const connections = await connectToItself(PRODUCERS + CONSUMERS, signal)
  const clients = connections.map(({ client }) => new WarmConnection(client))
  const sockets = connections.flatMap(({ client, server: accepted }) => [client, accepted])
  const stop = () => {
    for (const socket of sockets) socket.destroy()
  }
  signal.addEventListener('abort', stop)
  try {
    for (const connection of connections) {
      server.emit('connection', connection.server)
      connection.server.resume()
    }
    await clients[0]?.send('PUT', GROUP, '{"createStream":true}')
    await Promise.all(
      clients.map((client, i) => (i < PRODUCERS ? produce(client, i, isOver) : consume(client, i, isOver)))
    )
    return clients.reduce((sum, client) => sum + client.sent, 0)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

async function produce(client: WarmConnection, producer: number, isOver: () => boolean): Promise<void> {
  for (let n = producer; !isOver(); n++) {
    const entry = `{"fields":{"number":"${n * n}","item":"${'book'.repeat(1 + (n % 50))}"}}`
    const entries = n % BATCH_EVERY === 0 ? Array(BATCH).fill(entry).join() : entry
    await client.send('POST', `${STREAM}/entries`, `{"entries":[${entries}]}`)
  }
}

async function consume(client: WarmConnection, consumer: number, isOver: () => boolean): Promise<void> {
  const request = `{"consumer":"consumer-${consumer}","count":${BATCH},"waitMs":${WAIT_MS}}`
  while (!isOver()) {
    const ids = (await client.send('POST', `${GROUP}/read`, request)).match(/(?<="id":)"[^"]+"/g)
    if (ids !== null) await client.send('POST', `${GROUP}/ack`, `{"ids":[${ids.join()}]}`)
  }
}

/** A client that sends one request at a time on one connection. */
class WarmConnection {
  readonly #socket: Socket
  #received = ''
  #answered: ((body: string) => void) | undefined
  #failed: ((error: Error) => void) | undefined
  #error: Error | undefined
  sent = 0

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1').on('data', (text) => this.#take(text as unknown as string))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The connection was closed')))
  }

  /** Resolves with the body of the answer. Rejects when the request is refused or the connection ends. */
  send(method: string, path: string, body: string): Promise<string> {
    const headers = HEADERS[this.sent++ % HEADERS.length]
    return new Promise((resolve, reject) => {
      if (this.#error !== undefined) return reject(this.#error)
      this.#answered = resolve
      this.#failed = reject
      this.#socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
      )
    })
  }

  #take(text: string): void {
    this.#received += text
    const head = this.#received.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#received)?.[1])
    if (this.#received.length < head + 4 + length) return
    const answer = this.#received
    this.#received = ''
    if (answer.startsWith('HTTP/1.1 2')) this.#answered?.(answer.slice(head + 4))
    else this.#fail(new Error(`A request was refused: ${answer}`))
  }

  #fail(error: Error): void {
    this.#error ??= error
    this.#failed?.(error)
  }
}
