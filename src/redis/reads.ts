import type { Entry, IdRange, ListEntriesRequest, ReadStreamsRequest, StreamEntries } from '../engine.ts'
import { type EntryId, formatId, MAX_ID, MIN_ID } from '../entry-id.ts'
import type { Calls } from './calls.ts'
import { ANSWER_BYTES } from './deliveries.ts'
import type { Attempt, Polls } from './polls.ts'
import * as replies from './replies.ts'
import { RANGE } from './scripts/entries.ts'

interface RangeRequest {
  readonly stream: string
  readonly from: EntryId | 'next'
  readonly to: EntryId
  readonly order: 'asc' | 'desc'
  readonly limit: number
}

/** Reads of entries without a group, which may wait. */
export class Reads {
  readonly #calls: Calls
  readonly #polls: Polls

  constructor(calls: Calls, polls: Polls) {
    this.#calls = calls
    this.#polls = polls
  }

  async listEntries(request: ListEntriesRequest, signal: AbortSignal): Promise<Entry[]> {
    const { stream, waitMs } = request
    const first = await this.range(request)
    if (first.entries.length > 0) return first.entries
    const from = request.from === 'next' ? first.lastId + 1n : request.from
    const attempt = async (): Promise<Attempt<Entry[]>> => {
      const { entries, lastId } = await this.range({ ...request, from })
      return entries.length > 0 ? { answer: entries } : { lastIds: new Map([[stream, lastId]]) }
    }
    const poll = { places: [{ stream }], attempt, discard: ignore, nothing: [] }
    return this.#polls.wait<Entry[]>(poll, new Map([[stream, first.lastId]]), waitMs, signal)
  }

  async readStreams(request: ReadStreamsRequest, signal: AbortSignal): Promise<StreamEntries<Entry>[]> {
    const { count, waitMs } = request
    const read = (places: readonly { stream: string; from: EntryId | 'next' }[]) =>
      Promise.all(
        places.map(async ({ stream, from }) => {
          const range = { stream, from, to: MAX_ID, order: 'asc' as const, limit: count }
          return { stream, ...(await this.range(range)) }
        })
      )
    const first = await read(
      request.streams.map(({ stream, after }) => ({ stream, from: after === 'last' ? 'next' : after + 1n }))
    )
    const places = request.streams.map(({ stream, after }, index) => ({
      stream,
      from: (after === 'last' ? (first[index]?.lastId ?? MIN_ID) : after) + 1n
    }))
    const attempt = async () => attemptOf(await read(places))
    const begun = attemptOf(first)
    if (begun.lastIds === undefined) return begun.answer
    const distinct = [...new Set(places.map(({ stream }) => stream))].map((stream) => ({ stream }))
    const poll = { places: distinct, attempt, discard: ignore, nothing: [] }
    return this.#polls.wait<StreamEntries<Entry>[]>(poll, begun.lastIds, waitMs, signal)
  }

  /** Entries of a range, and the stream's last id when there are none. */
  async range(request: RangeRequest): Promise<{ entries: Entry[]; lastId: EntryId }> {
    const { stream, order, limit } = request
    const command = order === 'asc' ? 'XRANGE' : 'XREVRANGE'
    const args = [command, ...endsOf(request), String(limit), String(ANSWER_BYTES)]
    const [entries, lastId] = replies.list(await this.#calls.script(RANGE, { stream }, args))
    return { entries: replies.entries(entries), lastId: lastId === null ? MIN_ID : replies.id(lastId) }
  }
}

/** The ends of a range as Redis takes them; either may lie outside of what an id can be. */
export function endsOf({ from, to }: Omit<IdRange, 'from'> & { from: EntryId | 'next' }): [string, string] {
  if (from === 'next') return ['next', '+']
  if (from > to || from > MAX_ID || to < MIN_ID) return ['1', '0']
  return [formatId(from < MIN_ID ? MIN_ID : from), formatId(to > MAX_ID ? MAX_ID : to)]
}

function attemptOf(
  read: readonly { stream: string; entries: Entry[]; lastId: EntryId }[]
): Attempt<StreamEntries<Entry>[]> {
  const found = read.filter(({ entries }) => entries.length > 0)
  if (found.length > 0) return { answer: found.map(({ stream, entries }) => ({ stream, entries })) }
  return { lastIds: new Map(read.map(({ stream, lastId }) => [stream, lastId])) }
}

function ignore(): void {}
