import type { FastifyReply } from 'fastify'
import type { EntryPage } from '../../contract/entries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { problemJson } from '../problems/problem.ts'
import { problemFor, type RefusalOptions } from '../problems/refusals.ts'
import { EventStream } from './event-stream.ts'
import type { HangUps } from './hang-up.ts'
import type { Wait } from './wait.ts'

/** Entries from an id on; with none, waits so long for the first. */
type ReadFrom = (from: EntryId, waitMs: number, signal: AbortSignal) => Promise<EntryPage>

interface Start {
  readonly from: EntryId
  /** The request did not name the place: the client is told, so that it can come back to it before there is an entry. */
  readonly isNews: boolean
}

interface EventStreamsOptions extends RefusalOptions {
  readonly hangUps: HangUps
  /** How long a tail may be silent. Then a comment shows both sides, and proxies between them, that it lives. */
  readonly commentMs: number
  /** Counts a tail as a reader that waits until the returned function is called. Throws too-many-waiting. */
  readonly takePlace: () => () => void
}

/**
 * Tails: answers as `text/event-stream` that go on with what is appended, until the client goes or the server drains.
 * A tail counts as a reader that waits for as long as it lives, also while it writes. What is refused at its beginning is
 * answered with a problem. Once it has begun, an event holds the problem, and it ends.
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

  /** Sends the head that a tail would have. */
  sendHead(reply: FastifyReply): void {
    begin(reply)
    exchangeOf(reply.raw).isAnswered = true
    reply.raw.end()
  }

  /** Tails end, and new ones with their first answer. Whoever does not read is not waited for. */
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
    // An id without data: a browser that is cut off sends it back, though it has seen no event.
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
    // From now on the answer has the time-out of any other one.
    exchangeOf(raw).isAnswered = true
    if (!raw.destroyed) raw.end()
  }

  #sendProblem({ raw, request }: FastifyReply, error: unknown): void {
    const problem = problemFor(error, request, this.#options)
    if (!raw.destroyed) raw.write(`event: problem\ndata: ${problemJson(problem, request.id)}\n\n`)
  }
}

/** A reader that may not wait is told so at once, or after one question to a database on the network. */
const REFUSAL_MS = 50
/** So long has a client to read that its token allows the tail no longer. */
const REFUSED_MS = 500

/** Rejects as the read does if it does so soon. */
async function refusedAtOnce(first: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, REFUSAL_MS)
  })
  await Promise.race([first, patience]).finally(() => clearTimeout(timer))
}

function destroyAfter(response: FastifyReply['raw'], ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms)
  response.once('close', () => clearTimeout(timer))
}

/** Sends the head, before there is anything to go with it. */
function begin(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Keeps nginx from gathering what is to be seen now.
    'x-accel-buffering': 'no'
  })
  reply.raw.flushHeaders()
}
