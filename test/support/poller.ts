import { connect, type Socket } from 'node:net'

interface Delivered {
  readonly id: string
  readonly deliveries: number
}

/**
 * A consumer that waits for entries on a connection of its own and can hang up at any moment. It uses a bare socket,
 * so that the test knows exactly what it received and when its connection ended.
 */
export class Poller {
  readonly #socket: Socket
  /** Resolves with the delivered entries, or with null if it hung up before it had received the complete answer. */
  readonly answer: Promise<Delivered[] | null>

  constructor(group: string, body: object) {
    const { hostname, port, pathname, host } = new URL(`${group}/read`)
    const text = JSON.stringify(body)
    this.#socket = connect(Number(port), hostname)
    this.#socket.write(
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
    )
    this.answer = new Promise((resolve) => {
      let received = ''
      this.#socket.setEncoding('utf8').on('data', (chunk: string) => {
        received += chunk
        const entries = entriesIn(received)
        if (entries !== null) resolve(entries)
      })
      this.#socket.on('error', () => resolve(null))
      this.#socket.on('close', () => resolve(null))
    })
  }

  hangUp(): void {
    this.#socket.destroy()
  }
}

/** The entries of an answer. Null if the answer is incomplete. */
function entriesIn(received: string): Delivered[] | null {
  const [head = '', body] = received.split('\r\n\r\n')
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
  if (body === undefined || Buffer.byteLength(body) < length) return null
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(received)
  return JSON.parse(body).entries
}
