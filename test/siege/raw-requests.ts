import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Where an attack goes, and as whom. */
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

/** A request's head as bytes. */
export function headOf({ token }: Target, { method = 'GET', path, headers = {} }: RequestHead): string {
  const all = { host: 'localhost', authorization: `Bearer ${token}`, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** A request with a JSON body as bytes. */
export function postOf(target: Target, path: string, body: string): string {
  const headers = { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` }
  return headOf(target, { method: 'POST', path, headers }) + body
}

/** The connections of one attack. They are not read from, unless `statusOf` reads one, and all end with the attack. */
export class Connections {
  readonly #port: number
  readonly #sockets = new Set<Socket>()

  constructor(port: number) {
    this.#port = port
  }

  /** Opens a connection and writes to it. A server that closes it has answered in its way: that is no error here. */
  open(bytes: string | Buffer): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.pause()
    socket.write(bytes)
    return socket
  }

  /** Ends them all, and waits for that. */
  async close(): Promise<void> {
    const closing = [...this.#sockets].map((socket) => once(socket, 'close'))
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(closing)
  }
}

/** The status of the next answer on a connection; 0 when it closes without one. What follows is not read. */
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

/** Where the status ends in "HTTP/1.1 200". */
const STATUS_END = 12
