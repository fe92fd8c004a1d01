import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Delivery } from '../../contract/deliveries.ts'
import { tokenOf } from '../access/guard.ts'
import { IndexedSet } from '../limits/indexed-set.ts'
import type { Problem } from '../problems/problem.ts'
import { Peer } from './peer.ts'
import { Wait } from './wait.ts'

/**
 * A consumer that hangs up takes nothing with it: what was meant for a connection that is gone goes to the next
 * reader, as if nothing had been delivered. Three moments, and how each of them is noticed:
 *
 * 1. The connection closes while the request waits. Its signal aborts, and the engine gives nothing to anyone.
 * 2. It closes between the engine's answer and the last byte of ours. The delivery is undone.
 * 3. The consumer dies just before we write, and its FIN has not come yet or was not looked at: the kernel takes our
 *    bytes, and everything looks well. Its own kernel, though, answers bytes for a socket that nobody has any more
 *    with a RST. So the deliveries of a connection are remembered until a request that was sent after their answers
 *    shows that they were read (`unconfirmed.ts`). When the connection ends with an error before, they are undone. When it
 *    ends with a FIN, the peer has either read the answers and closed, or the RST is still to come or hidden behind the
 *    FIN: Linux tells of the FIN alone then, but refuses to write. So we write nothing (zero bytes: the kernel says
 *    whether it would, and sends no packet) and do so for about a quarter of a second, in which the RST crosses any
 *    sensible network.
 *
 * A client that pipelines may have several deliveries unconfirmed, up to a limit: more reads on its connection are refused.
 *
 * A client that half-closes its connection after its requests is answered, though one that died looks the same: its FIN
 * ends what waits, with an empty answer, and what would be delivered to it goes to the next reader. Then the connection
 * is closed without an answer.
 *
 * A connection that ends in any other way had its answer read: undoing then would give an entry to two consumers. Only
 * a consumer that reads its answer and then resets the connection on purpose is taken for one that has died.
 *
 * A request with a token may also lose its right to what it waits for (`refuse`). It is then answered with a problem, and
 * a delivery that it was to get is undone in the same way.
 */
export class HangUps {
  readonly #onUndo: () => void
  readonly #wait: WaitAs
  readonly #peers = new WeakMap<Socket, Peer>()
  /** Requests that wait, and whose rights may go meanwhile. */
  readonly #waits = new IndexedSet<Wait>()
  /** Who remembers a delivery: since the last sweep, and since before it. */
  #recent = new Set<Peer>()
  #older = new Set<Peer>()
  readonly #sweeping: NodeJS.Timeout
  #isDraining = false

  /** `onUndo` is called for each delivery that is undone, and `wait` runs what may wait. */
  constructor(onUndo: () => void, wait: WaitAs) {
    this.#onUndo = onUndo
    this.#wait = wait
    this.#sweeping = setInterval(() => this.#sweep(), REMEMBER_MS)
  }

  /** The head of a request has arrived: what was answered before it was sent has been read. */
  requestCame(socket: Socket): void {
    this.#peers.get(socket)?.unconfirmed.requestCame(socket)
  }

  /** Asks the engine for what can wait. Gives null when the connection closed meanwhile: then there is no answer. */
  async read<A>(
    reply: FastifyReply,
    waitMs: number,
    run: (signal: AbortSignal) => Promise<A>
  ): Promise<A | null> {
    const peer = this.#peerOf(reply.request.raw.socket)
    const answer = await this.#run(peer, reply, waitMs, run, identity)
    if (this.#isDraining) reply.raw.shouldKeepAlive = false
    return peer.isGone ? abandon(reply) : answer
  }

  /**
   * As `read`, for what is given to a consumer and to nobody else. The answer must be sent in the same turn. Rejects:
   * too-many-waiting, when nothing shows that the answers to so many reads on the connection were read.
   */
  async deliver(
    reply: FastifyReply,
    waitMs: number,
    run: (signal: AbortSignal) => Promise<Delivery>
  ): Promise<Delivery | null> {
    const { socket } = reply.request.raw
    const peer = this.#peerOf(socket)
    peer.beginRead()
    let delivery: Delivery
    try {
      delivery = await this.#run(peer, reply, waitMs, run, this.#takeBack)
    } finally {
      peer.endRead()
    }
    if (this.#isDraining) reply.raw.shouldKeepAlive = false
    if (peer.isGone || (peer.hasEnded && delivery.streams.length > 0)) {
      this.#takeBack(delivery)
      return abandon(reply)
    }
    if (delivery.streams.length === 0) return delivery
    const unconfirmed = peer.unconfirmed.add(delivery.undo, socket)
    // Before Node's own listener, which ends the connection if it is not kept alive.
    reply.raw.prependOnceListener('finish', () => {
      peer.unconfirmed.taken(unconfirmed, socket)
      // Otherwise Node closes the connection at once, and a RST that is there already would never be seen.
      if (!reply.raw.shouldKeepAlive) socket.write('')
      this.#recent.add(peer)
    })
    return delivery
  }

  /** Runs a reader that reads again and again as one that waits all the time. It must stop once it is refused. */
  async follow(reply: FastifyReply, run: (wait: Wait) => Promise<void>): Promise<void> {
    const wait = new Wait(reply.request, this.#peerOf(reply.request.raw.socket))
    const index = this.#waits.add(wait)
    try {
      await this.#wait(reply, () => run(wait))
    } finally {
      this.#waits.delete(wait, index)
    }
  }

  /** Ends the waiting requests for which `refusalOf` returns a problem. That is their answer. */
  refuse(refusalOf: (request: FastifyRequest) => Problem | undefined): void {
    const refused: Wait[] = []
    for (const wait of this.#waits) {
      if (wait.refusal !== undefined) continue
      wait.refusal = refusalOf(wait.request)
      if (wait.refusal !== undefined) refused.push(wait)
    }
    for (const peer of new Set(refused.map((wait) => wait.peer))) peer.interrupt()
    for (const wait of refused) wait.onRefusal()
  }

  /** From now on answers end their connections, also those of requests that came before. */
  drain(): void {
    this.#isDraining = true
  }

  close(): void {
    clearInterval(this.#sweeping)
  }

  #run<A>(
    peer: Peer,
    reply: FastifyReply,
    waitMs: number,
    run: (signal: AbortSignal) => Promise<A>,
    takeBack: (answer: A) => A
  ): Promise<A> {
    if (waitMs === 0) return run(NEVER)
    if (tokenOf(reply.request) === undefined) return this.#wait(reply, () => run(peer.signal))
    return this.#runRefusable(peer, reply, run, takeBack)
  }

  /** `takeBack` returns the empty answer of a request that was interrupted, and undoes what it was to be given. */
  async #runRefusable<A>(
    peer: Peer,
    reply: FastifyReply,
    run: (signal: AbortSignal) => Promise<A>,
    takeBack: (answer: A) => A
  ): Promise<A> {
    const { signal } = peer
    const wait = new Wait(reply.request, peer)
    const index = this.#waits.add(wait)
    try {
      const answer = await this.#wait(reply, () => run(signal))
      if (!signal.aborted || peer.isLeaving) return answer
      // Another request of the connection may have been refused, and this one only interrupted.
      const nothing = takeBack(answer)
      if (wait.refusal !== undefined) throw wait.refusal
      return nothing
    } finally {
      this.#waits.delete(wait, index)
    }
  }

  readonly #takeBack = (delivery: Delivery): Delivery => {
    if (delivery.streams.length === 0) return delivery
    delivery.undo()
    this.#onUndo()
    return { streams: [], undo: delivery.undo }
  }

  #peerOf(socket: Socket): Peer {
    const known = this.#peers.get(socket)
    if (known !== undefined) return known
    const peer = new Peer(socket, this.#onUndo)
    this.#peers.set(socket, peer)
    return peer
  }

  /** What has been remembered for so long was read: a RST that comes now has another reason. */
  #sweep(): void {
    const before = performance.now() - REMEMBER_MS
    for (const peer of this.#older) peer.unconfirmed.dropTakenBefore(before)
    this.#older = this.#recent
    this.#recent = new Set()
  }
}

/** Does what may wait, on behalf of a request. */
type WaitAs = <A>(reply: FastifyReply, run: () => Promise<A>) => Promise<A>

function identity<T>(value: T): T {
  return value
}

/** Nobody is left to answer: not even Fastify is to try. Answers of the connection that go before are sent. */
function abandon(reply: FastifyReply): null {
  reply.hijack()
  reply.raw.destroy()
  return null
}

/** A RST for bytes that nobody read comes within a round trip. One that comes later proves nothing. */
const REMEMBER_MS = 5000
/** For reads that do not wait. */
const NEVER = new AbortController().signal
