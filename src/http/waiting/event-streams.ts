import type { FastifyReply } from 'fastify'
import type { EntryPage } from '../../contract/entries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { problemJson } from '../problems/problem.ts'
import { problemFor, type RefusalOptions } from '../problems/refusals.ts'
import { EventStream } from './event-stream.ts'
import type { HangUps } from './hang-up.ts'
import type { Wait } from './wait.ts'

/** Reads entries from an id on. If there are none, waits up to `waitMs` for the first. */
type ReadFrom = (from: EntryId, waitMs: number, signal: AbortSignal) => Promise<EntryPage>

interface Start {
  readonly from: EntryId
  /**
   * The tail starts at "last". The client is sent that id, so that it can reconnect there before the first
   * entry.
   */
  readonly isNews: boolean
}

interface EventStreamsOptions extends RefusalOptions {
  readonly hangUps: HangUps
  /**
   * After this time without an event, a comment shows the client, the server and proxies that the tail is
   * alive.
   */
  readonly commentMs: number
  /** Counts a tail as a waiting reader until the returned function is called. Throws too-many-waiting. */
  readonly takePlace: () => () => void
}

/**
 * Tails: `text/event-stream` answers that continue with new entries until the client disconnects or the
 * server drains. A tail counts as a waiting reader for as long as it is open, even while it writes. If it is
 * refused before it starts, the answer is a problem. After that, its last event contains the problem.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions
  readonly #open = new Set<EventStream>()
  #isDraining = false

  constructor(options: EventStreamsOptions) {
    this.#options = options
  }

  async send(reply: FastifyReply, start: Start, readFrom: ReadFrom): Promise<void> {
    const leave = this.#options.takePlace()
    try {
      await this.#options.hangUps.follow(reply, (wait) => this.#send(reply, wait, start, readFrom))
    } finally {
      leave()
    }
  }

  /** Sends only the head of the answer of a tail. */
  sendHead(reply: FastifyReply): void {
    begin(reply)
    exchangeOf(reply.raw).isAnswered = true
    reply.raw.end()
  }

  /** Ends all tails, and new ones after their first page. Does not wait for clients that do not read. */
  drain(): void {
    this.#isDraining = true
    for (const tail of this.#open) tail.end()
  }

  async #send(reply: FastifyReply, wait: Wait, start: Start, readFrom: ReadFrom): Promise<void> {
    const { commentMs } = this.#options
    const { raw } = reply
    const { from, isNews } = start
    const tail = new EventStream(raw, wait, from, (id) => readFrom(id, commentMs, wait.peer.signal))
    await refusedAtOnce(tail.begin())
    if (wait.refusal !== undefined) throw wait.refusal
    begin(reply)
    // An id without data: a browser that is cut off sends it back, even before the first event.
    if (isNews) raw.write(`id: ${formatId(from - 1n)}\n\n`)
    this.#open.add(tail)
    if (this.#isDraining) tail.end()
    try {
      await tail.follow()
    } catch (error) {
      this.#sendProblem(reply, error)
      if (wait.refusal !== undefined) destroyAfter(raw, REFUSED_MS)
    } finally {
      this.#open.delete(tail)
    }
    // From now on, the timeout of other answers applies.
    exchangeOf(raw).isAnswered = true
    if (!raw.destroyed) raw.end()
  }

  #sendProblem({ raw, request }: FastifyReply, error: unknown): void {
    const problem = problemFor(error, request, this.#options)
    if (!raw.destroyed) raw.write(`event: problem\ndata: ${problemJson(problem, request.id)}\n\n`)
  }
}

/**
 * How long to wait for a refusal before the head is sent. It comes at once, or after one round trip to a
 * database.
 */
const REFUSAL_MS = 50
/** How long a client has to read that its token no longer allows the tail. */
const REFUSED_MS = 500

/** Rejects if the read rejects within `REFUSAL_MS`. */
async function refusedAtOnce(first: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, REFUSAL_MS)
  })
  await Promise.race([first, timeout]).finally(() => clearTimeout(timer))
}

function destroyAfter(response: FastifyReply['raw'], ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms)
  response.once('close', () => clearTimeout(timer))
}

/** Sends the head before the first event. */
function begin(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Keeps nginx from buffering events.
    'x-accel-buffering': 'no'
  })
  reply.raw.flushHeaders()
}
