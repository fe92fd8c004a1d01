import type { DeliveredEntry, Delivery, ReadGroupsRequest, StreamEntries } from '../engine.ts'
import { type EntryId, formatId, MIN_ID } from '../entry-id.ts'
import { EngineError } from '../errors.ts'
import type { Calls } from './calls.ts'
import { ANSWER_BYTES, type Given, isNothing, type Taken, taken, takenOwn } from './deliveries.ts'
import type { Looks } from './looks.ts'
import type { Attempt, Polls } from './polls.ts'
import { PROBE_GROUP, READ_GROUP, READ_OWN } from './scripts/read-group.ts'
import type { Undoing } from './undoing.ts'

interface Reading {
  readonly streams: StreamEntries<DeliveredEntry>[]
  readonly given: readonly Given[]
}

const NOTHING: Reading = { streams: [], given: [] }

export interface GroupReadsOptions {
  readonly calls: Calls
  readonly polls: Polls
  readonly looks: Looks
  readonly undoing: Undoing
  readonly knowsClaim: () => boolean
}

/** Reads in a group, which may wait and can be undone. */
export class GroupReads {
  readonly #options: GroupReadsOptions

  constructor(options: GroupReadsOptions) {
    this.#options = options
  }

  async readGroups(request: ReadGroupsRequest, signal: AbortSignal): Promise<Delivery> {
    const { polls, undoing } = this.#options
    const { waitMs, claimIdleMs, group } = request
    refuseTwice(request)
    const places = request.streams.map(({ stream }) => ({ stream, group }))
    const takesNew = places.filter((_, index) => request.streams[index]?.after === undefined)
    // Whoever waits already is served before the reader that comes now.
    await Promise.all(takesNew.map((place) => polls.serve(place)))
    const isOfNew = request.streams.every(({ after }) => after === undefined)
    let attempt = await this.#attempt(request, isOfNew && polls.isFull(waitMs, signal))
    if (attempt.lastIds !== undefined && isOfNew) {
      const poll = {
        places,
        attempt: () => this.#attempt(request, false),
        discard: ({ given }: Reading) => undoing.undo(given),
        nothing: NOTHING,
        ...(claimIdleMs !== undefined && { claimIdleMs })
      }
      attempt = { answer: await polls.wait<Reading>(poll, attempt.lastIds, waitMs, signal) }
    }
    const { streams, given } = attempt.lastIds === undefined ? attempt.answer : NOTHING
    let left = given
    const delivery = {
      streams,
      undo() {
        undoing.undo(left)
        left = []
      }
    }
    if (signal.aborted) delivery.undo()
    return delivery
  }

  /** Reads each stream, all of them or none. `isQuiet`: without a trace when there is nothing. */
  async #attempt(request: ReadGroupsRequest, isQuiet: boolean): Promise<Attempt<Reading>> {
    const { calls, undoing } = this.#options
    const { streams, group } = request
    if (streams.length > 1) {
      await Promise.all(streams.map(({ stream }) => calls.script(PROBE_GROUP, { stream, group }, [group])))
    }
    const settled = await Promise.allSettled(
      streams.map(({ stream, after }) => this.#take(request, stream, after, isQuiet))
    )
    const all = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const refused = settled.find((one) => one.status === 'rejected')
    if (refused !== undefined) {
      undoing.undo(all.map(({ given }) => given))
      throw refused.reason
    }
    const found = all.filter(({ entries }) => entries.length > 0)
    if (found.length === 0) {
      return { lastIds: new Map(all.map(({ given, lastId = MIN_ID }) => [given.stream, lastId])) }
    }
    return {
      answer: {
        streams: found.map(({ given, entries }) => ({ stream: given.stream, entries })),
        given: found.map(({ given }) => given).filter((given) => !isNothing(given))
      }
    }
  }

  async #take(
    request: ReadGroupsRequest,
    stream: string,
    after: EntryId | undefined,
    isQuiet: boolean
  ): Promise<Taken> {
    const { calls, looks, knowsClaim } = this.#options
    const { group, consumer, count, noAck, claimIdleMs } = request
    const reader = { stream, group, consumer, noAck }
    const subject = { stream, group }
    if (after !== undefined) {
      const args = [group, consumer, String(count), formatId(after), String(ANSWER_BYTES)]
      return takenOwn(await calls.script(READ_OWN, subject, args), { ...reader, noAck: false })
    }
    const isClaiming = claimIdleMs !== undefined && looks.idleTimes.restMs(subject, claimIdleMs) === 0
    const args = [
      ...[group, consumer, String(count), flag(noAck), isClaiming ? String(claimIdleMs) : '', flag(isQuiet)],
      ...[String(ANSWER_BYTES), looks.idleTimes.from(subject), flag(knowsClaim())]
    ]
    const { generation } = looks.idleTimes
    const got = taken(await calls.script(READ_GROUP, subject, args), reader)
    if (isClaiming) looks.idleTimes.note(subject, got.look, generation)
    if (got.entries.length > 0) looks.delivered(subject)
    return got
  }
}

function refuseTwice({ streams }: ReadGroupsRequest): void {
  const seen = new Set<string>()
  for (const [index, { stream }] of streams.entries()) {
    if (seen.has(stream)) {
      throw new EngineError('invalid-request', 'A stream can be named once', {
        pointer: `/streams/${index}/stream`
      })
    }
    seen.add(stream)
  }
}

function flag(value: boolean): string {
  return value ? '1' : '0'
}
