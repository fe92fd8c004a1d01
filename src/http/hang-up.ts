import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import type { Delivery } from '../engine.ts'
import { Problem } from './problem.ts'
import { Unproven } from './unproven.ts'

/**
 * A consumer that hangs up takes nothing with it: what was meant for a connection that is gone goes to the next
 * reader, as if nothing had been delivered. Three moments, and how each of them is noticed:
 *
 * 1. The connection closes while the request waits. Its signal aborts, and the engine gives nothing to anyone.
 * 2. It closes between the engine's answer and the last byte of ours. The delivery is undone.
 * 3. The consumer dies just before we write, and its FIN has not come yet or was not looked at: the kernel takes our
 *    bytes, and everything looks well. Its own kernel, though, answers bytes for a socket that nobody has any more
 *    with a RST. So the deliveries of a connection are remembered until a request that was sent after their answers
 *    shows that they were read (`unproven.ts`). When the connection ends with an error before, they are undone. When it
 *    ends with a FIN, the peer has either read the answers and closed, or the RST is still to come or hidden behind the
 *    FIN: Linux tells of the FIN alone then, but refuses to write. So we write nothing (zero bytes: the kernel says
 *    whether it would, and sends no packet) and do so for about a quarter of a second, in which the RST crosses any
 *    sensible network.
 *
 * A client that pipelines may have several deliveries unproven, up to a limit: more reads on its connection are refused.
 *
 * A connection that ends in any other way had its answer read: undoing then would give an entry to two consumers. Only
 * a consumer that reads its answer and then resets the connection on purpose is taken for one that has died.
 */
export class HangUps {
  readonly #onUndo: () => void
  readonly #wait: Wait
  readonly #connections = new WeakMap<Socket, Connection>()
  /** Who remembers a delivery: since the last sweep, and since before it. */
  #recent = new Set<Connection>()
  #older = new Set<Connection>()
  readonly #sweeping: NodeJS.Timeout
  #isDraining = false

  /** `onUndo` is called for each delivery that is undone, and `wait` runs what may wait. */
  constructor(onUndo: () => void, wait: Wait) {
    this.#onUndo = onUndo
    this.#wait = wait
    this.#sweeping = setInterval(() => this.#sweep(), REMEMBER_MS)
  }

  /** The head of a request has arrived: what was answered before it was sent has been read. */
  requestCame(socket: Socket): void {
    this.#connections.get(socket)?.unproven.requestCame(socket)
  }

  /** Asks the engine for what can wait. Gives null when the connection closed meanwhile: then there is no answer. */
  async read<A>(
    reply: FastifyReply,
    waitMs: number,
    ask: (signal: AbortSignal) => Promise<A>
  ): Promise<A | null> {
    const connection = this.#connectionOf(reply.request.raw.socket)
    const answer = await this.#ask(connection, reply, waitMs, ask)
    if (this.#isDraining) reply.raw.shouldKeepAlive = false
    return connection.isGone ? nobody(reply) : answer
  }

  /**
   * As `read`, for what is given to a consumer and to nobody else. The answer must be sent in the same turn. Rejects:
   * too-many-waiting, when nothing shows that the answers to so many reads on the connection were read.
   */
  async deliver(
    reply: FastifyReply,
    waitMs: number,
    ask: (signal: AbortSignal) => Promise<Delivery>
  ): Promise<Delivery | null> {
    const { socket } = reply.request.raw
    const connection = this.#connectionOf(socket)
    connection.beginRead()
    let delivery: Delivery
    try {
      delivery = await this.#ask(connection, reply, waitMs, ask)
    } finally {
      connection.endRead()
    }
    if (this.#isDraining) reply.raw.shouldKeepAlive = false
    const isEmpty = delivery.streams.length === 0
    if (connection.isGone) {
      if (!isEmpty) connection.undo(delivery.undo)
      return nobody(reply)
    }
    if (isEmpty) return delivery
    const given = connection.unproven.add(delivery.undo)
    // Before Node's own listener, which ends the connection if it is not kept alive.
    reply.raw.prependOnceListener('finish', () => {
      connection.unproven.taken(given, socket)
      // Otherwise Node closes the connection at once, and a RST that is there already would never be seen.
      if (!reply.raw.shouldKeepAlive) socket.write('')
      this.#recent.add(connection)
    })
    return delivery
  }

  /** From now on answers end their connections, also those of requests that came before. */
  drain(): void {
    this.#isDraining = true
  }

  close(): void {
    clearInterval(this.#sweeping)
  }

  #ask<A>(
    connection: Connection,
    reply: FastifyReply,
    waitMs: number,
    ask: (signal: AbortSignal) => Promise<A>
  ): Promise<A> {
    return waitMs === 0 ? ask(NEVER) : this.#wait(reply, () => ask(connection.signal))
  }

  #connectionOf(socket: Socket): Connection {
    const known = this.#connections.get(socket)
    if (known !== undefined) return known
    const connection = new Connection(socket, this.#onUndo)
    this.#connections.set(socket, connection)
    return connection
  }

  /** What has been remembered for so long was read: a RST that comes now has another reason. */
  #sweep(): void {
    const before = performance.now() - REMEMBER_MS
    for (const connection of this.#older) connection.unproven.dropTakenBefore(before)
    this.#older = this.#recent
    this.#recent = new Set()
  }
}

/** Does what may wait, on behalf of a request. */
type Wait = <A>(reply: FastifyReply, ask: () => Promise<A>) => Promise<A>

/** Nobody is left to answer: not even Fastify is to try. */
function nobody(reply: FastifyReply): null {
  reply.hijack()
  return null
}

/** A RST for bytes that nobody read comes within a round trip. One that comes later proves nothing. */
const REMEMBER_MS = 5000
/** How many reads of a connection may be under way or unproven: what each was given is remembered. */
const MAX_UNPROVEN = 100
/** How long after a FIN we look for the last time. The pauses before double, from 1 ms on. */
const LAST_PAUSE_MS = 128

function tooMany(): Problem {
  return new Problem(
    'too-many-waiting',
    `${MAX_UNPROVEN} reads on this connection wait, or their answers were not followed by a request`
  )
}

/** Aborts what waits. One for all, because making one with a stack for each would cost more than the rest. */
const HUNG_UP = new Error('The connection was closed')
/** For reads that do not wait. */
const NEVER = new AbortController().signal

/** A connection that reads, or has read, something. */
class Connection {
  /** No answer reaches the peer any more. */
  isGone = false
  /** Deliveries on their way into the socket, and those that the kernel took. */
  readonly unproven = new Unproven()
  #reads = 0
  /** For all that waits, whether at the same time or later: each its own was a seventh of what outlived young collections. */
  #leaving: AbortController | undefined
  readonly #socket: Socket
  readonly #onUndo: () => void

  constructor(socket: Socket, onUndo: () => void) {
    this.#socket = socket
    this.#onUndo = onUndo
    this.isGone = socket.destroyed
    // Before Node's own listener, which ends the connection.
    socket.prependListener('end', () => this.#ended())
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    socket.on('close', () => this.#closed())
  }

  /** Aborts when no answer reaches the peer any more. */
  get signal(): AbortSignal {
    if (this.#leaving === undefined) {
      this.#leaving = new AbortController()
      // As many may wait as requests are sent without waiting for answers.
      setMaxListeners(0, this.#leaving.signal)
      if (this.isGone) this.#leaving.abort(HUNG_UP)
    }
    return this.#leaving.signal
  }

  /** Throws too-many-waiting. */
  beginRead(): void {
    if (this.#reads + this.unproven.size >= MAX_UNPROVEN) throw tooMany()
    this.#reads++
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
    for (const undo of this.unproven.removeAll()) this.undo(undo)
  }

  #ended(): void {
    this.#leave()
    if (this.unproven.size === 0) return
    // Node calls `end` next, after which nothing can be found out.
    this.#socket.end = () => this.#socket
    this.#lookForReset(1)
  }

  /** Writes zero bytes: fails with EPIPE, which becomes an error of the socket, when the peer has sent a RST. */
  #lookForReset(pauseMs: number): void {
    this.#socket.write('', (error) => {
      if (error) return
      if (pauseMs <= LAST_PAUSE_MS) setTimeout(() => this.#lookForReset(pauseMs * 2), pauseMs)
      else this.#endNow()
    })
  }

  #endNow(): void {
    this.unproven.dropTakenBefore(Number.POSITIVE_INFINITY)
    Reflect.deleteProperty(this.#socket, 'end')
    this.#socket.end()
  }

  #closed(): void {
    this.#leave()
    for (const undo of this.unproven.removeAllButTaken()) this.undo(undo)
  }

  #leave(): void {
    this.isGone = true
    this.#leaving?.abort(HUNG_UP)
  }
}
