import type { Delivery, ReadGroupsRequest } from '../contract/deliveries.ts'
import type { Taker } from '../contract/engine.ts'
import type {
  EntryPage,
  FieldsJson,
  ListEntriesRequest,
  ReadStreamsRequest,
  StreamEntries,
  StreamPlace
} from '../contract/entries.ts'
import { MAX_ID, placeBefore } from '../contract/entry-id.ts'
import { EngineError } from '../contract/errors.ts'
import type { Committer, NoRoom } from './committer.ts'
import { AnswerRoom } from './core/answer-room.ts'
import type { Decision } from './core/decide/decision.ts'
import { type GroupDelivery, type Reading, readGroups, refuseRepeated } from './core/decide/reads.ts'
import { undoDelivery } from './core/decide/undo.ts'
import { Group } from './core/group.ts'
import type { Stream } from './core/stream.ts'
import type { Streams } from './core/streams.ts'
import type { Place } from './core/wait-queues.ts'
import { type LongPolls, NoRoomFor } from './long-polls.ts'
import type { Changed, Quotas } from './quotas.ts'

/** What was found for a reader, and how far the journal had come then. */
interface Found<A> {
  readonly answer: A
  readonly position: number
}

/** A read of streams: what it finds by now, if anything, how many bytes of fields that is, and where it goes. */
interface Look<A> {
  readonly look: () => A | null
  /** The answer without entries. */
  readonly nothing: Found<A>
  readonly bytesOf: (answer: A) => number
  readonly streams: Place[]
  readonly taker: Taker | undefined
}

const NOTHING: Decision<Reading> = { changes: [], answer: { streams: [], given: [], isHeld: false } }

/** The reads that may wait, and what wakes them. */
export class Reads {
  readonly #streams: Streams
  readonly #committer: Committer
  readonly #quotas: Quotas
  readonly #longPolls: LongPolls
  /** Where readers wait although there are new entries: as many are pending as may be. */
  readonly #held = new Set<Group>()

  constructor(
    streams: Streams,
    { committer, quotas, longPolls }: { committer: Committer; quotas: Quotas; longPolls: LongPolls }
  ) {
    this.#streams = streams
    this.#committer = committer
    this.#quotas = quotas
    this.#longPolls = longPolls
  }

  async listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker): Promise<EntryPage> {
    this.#committer.assertWhole()
    const stream = this.#streams.stream(request)
    const { to, order, limit, roomBytes } = request
    const isFromNow = request.from === 'next'
    const from = request.from === 'next' ? stream.lastId + 1n : request.from
    const look = (): EntryPage | null => {
      const room = new AnswerRoom(roomBytes)
      const entries =
        order === 'asc' ? stream.range(from, to, limit, room) : stream.rangeDown(from, to, limit, room)
      const last = entries.at(-1)
      return last === undefined ? null : { entries, next: last.id }
    }
    const nothing = this.#nothing({ entries: [], next: placeBefore({ from, to, order }) }, isFromNow)
    const bytesOf = ({ entries }: EntryPage) => fieldBytes(entries)
    return this.#look({ look, nothing, bytesOf, streams: [stream], taker }, request, signal)
  }

  async readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker): Promise<StreamPlace[]> {
    this.#committer.assertWhole()
    const { count } = request
    const streams = request.streams.map((place) => this.#streams.stream(place))
    const empty = request.streams.map(({ stream, after }, index): StreamPlace => {
      const next = after === 'last' ? (streams[index] as Stream).lastId : after
      return { stream, entries: [], next }
    })
    const look = (): StreamPlace[] | null => {
      const room = new AnswerRoom()
      let found: StreamPlace[] | null = null
      for (const [index, stream] of streams.entries()) {
        if (room.isFull) break
        const place = empty[index] as StreamPlace
        const entries = stream.range(place.next + 1n, MAX_ID, count, room)
        const last = entries.at(-1)
        if (last === undefined) continue
        found ??= [...empty]
        found[index] = { stream: place.stream, entries, next: last.id }
      }
      return found
    }
    const nothing = this.#nothing(
      empty,
      request.streams.some(({ after }) => after === 'last')
    )
    return this.#look({ look, nothing, bytesOf: fieldBytesIn, streams, taker }, request, signal)
  }

  async readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker): Promise<Delivery> {
    const { claimIdleMs } = request
    refuseRepeated(request.streams)
    for (const group of this.#groupsOf(request)) this.#longPolls.serveEarlier(group)
    const isOfNew = request.streams.every(({ after }) => after === undefined)
    const decide = (now: number) => {
      const decision = readGroups(this.#streams, request, now, this.#quotas.pendingLeft)
      if (decision.answer.isHeld) this.#quotas.refusePending()
      // Whoever cannot wait is refused here, before the consumer that waiting would make is made.
      if (decision.answer.streams.length === 0 && isOfNew) {
        this.#longPolls.admit(request.streams.length, request.waitMs, signal)
      }
      return decision
    }
    let reading = this.#tryReading(decide)
    while ('neededBytes' in reading) {
      await this.#committer.room(reading)
      reading = this.#tryReading(decide)
    }
    if (reading.answer.streams.length === 0 && isOfNew) {
      const groups = this.#groupsOf(request)
      const attempt = () => this.#attempt(request, groups, taker)
      const nothing = { answer: { streams: [], given: [], isHeld: false }, position: 0 }
      const poll = {
        places: groups,
        attempt,
        nothing,
        taker,
        ...(claimIdleMs !== undefined && { claimIdleMs })
      }
      reading = await this.#longPolls.wait(poll, request.waitMs, signal)
    }
    const { streams, given } = reading.answer
    const delivery = { streams, undo: this.#redelivery(given) }
    await this.#committer.kept(reading.position)
    if (signal.aborted) delivery.undo()
    return delivery
  }

  /** Tells those who wait what has happened. */
  news({ change, stream, group }: Changed): void {
    if (this.#held.size > 0) this.#wakeHeld()
    switch (change.kind) {
      case 'appended':
        this.#longPolls.wake(stream)
        for (const reader of stream.groups.values()) this.#longPolls.wake(reader)
        return
      case 'streamDeleted':
        for (const place of [stream, ...stream.groups.values()]) {
          this.#refuse(place, 'stream-not-found', `Stream "${stream.name}" was deleted`)
        }
        return
      case 'groupDeleted':
        this.#refuse(group, 'group-not-found', `Group "${change.group}" was deleted`)
        return
      case 'groupSet':
      case 'returned':
        if (group !== undefined) this.#longPolls.wake(group)
        return
      case 'delivered':
      case 'claimed':
        if (group !== undefined) this.#longPolls.watchIdle(group)
        return
      // Nobody waits for these.
      case 'streamCreated':
      case 'streamIdSet':
      case 'entriesDeleted':
      case 'entriesDeletedV1':
      case 'trimmed':
      case 'trimmedV1':
      case 'consumerSeen':
      case 'consumerDeleted':
      case 'acked':
        return
      default:
        change satisfies never
    }
  }

  #groupsOf({ group, streams }: ReadGroupsRequest): Group[] {
    return streams.map(({ stream }) => this.#streams.group({ stream, group }))
  }

  #refuse(place: Place | undefined, code: 'stream-not-found' | 'group-not-found', message: string): void {
    if (place instanceof Group) this.#held.delete(place)
    if (place !== undefined) this.#longPolls.refuse(place, new EngineError(code, message))
  }

  /** An answer without entries waits for the disk only if it shows a stream's last id. */
  #nothing<A>(answer: A, showsLastId: boolean): Found<A> {
    return { answer, position: showsLastId ? this.#committer.position : 0 }
  }

  async #look<A>(
    { look, nothing, bytesOf, streams, taker }: Look<A>,
    { waitMs, hasPlace = false }: { waitMs: number; hasPlace?: boolean },
    signal: AbortSignal
  ): Promise<A> {
    const attempt = (): Found<A> | null => {
      const answer = look()
      return answer === null ? null : { answer, position: this.#committer.position }
    }
    const attemptToGive = () => {
      const found = attempt()
      const bytes = found === null ? 0 : bytesOf(found.answer)
      return taker === undefined || found === null || taker.take(bytes) ? found : new NoRoomFor(bytes)
    }
    const wait = () => {
      // A stream may be named twice.
      const places = streams.length === 1 ? streams : [...new Set(streams)]
      return this.#longPolls.wait(
        { places, attempt: attemptToGive, nothing, hasPlace, taker },
        waitMs,
        signal
      )
    }
    const found = attempt() ?? (await wait())
    await this.#committer.kept(found.position)
    return found.answer
  }

  /** An empty answer has nothing to wait for on the disk. */
  #tryReading(decide: (now: number) => Decision<Reading>): Found<Reading> | NoRoom {
    const decision = this.#committer.tryCommitRelief(decide)
    if ('neededBytes' in decision) return decision
    const { answer } = decision
    return { answer, position: answer.streams.length === 0 ? 0 : this.#committer.position }
  }

  #attempt(
    request: ReadGroupsRequest,
    groups: readonly Group[],
    taker: Taker | undefined
  ): Found<Reading> | NoRoomFor | null {
    let bytes = 0
    let hasRoom = true
    const reading = this.#tryReading((now) => {
      const decision = readGroups(this.#streams, request, now, this.#quotas.pendingLeft)
      if (decision.answer.isHeld) return { changes: [], answer: decision.answer }
      bytes = taker === undefined ? 0 : fieldBytesIn(decision.answer.streams)
      hasRoom = bytes === 0 || taker?.take(bytes) !== false
      return hasRoom ? decision : NOTHING
    })
    if (this.#held.size > 0) this.#wakeHeld()
    if (!hasRoom) return new NoRoomFor(bytes)
    if ('neededBytes' in reading) {
      if (bytes > 0) taker?.release(bytes)
      const again = () => {
        for (const group of groups) this.#longPolls.wake(group)
      }
      // While the disk is full the reader waits on, until its deadline.
      this.#committer.room(reading).then(again, ignoreRefusal)
      return null
    }
    if (reading.answer.isHeld) for (const group of groups) this.#held.add(group)
    return reading.answer.streams.length === 0 ? null : reading
  }

  /** One reader for each entry that may become pending; those who are served wake the next. */
  #wakeHeld(): void {
    let left = this.#quotas.pendingLeft
    for (const group of this.#held) {
      if (left <= 0) return
      this.#held.delete(group)
      if (this.#longPolls.wake(group)) left--
    }
  }

  /** Holds on to the ids alone, since it may be kept for as long as the reader's connection lives. */
  #redelivery(given: readonly GroupDelivery[]): () => void {
    let left = given
    return () => {
      const undone = left
      left = []
      for (const one of undone) {
        const decide = () => ({ changes: undoDelivery(this.#streams, one), answer: undefined })
        this.#committer.commitRelief(decide, () => undefined).catch(ignoreRefusal)
      }
    }
  }
}

function fieldBytes(entries: readonly { readonly fields: FieldsJson | null }[]): number {
  let bytes = 0
  for (const { fields } of entries) bytes += fields?.length ?? 0
  return bytes
}

function fieldBytesIn(streams: readonly StreamEntries<{ readonly fields: FieldsJson | null }>[]): number {
  let bytes = 0
  for (const { entries } of streams) bytes += fieldBytes(entries)
  return bytes
}

/** For what nobody waits for: when storage fails, whoever does wait for something is told. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof EngineError)) throw error
}
