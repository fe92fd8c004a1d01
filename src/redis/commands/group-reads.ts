import type { DeliveredEntry, Delivery, ReadGroupsRequest, Settled } from '../../contract/deliveries.ts'
import type { Taker } from '../../contract/engine.ts'
import type { StreamEntries } from '../../contract/entries.ts'
import { type EntryId, formatId, MIN_ID } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import type { GroupRef } from '../../contract/refs.ts'
import type { Reply } from '../connection/client.ts'
import { isRefused } from '../connection/redis-errors.ts'
import {
  PROBE_GROUP,
  READ_GROUP,
  READ_OWN,
  READ_QUEUE,
  type ReadQueueArguments
} from '../scripts/generated.ts'
import type { LongPolls } from '../waiting/long-polls.ts'
import type { Attempt } from '../waiting/poll.ts'
import type { Reconciler } from '../waiting/reconciler.ts'
import type { Redelivery } from '../waiting/redelivery.ts'
import { type AnswerBudget, budgetArgs, fillUp, shareOf } from './answer-budget.ts'
import type { DeathCounts } from './death-counts.ts'
import {
  type GroupDelivery,
  isEmpty,
  isQueueReply,
  joined,
  readGroupReply,
  readOwnReply,
  type StreamRead
} from './deliveries.ts'
import { fieldBytesIn } from './fields.ts'
import type { Queues } from './queues.ts'
import { hasSettlement, nothingSettled, settlementArgs, skipArgs } from './settlements.ts'
import type { StreamCommands } from './stream-commands.ts'

/** What a request got, from all its streams. */
interface Reading {
  readonly streams: StreamEntries<DeliveredEntry>[]
  readonly deliveries: readonly GroupDelivery[]
}

/** What came of an attempt to read. */
type Outcome = Attempt<Reading> & {
  /** What was settled in each stream. Absent if nothing was to be settled, or if it was not done. */
  readonly settled?: readonly Settled[]
}

/** How to read one stream. */
interface StreamReadOptions {
  /** Reads the consumer's own pending entries after this id, instead of new ones. */
  readonly after: EntryId | undefined
  readonly budget: AnswerBudget
  /** If there is nothing to deliver, changes nothing in Redis. */
  readonly isQuiet: boolean
  /** What the script settles first. */
  readonly settlement: readonly string[]
}

const NOTHING: Reading = { streams: [], deliveries: [] }

export interface GroupReadsOptions {
  readonly commands: StreamCommands
  readonly longPolls: LongPolls
  readonly reconciler: Reconciler
  readonly redelivery: Redelivery
  readonly deaths: DeathCounts
  readonly queues: Queues
  /** Called when a read has made entries due, or room for others. */
  readonly onChanged: (group: GroupRef) => void
}

/** Reads in a group. They may wait, and can be undone. */
export class GroupReads {
  readonly #options: GroupReadsOptions

  constructor(options: GroupReadsOptions) {
    this.#options = options
  }

  async readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker): Promise<Delivery> {
    const { longPolls, redelivery } = this.#options
    const { group } = request
    refuseDuplicates(request)
    const places = request.streams.map(({ stream }) => ({ stream, group }))
    const placesOfNew = places.filter((_, index) => request.streams[index]?.after === undefined)
    // Readers that are waiting already are served before this one.
    await Promise.all(placesOfNew.map((place) => longPolls.serve(place, true)))
    const readsOnlyNew = request.streams.every(({ after }) => after === undefined)
    const first = await this.#firstAttempt(request, readsOnlyNew, signal)
    const { settled } = first
    let reading = first.lastIds === undefined ? first.answer : NOTHING
    if (first.lastIds !== undefined && readsOnlyNew) {
      reading = await this.#wait(request, first.lastIds, signal, taker).catch((error) => {
        // What is settled stays settled, so the caller must learn of it.
        if (settled === undefined || !isRefused(error)) throw error
        return NOTHING
      })
    }
    let undoable = reading.deliveries
    const delivery = {
      streams: reading.streams,
      ...(settled !== undefined && { settled }),
      undo() {
        redelivery.undo(undoable)
        undoable = []
      }
    }
    if (signal.aborted) delivery.undo()
    return delivery
  }

  /** A reader that has no room to wait is refused without a change in Redis. Not even its consumer is created. */
  async #firstAttempt(request: ReadGroupsRequest, mayWait: boolean, signal: AbortSignal): Promise<Outcome> {
    const { longPolls } = this.#options
    const settlements = request.streams.map(settlementArgs)
    if (!mayWait) return this.#attempt(request, settlements, false)
    const places = request.streams.length
    const outcome = await longPolls.withRoom(places, request.waitMs, signal, (hasRoom) =>
      this.#attempt(request, settlements, !hasRoom)
    )
    const isUnsettled = outcome.settled === undefined && request.streams.some(hasSettlement)
    if (outcome.lastIds === undefined || !isUnsettled) return outcome
    // The attempt was quiet and found nothing. By now there may be room.
    longPolls.admit(places)
    return this.#attempt(request, settlements, false)
  }

  #wait(
    request: ReadGroupsRequest,
    lastIds: ReadonlyMap<string, EntryId>,
    signal: AbortSignal,
    taker: Taker | undefined
  ): Promise<Reading> {
    const { longPolls, reconciler, redelivery, queues } = this.#options
    const { streams, group, claimIdleMs, waitMs } = request
    const poll = {
      places: streams.map(({ stream }) => ({ stream, group })),
      attempt: (isQuiet: boolean) => this.#attempt(request, [], isQuiet),
      discard: ({ deliveries }: Reading) => redelivery.undo(deliveries),
      nothing: NOTHING,
      taker,
      bytesOf: (reading: Reading) => fieldBytesIn(reading.streams),
      ...(claimIdleMs !== undefined && { claimIdleMs })
    }
    const reading = longPolls.wait<Reading>(poll, lastIds, waitMs, signal)
    // An entry may fall due before the next regular check.
    for (const { stream } of streams) {
      if (queues.has({ stream, group })) reconciler.checkWithin(stream, 0)
    }
    return reading
  }

  /** Reads all streams or none. `isQuiet`: if there is nothing to deliver, changes nothing in Redis. */
  async #attempt(
    request: ReadGroupsRequest,
    settlements: readonly (readonly string[])[],
    isQuiet: boolean
  ): Promise<Outcome> {
    const { commands, redelivery } = this.#options
    const { streams, group } = request
    const isClaiming = request.claimIdleMs !== undefined
    if (streams.length > 1) {
      await Promise.all(
        streams.map(({ stream }) => commands.script(PROBE_GROUP, { stream, group }, { group, isClaiming }))
      )
    }
    const budget = shareOf(streams.length)
    const results = await Promise.allSettled(
      streams.map(({ stream, after }, index) =>
        this.#readStream(request, stream, { after, budget, isQuiet, settlement: settlements[index] ?? [] })
      )
    )
    const reads = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const isSettled = reads.some((read) => read.settled !== undefined)
    const settled = isSettled && {
      settled: streams.map(
        (place) => reads.find(({ stream }) => stream === place.stream)?.settled ?? nothingSettled(place)
      )
    }
    try {
      for (const each of results) if (each.status === 'rejected') throw each.reason
      await fillUp(reads, (read, index, rest) => this.#readOn(request, read, index, rest))
    } catch (error) {
      redelivery.undo(reads.flatMap(({ deliveries }) => deliveries))
      if (!isSettled || !isRefused(error)) throw error
      return { answer: NOTHING, ...settled }
    }
    const found = reads.filter(({ entries }) => entries.length > 0)
    if (found.length === 0) {
      const lastIds = new Map(reads.map(({ stream, lastId = MIN_ID }) => [stream, lastId]))
      return { lastIds, isFull: reads.some(({ isFull }) => isFull), ...settled }
    }
    return {
      answer: {
        streams: found.map(({ stream, entries }) => ({ stream, entries })),
        deliveries: found.flatMap(({ deliveries }) => deliveries.filter((each) => !isEmpty(each)))
      },
      ...settled
    }
  }

  /** Continues `read`, of the stream at an index of the request. Returns the old and new entries together. */
  async #readOn(
    request: ReadGroupsRequest,
    read: StreamRead,
    index: number,
    budget: AnswerBudget
  ): Promise<StreamRead> {
    const { stream, entries } = read
    const { after: start, ...place } = request.streams[index] ?? { stream }
    const count = request.count - entries.length
    const after = start === undefined ? undefined : (entries.at(-1)?.id ?? start)
    const options = { after, budget, isQuiet: false, settlement: skipArgs(place) }
    return joined(read, await this.#readStream({ ...request, count }, stream, options))
  }

  async #readStream(
    request: ReadGroupsRequest,
    stream: string,
    { after, budget, isQuiet, settlement }: StreamReadOptions
  ): Promise<StreamRead> {
    const { commands, reconciler } = this.#options
    const { group, consumer, count, noAck, claimIdleMs, maxDeliveries } = request
    const reader = { stream, group, consumer, noAck }
    const subject = { stream, group }
    const isClaiming = claimIdleMs !== undefined
    const common = { group, consumer, count, isClaiming, settlement, ...budgetArgs(budget) }
    if (after !== undefined) {
      const args = { ...common, after: formatId(after) }
      const reply = await commands.script(READ_OWN, subject, args)
      return this.#noted(subject, readOwnReply(reply, { ...reader, noAck: false }))
    }
    const isScanning = isClaiming && reconciler.idleTimes.dueInMs(subject, claimIdleMs) === 0
    const args = {
      ...common,
      noAck,
      minIdle: isScanning ? claimIdleMs : undefined,
      maxDeliveries,
      isQuiet,
      scanFrom: reconciler.idleTimes.from(subject)
    }
    const { generation } = reconciler.idleTimes
    const reply = await this.#readNext(subject, args).catch((error) => {
      if (isScanning && error instanceof EngineError) reconciler.idleTimes.forget(stream)
      throw error
    })
    const read = readGroupReply(reply, reader)
    if (isScanning) reconciler.idleTimes.note(subject, read.scan, generation)
    if (read.entries.length > 0) reconciler.delivered(subject, read.ackTimeoutMs)
    return this.#noted(subject, read)
  }

  async #readNext(group: GroupRef, args: ReadQueueArguments): Promise<Reply> {
    const { commands, queues } = this.#options
    const long = () => commands.script(READ_QUEUE, group, args)
    const short = () => commands.script(READ_GROUP, group, args)
    // The short script settles nothing.
    const reply = await (args.settlement.length > 0 ? long() : queues.run(group, short, long))
    if (!isQueueReply(reply)) queues.forget(group)
    return reply
  }

  /** Tells others what a read has changed besides its delivery. */
  #noted(group: GroupRef, read: StreamRead): StreamRead {
    const { deaths, onChanged } = this.#options
    const died = deaths.note(group, read.deaths)
    const { acked = 0, nacked = 0 } = read.settled ?? {}
    if (nacked > 0 || (read.isLimited && died + acked > 0)) onChanged(group)
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
