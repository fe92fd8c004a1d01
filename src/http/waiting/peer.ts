import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'
import { Problem } from '../problems/problem.ts'
import { UnconfirmedDeliveries } from './unconfirmed-deliveries.ts'

/** The other end of a connection that reads, or has read, something. `HangUps` says what it is for. */
export class Peer {
  /** The connection is closed: no answer reaches the peer any more. */
  isGone = false
  /**
   * The peer sends nothing more. It may still read answers, or may have died: both look the same. Whatever waits for it
   * stops, and whatever delivers to it takes it for gone.
   */
  hasEnded = false
  /** Deliveries on their way into the socket, and those that the kernel took. */
  readonly unconfirmed = new UnconfirmedDeliveries()
  #reads = 0
  /** For all that waits, whether at the same time or later: each its own was a seventh of what outlived young collections. */
  #leaving: AbortController | undefined
  readonly #socket: Socket
  readonly #onUndo: () => void

  constructor(socket: Socket, onUndo: () => void) {
    this.#socket = socket
    this.#onUndo = onUndo
    this.isGone = socket.destroyed
    // A socket that a test injects a request with does not have it.
    this.hasEnded = socket.readableEnded === true
    // Before Node's own listener, which ends the connection.
    socket.prependListener('end', () => this.#ended())
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    socket.on('close', () => this.#closed())
  }

  /** Whether what waits for the peer has nobody to wait for. */
  get isLeaving(): boolean {
    return this.hasEnded || this.isGone
  }

  /** Aborts when the peer leaves. */
  get signal(): AbortSignal {
    if (this.#leaving === undefined) {
      this.#leaving = new AbortController()
      // As many may wait as requests are sent without waiting for answers.
      setMaxListeners(0, this.#leaving.signal)
      if (this.isLeaving) this.#leaving.abort(HUNG_UP)
    }
    return this.#leaving.signal
  }

  /** Throws too-many-waiting. */
  beginRead(): void {
    if (this.#reads + this.unconfirmed.size >= MAX_UNCONFIRMED) throw tooMany()
    this.#reads++
  }

  /** Ends what waits now with an empty answer. What waits later is not concerned. */
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
    // Node calls `end` when all is answered, maybe next. After that nothing can be found out.
    const probe = { wantsEnd: false }
    this.#socket.end = () => {
      probe.wantsEnd = true
      return this.#socket
    }
    this.#probeForReset(probe, 1)
  }

  /** Writes zero bytes: fails with EPIPE, which becomes an error of the socket, when the peer has sent a RST. */
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

/** While we look for a RST. */
interface ResetProbe {
  /** Node would have ended the connection. */
  wantsEnd: boolean
}

/** How many reads of a connection may be under way or unconfirmed: what each was given is remembered. */
const MAX_UNCONFIRMED = 100
/** How long after a FIN we look for the last time. The pauses before double, from 1 ms on. */
const LAST_PAUSE_MS = 128

/** Aborts what waits. One for all, because making one with a stack for each would cost more than the rest. */
const HUNG_UP = new Error('The connection was closed')
const INTERRUPTED = new Error('The token no longer allows what the request waits for')

function tooMany(): Problem {
  return new Problem(
    'too-many-waiting',
    `Limit reached: ${MAX_UNCONFIRMED} reads on this connection are waiting, or no request has followed their responses`
  )
}
