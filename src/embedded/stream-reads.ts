import type { Taker } from '../contract/engine.ts'
import type { EntryPage, ListEntriesRequest, ReadStreamsRequest, StreamPlace } from '../contract/entries.ts'
import { MAX_ID, placeBefore } from '../contract/entry-id.ts'
import type { Committer } from './committer.ts'
import { AnswerBudget } from './core/answer-budget.ts'
import type { Stream } from './core/stream.ts'
import type { Streams } from './core/streams.ts'
import type { Place } from './core/wait-queues.ts'
import { type Found, fieldBytes, fieldBytesIn } from './found.ts'
import { type LongPolls, TakerFull } from './long-polls.ts'

/** A read of streams: how to find an answer, how large its fields are, and where it goes. */
interface StreamRead<A> {
  readonly find: () => A | null
  /** The answer without entries. */
  readonly emptyAnswer: Found<A>
  readonly bytesOf: (answer: A) => number
  readonly streams: Place[]
  readonly taker: Taker | undefined
}

/** Reads of entries without a group, which may wait. */
export class StreamReads {
  readonly #streams: Streams
  readonly #committer: Committer
  readonly #longPolls: LongPolls

  constructor(
    streams: Streams,
    { committer, longPolls }: { readonly committer: Committer; readonly longPolls: LongPolls }
  ) {
    this.#streams = streams
    this.#committer = committer
    this.#longPolls = longPolls
  }

  async listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker): Promise<EntryPage> {
    this.#committer.assertIntact()
    const stream = this.#streams.stream(request)
    const { to, order, limit, roomBytes } = request
    const isFromNow = request.from === 'next'
    const from = request.from === 'next' ? stream.lastId + 1n : request.from
    const find = (): EntryPage | null => {
      const budget = new AnswerBudget(roomBytes)
      const entries =
        order === 'asc' ? stream.range(from, to, limit, budget) : stream.rangeDown(from, to, limit, budget)
      const last = entries.at(-1)
      return last === undefined ? null : { entries, next: last.id }
    }
    const emptyAnswer = this.#emptyAnswer({ entries: [], next: placeBefore({ from, to, order }) }, isFromNow)
    const bytesOf = ({ entries }: EntryPage) => fieldBytes(entries)
    return this.#readOrWait({ find, emptyAnswer, bytesOf, streams: [stream], taker }, request, signal)
  }

  async readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker): Promise<StreamPlace[]> {
    this.#committer.assertIntact()
    const { count } = request
    const streams = request.streams.map((ref) => this.#streams.stream(ref))
    const empty = request.streams.map(({ stream, after }, index): StreamPlace => {
      const next = after === 'last' ? (streams[index] as Stream).lastId : after
      return { stream, entries: [], next }
    })
    const find = (): StreamPlace[] | null => {
      const budget = new AnswerBudget()
      let found: StreamPlace[] | null = null
      for (const [index, stream] of streams.entries()) {
        if (budget.isFull) break
        const page = empty[index] as StreamPlace
        const entries = stream.range(page.next + 1n, MAX_ID, count, budget)
        const last = entries.at(-1)
        if (last === undefined) continue
        found ??= [...empty]
        found[index] = { stream: page.stream, entries, next: last.id }
      }
      return found
    }
    const emptyAnswer = this.#emptyAnswer(
      empty,
      request.streams.some(({ after }) => after === 'last')
    )
    return this.#readOrWait({ find, emptyAnswer, bytesOf: fieldBytesIn, streams, taker }, request, signal)
  }

  /** An answer without entries waits for the disk only if it shows a stream's last id. */
  #emptyAnswer<A>(answer: A, showsLastId: boolean): Found<A> {
    return { answer, position: showsLastId ? this.#committer.position : 0 }
  }

  async #readOrWait<A>(
    { find, emptyAnswer, bytesOf, streams, taker }: StreamRead<A>,
    { waitMs, hasPlace = false }: { waitMs: number; hasPlace?: boolean },
    signal: AbortSignal
  ): Promise<A> {
    const attempt = (): Found<A> | null => {
      const answer = find()
      return answer === null ? null : { answer, position: this.#committer.position }
    }
    const attemptForTaker = () => {
      const found = attempt()
      const bytes = found === null ? 0 : bytesOf(found.answer)
      return taker === undefined || found === null || taker.take(bytes) ? found : new TakerFull(bytes)
    }
    const wait = () => {
      // A stream may be named twice.
      const places = streams.length === 1 ? streams : [...new Set(streams)]
      return this.#longPolls.wait(
        { places, attempt: attemptForTaker, emptyAnswer, hasPlace, taker },
        waitMs,
        signal
      )
    }
    const found = attempt() ?? (await wait())
    await this.#committer.kept(found.position)
    return found.answer
  }
}
