import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** The server that is attacked, and the token of the attackers. */
export interface Target {
  readonly port: number
  readonly token: string
  /** The largest body that the server accepts. */
  readonly bodyLimitBytes: number
}

export interface RequestHead {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The head of a request as it is sent. */
export function headOf({ token }: Target, { method = 'GET', path, headers = {} }: RequestHead): string {
  const all = { host: 'localhost', authorization: `Bearer ${token}`, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** A request with a JSON body as it is sent. */
export function postOf(target: Target, path: string, body: string): string {
  const headers = { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` }
  return headOf(target, { method: 'POST', path, headers }) + body
}

/**
 * The connections of one attack. Nothing is read from them except by `statusOf`, and all are closed with the attack.
 */
export class Connections {
  readonly #port: number
  readonly #sockets = new Set<Socket>()

  constructor(port: number) {
    this.#port = port
  }

  /** Opens a connection and writes to it. It is not an error if the server closes it. */
  open(bytes: string | Buffer): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.pause()
    socket.write(bytes)
    return socket
  }

  /** Closes all connections, and waits until they are closed. */
  async close(): Promise<void> {
    const closing = [...this.#sockets].map((socket) => once(socket, 'close'))
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(closing)
  }
}

/** The status of the next answer on a connection, or 0 if it closes without one. The rest of the answer is not read. */
export function statusOf(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    let head = ''
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1')
      if (head.length < STATUS_END) return
      socket.pause().removeAllListeners('data')
      resolve(Number(head.slice(STATUS_END - 3, STATUS_END)))
    })
    socket.once('close', () => resolve(0))
    socket.resume()
  })
}

/** The offset at which the status ends in "HTTP/1.1 200". */
const STATUS_END = 12
