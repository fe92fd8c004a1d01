import type { Taker } from '../../contract/engine.ts'
import type {
  Entry,
  EntryPage,
  IdRange,
  ListEntriesRequest,
  ReadStreamsRequest,
  StreamPlace
} from '../../contract/entries.ts'
import { type EntryId, formatId, MAX_ID, MIN_ID, placeBefore } from '../../contract/entry-id.ts'
import type { StreamRef } from '../../contract/refs.ts'
import { ANSWER_BYTES } from '../../semantics/answer-size.ts'
import { entryNotFound } from '../../semantics/refusals.ts'
import { RANGE } from '../scripts/generated.ts'
import type { LongPolls } from '../waiting/long-polls.ts'
import type { Attempt } from '../waiting/poll.ts'
import { type AnswerBudget, budgetArgs, fillUp, shareOf, WHOLE_BUDGET } from './answer-budget.ts'
import { fieldBytes, fieldBytesIn } from './fields.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'

/** Where to start reading in a stream. */
interface Start {
  readonly stream: string
  readonly from: EntryId | 'next'
}

interface RangeRequest extends Start {
  readonly to: EntryId
  readonly order: 'asc' | 'desc'
  readonly limit: number
}

interface Range {
  readonly entries: Entry[]
  /** The stream's last id if the range is empty, else "0-0". */
  readonly lastId: EntryId
  readonly isCut: boolean
}

/** Reads of entries without a group. They may wait. */
export class Reads {
  readonly #commands: StreamCommands
  readonly #longPolls: LongPolls

  constructor(commands: StreamCommands, longPolls: LongPolls) {
    this.#commands = commands
    this.#longPolls = longPolls
  }

  async listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker): Promise<EntryPage> {
    const { stream, to, order, waitMs, hasPlace = false, roomBytes = ANSWER_BYTES } = request
    const budget = { bytes: roomBytes, isStrict: false }
    const first = await this.range(request, budget)
    const from = request.from === 'next' ? first.lastId + 1n : request.from
    const start = placeBefore({ from, to, order })
    if (first.entries.length > 0) return pageOf(first.entries, start)
    const attempt = async (): Promise<Attempt<EntryPage>> => {
      const { entries, lastId } = await this.range({ ...request, from }, budget)
      if (entries.length > 0) return { answer: pageOf(entries, start) }
      return { lastIds: new Map([[stream, lastId]]) }
    }
    const poll = {
      places: [{ stream }],
      attempt,
      discard: ignore,
      nothing: pageOf([], start),
      hasPlace,
      taker,
      bytesOf: ({ entries }: EntryPage) => fieldBytes(entries)
    }
    return this.#longPolls.wait<EntryPage>(poll, new Map([[stream, first.lastId]]), waitMs, signal)
  }

  async readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker): Promise<StreamPlace[]> {
    const { count, waitMs } = request
    const first = await this.#readAll(
      request.streams.map(({ stream, after }) => ({ stream, from: after === 'last' ? 'next' : after + 1n })),
      count
    )
    const starts = request.streams.map(({ stream, after }, index) => ({
      stream,
      from: (after === 'last' ? (first[index]?.lastId ?? MIN_ID) : after) + 1n
    }))
    const attempt = async () => attemptOf(await this.#readAll(starts, count), starts)
    const firstAttempt = attemptOf(first, starts)
    if (firstAttempt.lastIds === undefined) return firstAttempt.answer
    const places = [...new Set(starts.map(({ stream }) => stream))].map((stream) => ({ stream }))
    const nothing = starts.map(({ stream, from }) => ({ stream, ...pageOf([], from - 1n) }))
    const poll = { places, attempt, discard: ignore, nothing, taker, bytesOf: fieldBytesIn }
    return this.#longPolls.wait<StreamPlace[]>(poll, firstAttempt.lastIds, waitMs, signal)
  }

  /** Reads up to `count` entries of each stream, as many as fit into one answer. */
  async #readAll(starts: readonly Start[], count: number): Promise<(Range & { stream: string })[]> {
    const range = { to: MAX_ID, order: 'asc' as const }
    const share = shareOf(starts.length)
    const parts = await Promise.all(
      starts.map(async (start) => ({
        stream: start.stream,
        ...(await this.range({ ...start, ...range, limit: count }, share))
      }))
    )
    await fillUp(parts, async ({ stream, entries }, index, budget) => {
      const last = entries.at(-1)
      const from = last === undefined ? (starts[index]?.from ?? 'next') : last.id + 1n
      const rest = await this.range({ stream, from, ...range, limit: count - entries.length }, budget)
      return { ...rest, stream, entries: [...entries, ...rest.entries] }
    })
    return parts
  }

  async getEntry({ stream, id }: StreamRef & { readonly id: EntryId }): Promise<Entry> {
    const [entry] = (await this.range({ stream, from: id, to: id, order: 'asc', limit: 1 })).entries
    if (entry !== undefined) return entry
    throw entryNotFound(stream)
  }

  /** Reads a range of entries, without waiting. */
  async range(request: RangeRequest, budget: AnswerBudget = WHOLE_BUDGET): Promise<Range> {
    const { stream, order, limit } = request
    const [from, to] = endsOf(request)
    const args = { isDescending: order === 'desc', from, to, count: limit, ...budgetArgs(budget) }
    const [entries, lastId, cut] = replies.list(await this.#commands.script(RANGE, { stream }, args))
    return {
      entries: replies.entries(entries),
      lastId: lastId === null ? MIN_ID : replies.id(lastId),
      isCut: cut !== null
    }
  }
}

/**
 * The ends of a range as arguments of a command. Both may be outside the range of valid ids; Redis would refuse those.
 */
export function endsOf({ from, to }: Omit<IdRange, 'from'> & { from: EntryId | 'next' }): [string, string] {
  if (from === 'next') return ['next', '+']
  if (from > to || from > MAX_ID || to < MIN_ID) return ['1', '0']
  return [formatId(from < MIN_ID ? MIN_ID : from), formatId(to > MAX_ID ? MAX_ID : to)]
}

/** A page of entries. `start`: where the next page continues if this one is empty. */
function pageOf(entries: Entry[], start: EntryId): EntryPage {
  return { entries, next: entries.at(-1)?.id ?? start }
}

/** Converts what was read from each start, in the same order. */
function attemptOf(
  parts: readonly { stream: string; entries: Entry[]; lastId: EntryId }[],
  starts: readonly { readonly from: EntryId }[]
): Attempt<StreamPlace[]> {
  if (parts.every(({ entries }) => entries.length === 0)) {
    return { lastIds: new Map(parts.map(({ stream, lastId }) => [stream, lastId])) }
  }
  const answer = parts.map(({ stream, entries }, index) => {
    const { from = MIN_ID } = starts[index] ?? {}
    return { stream, ...pageOf(entries, from - 1n) }
  })
  return { answer }
}

function ignore(): void {}
