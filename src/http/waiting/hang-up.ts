import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Delivery } from '../../contract/deliveries.ts'
import { tokenOf } from '../access/guard.ts'
import { IndexedSet } from '../limits/indexed-set.ts'
import type { Problem } from '../problems/problem.ts'
import { Peer } from './peer.ts'
import { Wait } from './wait.ts'

/**
 * A consumer that hangs up takes nothing with it: a delivery to a closed connection goes to the next reader,
 * as if it had not happened. There are three cases:
 *
 * 1. The connection closes while the request waits. Its signal aborts, and the engine delivers nothing.
 * 2. It closes between the engine's answer and the last byte of ours. The delivery is undone.
 * 3. The consumer dies just before we write, and its FIN has not arrived yet, or Node has not read it yet.
 *    The kernel takes our bytes, and everything looks fine. But the consumer's kernel answers bytes for a
 *    socket that no longer exists with a RST. So the deliveries of a connection are remembered until a later
 *    request confirms that their answers were read (`unconfirmed-deliveries.ts`). If the connection ends with
 *    an error before that, they are undone. If it ends with a FIN, either the peer has read the answers and
 *    closed, or the RST is still on its way or hidden by the FIN: Linux then reports only the FIN, but
 *    refuses to write. So we write zero bytes, for which the kernel sends no packet but reports whether it
 *    would. We repeat this for about a quarter of a second, in which the RST crosses any sensible network.
 *
 * A client that pipelines may have several unconfirmed deliveries, up to a limit. Further reads on its
 * connection are refused.
 *
 * A client that half-closes its connection after its requests still gets answers, although a client that died
 * looks the same. Its FIN ends waiting requests with an empty answer. A delivery to it goes to the next
 * reader instead, and the connection is closed without an answer.
 *
 * If a connection ends in any other way, its answers were read. To undo their deliveries would deliver
 * entries to two consumers. Only a consumer that reads its answer and then resets the connection on purpose
 * is mistaken for one that has died.
 *
 * A request with a token may also lose its right to what it waits for (`refuse`). It is then answered with a
 * problem, and a delivery to it is undone in the same way.
 */
export class HangUps {
  readonly #onUndo: () => void
  readonly #wait: WaitAs
  readonly #peers = new WeakMap<Socket, Peer>()
  /** Waiting requests with a token, which may lose its rights. */
  readonly #waits = new IndexedSet<Wait>()
  /** Peers with deliveries since the last sweep, and with deliveries before it. */
  #recent = new Set<Peer>()
  #older = new Set<Peer>()
  readonly #sweeping: NodeJS.Timeout
  #isDraining = false

  /** Calls `onUndo` for each delivery that is undone, and `wait` to run what may wait. */
  constructor(onUndo: () => void, wait: WaitAs) {
    this.#onUndo = onUndo
    this.#wait = wait
    this.#sweeping = setInterval(() => this.#sweep(), REMEMBER_MS)
  }

  /**
   * Call it when the head of a request has arrived. It confirms the answers that were sent before the
   * request.
   */
  requestArrived(socket: Socket): void {
    this.#peers.get(socket)?.unconfirmed.requestArrived(socket)
  }

  /**
   * Runs a read that may wait. Resolves with null if the connection closed meanwhile, and then there is no
   * answer.
   */
  async read<A>(
    reply: FastifyReply,
    waitMs: number,
    run: (signal: AbortSignal) => Promise<A>
  ): Promise<A | null> {
    const peer = this.#peerOf(reply.request.raw.socket)
    const answer = await this.#run(peer, reply, waitMs, run, throwRefusal)
    if (this.#isDraining) reply.raw.shouldKeepAlive = false
    return peer.isGone ? abandon(reply) : answer
  }

  /**
   * Like `read`, for deliveries to a consumer. The answer must be sent in the same turn of the event loop.
   * Rejects with too-many-waiting if too many reads of the connection wait or are unconfirmed.
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
      const nothing = this.#takeBack(delivery)
      return peer.isGone || nothing.settled === undefined ? abandon(reply) : nothing
    }
    if (delivery.streams.length === 0) return delivery
    const unconfirmed = peer.unconfirmed.add(delivery.undo, socket)
    // Before Node's own listener, which ends the connection if it is not kept alive.
    reply.raw.prependOnceListener('finish', () => {
      peer.unconfirmed.taken(unconfirmed, socket)
      // Otherwise Node closes the connection at once, and a RST that has already arrived would never be
      // noticed.
      if (!reply.raw.shouldKeepAlive) socket.write('')
      this.#recent.add(peer)
    })
    return delivery
  }

  /**
   * Runs a reader that reads repeatedly, and counts as waiting all the time. It must stop once it is refused.
   */
  async follow(reply: FastifyReply, run: (wait: Wait) => Promise<void>): Promise<void> {
    const wait = new Wait(reply.request, this.#peerOf(reply.request.raw.socket))
    const index = this.#waits.add(wait)
    try {
      await this.#wait(reply, () => run(wait))
    } finally {
      this.#waits.delete(wait, index)
    }
  }

  /** Ends the waiting requests for which `refusalOf` returns a problem, which is then their answer. */
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

  /** From now on, connections close after their answers, also after answers to earlier requests. */
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
    takeBack: TakeBack<A>
  ): Promise<A> {
    if (waitMs === 0) return run(NEVER)
    if (tokenOf(reply.request) === undefined) return this.#wait(reply, () => run(peer.signal))
    return this.#runRefusable(peer, reply, run, takeBack)
  }

  /** If the request is interrupted, `takeBack` undoes what the engine delivered. */
  async #runRefusable<A>(
    peer: Peer,
    reply: FastifyReply,
    run: (signal: AbortSignal) => Promise<A>,
    takeBack: TakeBack<A>
  ): Promise<A> {
    const { signal } = peer
    const wait = new Wait(reply.request, peer)
    const index = this.#waits.add(wait)
    try {
      const answer = await this.#wait(reply, () => run(signal))
      if (!signal.aborted || peer.isLeaving) return answer
      // Perhaps another request of the connection was refused, and this one only interrupted.
      return takeBack(answer, wait.refusal)
    } finally {
      this.#waits.delete(wait, index)
    }
  }

  /** What a request settled before it waited is its answer, even if it is refused meanwhile. */
  readonly #takeBack = (delivery: Delivery, refusal?: Problem): Delivery => {
    const { streams, settled, undo } = delivery
    if (streams.length > 0) {
      undo()
      this.#onUndo()
    }
    if (settled !== undefined) return { streams: [], settled, undo }
    if (refusal !== undefined) throw refusal
    return { streams: [], undo }
  }

  #peerOf(socket: Socket): Peer {
    const known = this.#peers.get(socket)
    if (known !== undefined) return known
    const peer = new Peer(socket, this.#onUndo)
    this.#peers.set(socket, peer)
    return peer
  }

  /** Forgets old deliveries, because they were read: a RST that arrives now has another reason. */
  #sweep(): void {
    const before = performance.now() - REMEMBER_MS
    for (const peer of this.#older) peer.unconfirmed.dropTakenBefore(before)
    this.#older = this.#recent
    this.#recent = new Set()
  }
}

/** Runs what may wait, and counts the request as waiting meanwhile. */
type WaitAs = <A>(reply: FastifyReply, run: () => Promise<A>) => Promise<A>

/** Undoes what an answer delivered, and returns an empty answer. Throws the refusal if that is the answer. */
type TakeBack<A> = (answer: A, refusal: Problem | undefined) => A

function throwRefusal<A>(answer: A, refusal: Problem | undefined): A {
  if (refusal !== undefined) throw refusal
  return answer
}

/** Drops an answer that nobody can receive. Earlier answers of the connection are still sent. */
function abandon(reply: FastifyReply): null {
  reply.hijack()
  reply.raw.destroy()
  return null
}

/** A RST for unread bytes arrives within a round trip. A later one proves nothing. */
const REMEMBER_MS = 5000
/** The signal of reads that do not wait. */
const NEVER = new AbortController().signal
