import type { DeliveredEntry, Delivery, ReadGroupsRequest } from '../../contract/deliveries.ts'
import type { Taker } from '../../contract/engine.ts'
import type { StreamEntries } from '../../contract/entries.ts'
import { type EntryId, formatId, MIN_ID } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import { PROBE_GROUP, READ_GROUP, READ_OWN } from '../scripts/generated.ts'
import type { LongPolls } from '../waiting/long-polls.ts'
import type { Attempt } from '../waiting/poll.ts'
import type { Reconciler } from '../waiting/reconciler.ts'
import type { Redelivery } from '../waiting/redelivery.ts'
import { type AnswerBudget, budgetArgs, fillUp, shareOf } from './answer-budget.ts'
import {
  type GroupDelivery,
  isEmpty,
  joined,
  readGroupReply,
  readOwnReply,
  type StreamRead
} from './deliveries.ts'
import { fieldBytesIn } from './fields.ts'
import type { StreamCommands } from './stream-commands.ts'

/** What a request got, from all its streams. */
interface Reading {
  readonly streams: StreamEntries<DeliveredEntry>[]
  readonly deliveries: readonly GroupDelivery[]
}

/** How to read one stream. */
interface StreamReadOptions {
  readonly stream: string
  /** Reads the consumer's own pending entries after this id, instead of new ones. */
  readonly after: EntryId | undefined
  readonly budget: AnswerBudget
  /** If there is nothing to deliver, changes nothing in Redis. */
  readonly isQuiet: boolean
}

const NOTHING: Reading = { streams: [], deliveries: [] }

export interface GroupReadsOptions {
  readonly commands: StreamCommands
  readonly longPolls: LongPolls
  readonly reconciler: Reconciler
  readonly redelivery: Redelivery
}

/** Reads in a group. They may wait, and can be undone. */
export class GroupReads {
  readonly #options: GroupReadsOptions

  constructor(options: GroupReadsOptions) {
    this.#options = options
  }

  async readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker): Promise<Delivery> {
    const { longPolls, redelivery } = this.#options
    const { waitMs, claimIdleMs, group } = request
    refuseDuplicates(request)
    const places = request.streams.map(({ stream }) => ({ stream, group }))
    const placesOfNew = places.filter((_, index) => request.streams[index]?.after === undefined)
    // Readers that are waiting already are served before this one.
    await Promise.all(placesOfNew.map((place) => longPolls.serve(place, true)))
    const readsOnlyNew = request.streams.every(({ after }) => after === undefined)
    // A reader that has no room to wait is refused without a change in Redis. Not even its consumer is created.
    let attempt = readsOnlyNew
      ? await longPolls.withRoom(places.length, waitMs, signal, (hasRoom) => this.#attempt(request, !hasRoom))
      : await this.#attempt(request, false)
    if (attempt.lastIds !== undefined && readsOnlyNew) {
      const poll = {
        places,
        attempt: (isQuiet: boolean) => this.#attempt(request, isQuiet),
        discard: ({ deliveries }: Reading) => redelivery.undo(deliveries),
        nothing: NOTHING,
        taker,
        bytesOf: ({ streams }: Reading) => fieldBytesIn(streams),
        ...(claimIdleMs !== undefined && { claimIdleMs })
      }
      attempt = { answer: await longPolls.wait<Reading>(poll, attempt.lastIds, waitMs, signal) }
    }
    const { streams, deliveries } = attempt.lastIds === undefined ? attempt.answer : NOTHING
    let undoable = deliveries
    const delivery = {
      streams,
      undo() {
        redelivery.undo(undoable)
        undoable = []
      }
    }
    if (signal.aborted) delivery.undo()
    return delivery
  }

  /** Reads all streams or none. `isQuiet`: if there is nothing to deliver, changes nothing in Redis. */
  async #attempt(request: ReadGroupsRequest, isQuiet: boolean): Promise<Attempt<Reading>> {
    const { commands, redelivery } = this.#options
    const { streams, group } = request
    if (streams.length > 1) {
      await Promise.all(
        streams.map(({ stream }) => commands.script(PROBE_GROUP, { stream, group }, { group }))
      )
    }
    const budget = shareOf(streams.length)
    const settled = await Promise.allSettled(
      streams.map(({ stream, after }) => this.#readStream(request, { stream, after, budget, isQuiet }))
    )
    const reads = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    try {
      for (const each of settled) if (each.status === 'rejected') throw each.reason
      await fillUp(reads, (read, index, rest) => this.#readOn(request, read, streams[index]?.after, rest))
    } catch (error) {
      redelivery.undo(reads.flatMap(({ deliveries }) => deliveries))
      throw error
    }
    const found = reads.filter(({ entries }) => entries.length > 0)
    if (found.length === 0) {
      return { lastIds: new Map(reads.map(({ stream, lastId = MIN_ID }) => [stream, lastId])) }
    }
    return {
      answer: {
        streams: found.map(({ stream, entries }) => ({ stream, entries })),
        deliveries: found.flatMap(({ deliveries }) => deliveries.filter((each) => !isEmpty(each)))
      }
    }
  }

  /** Continues `read`. Returns the old and new entries together. */
  async #readOn(
    request: ReadGroupsRequest,
    read: StreamRead,
    after: EntryId | undefined,
    budget: AnswerBudget
  ): Promise<StreamRead> {
    const { stream, entries } = read
    const count = request.count - entries.length
    const from = after === undefined ? undefined : (entries.at(-1)?.id ?? after)
    const options = { stream, after: from, budget, isQuiet: false }
    return joined(read, await this.#readStream({ ...request, count }, options))
  }

  async #readStream(request: ReadGroupsRequest, options: StreamReadOptions): Promise<StreamRead> {
    const { stream, after, budget, isQuiet } = options
    const { commands, reconciler } = this.#options
    const { group, consumer, count, noAck, claimIdleMs } = request
    const reader = { stream, group, consumer, noAck }
    const subject = { stream, group }
    if (after !== undefined) {
      const args = { group, consumer, count, after: formatId(after), ...budgetArgs(budget) }
      return readOwnReply(await commands.script(READ_OWN, subject, args), { ...reader, noAck: false })
    }
    const isClaiming = claimIdleMs !== undefined && reconciler.idleTimes.dueInMs(subject, claimIdleMs) === 0
    const args = {
      group,
      consumer,
      count,
      noAck,
      minIdle: isClaiming ? claimIdleMs : undefined,
      isQuiet,
      ...budgetArgs(budget),
      scanFrom: reconciler.idleTimes.from(subject)
    }
    const { generation } = reconciler.idleTimes
    const reply = await commands.script(READ_GROUP, subject, args).catch((error) => {
      if (isClaiming && error instanceof EngineError) reconciler.idleTimes.forget(stream)
      throw error
    })
    const read = readGroupReply(reply, reader)
    if (isClaiming) reconciler.idleTimes.note(subject, read.scan, generation)
    if (read.entries.length > 0) reconciler.delivered(subject)
    return read
  }
}

function refuseDuplicates({ streams }: ReadGroupsRequest): void {
  const seen = new Set<string>()
  for (const [index, { stream }] of streams.entries()) {
    if (seen.has(stream)) {
      throw new EngineError('invalid-request', 'Each stream may appear only once', {
        pointer: `/streams/${index}/stream`
      })
    }
    seen.add(stream)
  }
}
