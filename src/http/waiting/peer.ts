import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'
import { Problem } from '../problems/problem.ts'
import { UnconfirmedDeliveries } from './unconfirmed-deliveries.ts'

/** The client of a connection that has sent a read. `HangUps` explains what it is for. */
export class Peer {
  /** The connection is closed. No answer can reach the peer. */
  isGone = false
  /**
   * The peer has sent a FIN. It may still read answers, or it may have died: both look the same. So its
   * requests stop waiting, and nothing is delivered to it.
   */
  hasEnded = false
  /** Deliveries that are being written to the socket, and those that the kernel has taken. */
  readonly unconfirmed = new UnconfirmedDeliveries()
  #reads = 0
  /** Shared by all waiting requests. One for each was a seventh of what survived minor collections. */
  #leaving: AbortController | undefined
  readonly #socket: Socket
  readonly #onUndo: () => void

  constructor(socket: Socket, onUndo: () => void) {
    this.#socket = socket
    this.#onUndo = onUndo
    this.isGone = socket.destroyed
    // The socket of a request that a test injects does not have it.
    this.hasEnded = socket.readableEnded === true
    // Before Node's own listener, which ends the connection.
    socket.prependListener('end', () => this.#ended())
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    socket.on('close', () => this.#closed())
  }

  /** Whether requests of the peer must stop waiting. */
  get isLeaving(): boolean {
    return this.hasEnded || this.isGone
  }

  /** Aborts when the peer leaves. */
  get signal(): AbortSignal {
    if (this.#leaving === undefined) {
      this.#leaving = new AbortController()
      // Each pipelined request may add a listener.
      setMaxListeners(0, this.#leaving.signal)
      if (this.isLeaving) this.#leaving.abort(HUNG_UP)
    }
    return this.#leaving.signal
  }

  /** Counts a read. Throws too-many-waiting. */
  beginRead(): void {
    if (this.#reads + this.unconfirmed.size >= MAX_UNCONFIRMED) throw tooMany()
    this.#reads++
  }

  /** Ends the requests that wait now with an empty answer. Does not affect later ones. */
  interrupt(): void {
    const leaving = this.#leaving
    this.#leaving = undefined
    leaving?.abort(INTERRUPTED)
  }

  endRead(): void {
    this.#reads--
  }

  undo(undo: () => void): void {
    undo()
    this.#onUndo()
  }

  #failed({ code }: NodeJS.ErrnoException): void {
    if (code !== 'ECONNRESET' && code !== 'EPIPE') return
    for (const undo of this.unconfirmed.removeAll()) this.undo(undo)
  }

  #ended(): void {
    this.hasEnded = true
    this.#leaving?.abort(HUNG_UP)
    if (this.unconfirmed.size === 0) return
    // Node calls `end` when everything is answered, perhaps next. After that, a RST can no longer be
    // detected.
    const probe = { wantsEnd: false }
    this.#socket.end = () => {
      probe.wantsEnd = true
      return this.#socket
    }
    this.#probeForReset(probe, 1)
  }

  /**
   * Writes zero bytes. If the peer has sent a RST, this fails with EPIPE, which is emitted as an error of the
   * socket.
   */
  #probeForReset(probe: ResetProbe, pauseMs: number): void {
    this.#socket.write('', (error) => {
      if (error) return
      if (pauseMs <= LAST_PAUSE_MS) setTimeout(() => this.#probeForReset(probe, pauseMs * 2), pauseMs)
      else this.#foundNoReset(probe)
    })
  }

  #foundNoReset({ wantsEnd }: ResetProbe): void {
    this.unconfirmed.dropTakenBefore(Number.POSITIVE_INFINITY)
    Reflect.deleteProperty(this.#socket, 'end')
    if (wantsEnd) this.#socket.end()
  }

  #closed(): void {
    this.isGone = true
    this.#leaving?.abort(HUNG_UP)
    for (const undo of this.unconfirmed.removeAllButTaken()) this.undo(undo)
  }
}

/** A probe for a RST in progress. */
interface ResetProbe {
  /** Whether Node has tried to end the connection. */
  wantsEnd: boolean
}

/**
 * Maximum number of reads of a connection that are in progress or unconfirmed. Each delivery takes memory.
 */
const MAX_UNCONFIRMED = 100
/** The last pause between two probes after a FIN. The pauses start at 1 ms and double. */
const LAST_PAUSE_MS = 128

/** The reason of aborts. Shared, because creating one with a stack for each would cost more than the rest. */
const HUNG_UP = new Error('The connection was closed')
const INTERRUPTED = new Error('The token no longer allows what the request waits for')

function tooMany(): Problem {
  return new Problem(
    'too-many-waiting',
    `Limit reached: ${MAX_UNCONFIRMED} reads on this connection are waiting, or no request has followed their responses`
  )
}
