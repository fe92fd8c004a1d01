import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'

/** Refused connections are reported at most once in this time. */
const REPORT_MS = 1000

/**
 * The open connections of a server. Limits their number, and closes them when the server drains. Node then
 * closes only idle ones: it considers a connection that has never sent a byte busy, and no longer limits the
 * time in which a request must arrive.
 */
export class Connections {
  readonly #server: Server
  /** By remote address and port, so that a TLS socket replaces the plain socket below it. */
  readonly #sockets = new Map<string, Socket>()
  #max = Number.POSITIVE_INFINITY
  /** Number of open connections that the server has not accepted itself. */
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
   * Closes connections beyond `max` as soon as they are accepted. Calls `report` with the number closed since
   * the last call, at most once a second.
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

  /**
   * Serves a connection that was accepted by another handle of the server's socket, or closes it because of
   * the limit.
   */
  adopt(socket: Socket): void {
    // The server's own limit cannot be zero, so one connection is always left for it.
    if (this.open >= this.#max || this.#adopted >= this.#max - 1) {
      socket.destroy()
      this.#server.emit('drop')
      return
    }
    this.#countAdopted(1)
    socket.once('close', () => this.#countAdopted(-1))
    this.#server.emit('connection', socket)
  }

  /** Closes connections that have sent nothing, and after `arriveMs` those with an incomplete request. */
  drain(arriveMs: number): void {
    this.#closeAll((socket) => socket.bytesRead === 0)
    const isLate = (socket: Socket) => !isBeingAnswered(socket)
    // If the server has closed by then, nothing is left to close.
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

  #closeAll(shouldClose: (socket: Socket) => boolean): void {
    for (const socket of this.#sockets.values()) if (shouldClose(socket)) socket.destroy()
  }
}

/** Whether a connection has a request that has arrived completely and is not yet answered. */
function isBeingAnswered(socket: Socket): boolean {
  const current = (socket as { _httpMessage?: ServerResponse | null })._httpMessage
  return current?.req.complete === true
}

/** How long the rest of a refused body is read and dropped. */
const LINGER_MS = 2000

/**
 * Closes the connection after this answer, which is sent before the whole body has arrived. For a while, it
 * drops what the client still sends. To close a connection with unread bytes would reset it, and the client
 * would lose the answer.
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
