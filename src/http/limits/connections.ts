import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'

/** At most one report of refused connections in this time. */
const REPORT_MS = 1000

/**
 * The connections of a server. Their number can be limited. And they are closed at its end: Node closes those that are
 * idle then, but takes one that has never said anything for busy, and has no time limit any more for those that do not
 * finish what they began to say.
 */
export class Connections {
  readonly #server: Server
  /** By who is at the other end, so that TLS takes the place of the plain connection below it. */
  readonly #sockets = new Map<string, Socket>()
  #max = Number.POSITIVE_INFINITY
  /** Those of the open ones that the server has not accepted itself. */
  #adopted = 0
  #refused = 0
  #reported = 0
  #reportedAt = Number.NEGATIVE_INFINITY

  constructor(server: Server) {
    this.#server = server
    for (const event of ['connection', 'secureConnection']) {
      server.on(event, (socket: Socket) => this.#add(socket))
    }
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size
  }

  /** Connections that were closed at once because of the limit. */
  get refused(): number {
    return this.#refused
  }

  /**
   * From now on connections beyond `max` are closed as soon as they are accepted. `report` is called with the number
   * closed since the last call, at most once a second.
   */
  limit(max: number, report: (refused: number) => void): void {
    this.#max = max
    this.#server.maxConnections = max
    this.#server.on('drop', () => {
      this.#refused++
      const now = performance.now()
      if (now - this.#reportedAt < REPORT_MS) return
      report(this.#refused - this.#reported)
      this.#reported = this.#refused
      this.#reportedAt = now
    })
  }

  /** Serves a connection that was accepted by another handle of the server's socket, or closes it because of the limit. */
  adopt(socket: Socket): void {
    // The server's own limit cannot be zero, so one connection is always left to it.
    if (this.open >= this.#max || this.#adopted >= this.#max - 1) {
      socket.destroy()
      this.#server.emit('drop')
      return
    }
    this.#countAdopted(1)
    socket.once('close', () => this.#countAdopted(-1))
    this.#server.emit('connection', socket)
  }

  /** Closes those that have said nothing at once, and after a while those whose request has still not arrived. */
  drain(arriveMs: number): void {
    this.#closeAll((socket) => socket.bytesRead === 0)
    const isLate = (socket: Socket) => !isBeingAnswered(socket)
    // When the server has closed before, there is nothing to wait for.
    setTimeout(() => this.#closeAll(isLate), arriveMs).unref()
  }

  #add(socket: Socket): void {
    const peer = `${socket.remoteAddress} ${socket.remotePort}`
    this.#sockets.set(peer, socket)
    socket.once('close', () => {
      if (this.#sockets.get(peer) === socket) this.#sockets.delete(peer)
    })
  }

  #countAdopted(change: number): void {
    this.#adopted += change
    if (this.#max < Number.POSITIVE_INFINITY) this.#server.maxConnections = this.#max - this.#adopted
  }

  #closeAll(isToClose: (socket: Socket) => boolean): void {
    for (const socket of this.#sockets.values()) if (isToClose(socket)) socket.destroy()
  }
}

/** Whether there is a request on a connection that has arrived as a whole, and is not yet done with. */
function isBeingAnswered(socket: Socket): boolean {
  const current = (socket as { _httpMessage?: ServerResponse | null })._httpMessage
  return current?.req.complete === true
}

/** How long the rest of a refused body is read and dropped. */
const LINGER_MS = 2000

/**
 * Closes the connection after this answer, which comes before the body has. What the client still sends is dropped for
 * a while: a connection that is closed with bytes unread resets, and the client would lose the answer.
 */
export function closeWhenAnswered(reply: FastifyReply): void {
  reply.header('connection', 'close')
  const { socket, headers } = reply.request.raw
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
  if (!hasBody) return
  // Called by Node once the answer is written.
  socket.destroySoon = () => {
    socket.end()
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }
}
