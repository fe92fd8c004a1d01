import type { DeliveredEntry, Delivery, ReadGroupsRequest } from '../../contract/deliveries.ts'
import type { Taker } from '../../contract/engine.ts'
import type { StreamEntries } from '../../contract/entries.ts'
import { type EntryId, formatId, MIN_ID } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import { PROBE_GROUP, READ_GROUP, READ_OWN } from '../scripts/generated.ts'
import type { Attempt, LongPolls } from '../waiting/long-polls.ts'
import type { Reconciler } from '../waiting/reconciler.ts'
import type { Redelivery } from '../waiting/redelivery.ts'
import { type AnswerBudget, fillUp, roomArgs, shareOf } from './answer-budget.ts'
import { type GroupDelivery, isNothing, type Taken, taken, takenBoth, takenOwn } from './deliveries.ts'
import { fieldBytesIn } from './fields.ts'
import type { StreamCommands } from './stream-commands.ts'

interface Reading {
  readonly streams: StreamEntries<DeliveredEntry>[]
  readonly given: readonly GroupDelivery[]
}

/** How one stream is read. */
interface Taking {
  readonly stream: string
  readonly after: EntryId | undefined
  readonly share: AnswerBudget
  readonly isQuiet: boolean
}

const NOTHING: Reading = { streams: [], given: [] }

export interface GroupReadsOptions {
  readonly commands: StreamCommands
  readonly longPolls: LongPolls
  readonly reconciler: Reconciler
  readonly redelivery: Redelivery
}

/** Reads in a group, which may wait and can be undone. */
export class GroupReads {
  readonly #options: GroupReadsOptions

  constructor(options: GroupReadsOptions) {
    this.#options = options
  }

  async readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker): Promise<Delivery> {
    const { longPolls, redelivery } = this.#options
    const { waitMs, claimIdleMs, group } = request
    refuseTwice(request)
    const places = request.streams.map(({ stream }) => ({ stream, group }))
    const takesNew = places.filter((_, index) => request.streams[index]?.after === undefined)
    // Whoever waits already is served before the reader that comes now.
    await Promise.all(takesNew.map((place) => longPolls.serve(place, true)))
    const isOfNew = request.streams.every(({ after }) => after === undefined)
    // A reader that cannot wait is refused without a trace: not even its consumer is created.
    let attempt = isOfNew
      ? await longPolls.withRoom(places.length, waitMs, signal, (hasRoom) => this.#attempt(request, !hasRoom))
      : await this.#attempt(request, false)
    if (attempt.lastIds !== undefined && isOfNew) {
      const poll = {
        places,
        attempt: (isQuiet: boolean) => this.#attempt(request, isQuiet),
        discard: ({ given }: Reading) => redelivery.undo(given),
        nothing: NOTHING,
        taker,
        bytesOf: ({ streams }: Reading) => fieldBytesIn(streams),
        ...(claimIdleMs !== undefined && { claimIdleMs })
      }
      attempt = { answer: await longPolls.wait<Reading>(poll, attempt.lastIds, waitMs, signal) }
    }
    const { streams, given } = attempt.lastIds === undefined ? attempt.answer : NOTHING
    let left = given
    const delivery = {
      streams,
      undo() {
        redelivery.undo(left)
        left = []
      }
    }
    if (signal.aborted) delivery.undo()
    return delivery
  }

  /** Reads each stream, all of them or none. `isQuiet`: without a trace when there is nothing. */
  async #attempt(request: ReadGroupsRequest, isQuiet: boolean): Promise<Attempt<Reading>> {
    const { commands, redelivery } = this.#options
    const { streams, group } = request
    if (streams.length > 1) {
      await Promise.all(
        streams.map(({ stream }) => commands.script(PROBE_GROUP, { stream, group }, { group }))
      )
    }
    const share = shareOf(streams.length)
    const settled = await Promise.allSettled(
      streams.map(({ stream, after }) => this.#take(request, { stream, after, share, isQuiet }))
    )
    const all = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    try {
      for (const one of settled) if (one.status === 'rejected') throw one.reason
      await fillUp(all, (part, index, room) => this.#takeMore(request, part, streams[index]?.after, room))
    } catch (error) {
      redelivery.undo(all.flatMap(({ given }) => given))
      throw error
    }
    const found = all.filter(({ entries }) => entries.length > 0)
    if (found.length === 0) {
      return { lastIds: new Map(all.map(({ stream, lastId = MIN_ID }) => [stream, lastId])) }
    }
    return {
      answer: {
        streams: found.map(({ stream, entries }) => ({ stream, entries })),
        given: found.flatMap(({ given }) => given.filter((one) => !isNothing(one)))
      }
    }
  }

  /** Reads on in a stream, of which `part` was taken. */
  async #takeMore(
    request: ReadGroupsRequest,
    part: Taken,
    after: EntryId | undefined,
    share: AnswerBudget
  ): Promise<Taken> {
    const { stream, entries } = part
    const count = request.count - entries.length
    const from = after === undefined ? undefined : (entries.at(-1)?.id ?? after)
    const more = await this.#take({ ...request, count }, { stream, after: from, share, isQuiet: false })
    return takenBoth(part, more)
  }

  async #take(request: ReadGroupsRequest, { stream, after, share, isQuiet }: Taking): Promise<Taken> {
    const { commands, reconciler } = this.#options
    const { group, consumer, count, noAck, claimIdleMs } = request
    const reader = { stream, group, consumer, noAck }
    const subject = { stream, group }
    if (after !== undefined) {
      const args = { group, consumer, count, after: formatId(after), ...roomArgs(share) }
      return takenOwn(await commands.script(READ_OWN, subject, args), { ...reader, noAck: false })
    }
    const isClaiming = claimIdleMs !== undefined && reconciler.idleTimes.restMs(subject, claimIdleMs) === 0
    const args = {
      group,
      consumer,
      count,
      noAck,
      minIdle: isClaiming ? claimIdleMs : undefined,
      isQuiet,
      ...roomArgs(share),
      lookFrom: reconciler.idleTimes.from(subject)
    }
    const { generation } = reconciler.idleTimes
    const reply = await commands.script(READ_GROUP, subject, args).catch((error) => {
      if (isClaiming && error instanceof EngineError) reconciler.idleTimes.forget(stream)
      throw error
    })
    const got = taken(reply, reader)
    if (isClaiming) reconciler.idleTimes.note(subject, got.look, generation)
    if (got.entries.length > 0) reconciler.delivered(subject)
    return got
  }
}

function refuseTwice({ streams }: ReadGroupsRequest): void {
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
