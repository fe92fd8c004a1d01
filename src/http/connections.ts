import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * The connections of a server, for its end: Node closes those that are idle then, but takes one that has never said
 * anything for busy, and has no time limit any more for those that do not finish what they began to say.
 */
export class Connections {
  /** By who is at the other end, so that TLS takes the place of the plain connection below it. */
  readonly #sockets = new Map<string, Socket>()

  constructor(server: Server) {
    for (const event of ['connection', 'secureConnection']) {
      server.on(event, (socket: Socket) => this.#add(socket))
    }
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

  #closeAll(isToClose: (socket: Socket) => boolean): void {
    for (const socket of this.#sockets.values()) if (isToClose(socket)) socket.destroy()
  }
}

/** Whether there is a request on a connection that has arrived as a whole, and is not yet done with. */
function isBeingAnswered(socket: Socket): boolean {
  const current = (socket as { _httpMessage?: ServerResponse | null })._httpMessage
  return current?.req.complete === true
}
