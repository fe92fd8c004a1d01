import type { Delivery, ReadGroupsRequest } from '../contract/deliveries.ts'
import type { Taker } from '../contract/engine.ts'
import { EngineError } from '../contract/errors.ts'
import type { Committer, NoRoom } from './committer.ts'
import type { Decision } from './core/decide/decision.ts'
import { EMPTY_READING, type GroupDelivery, type Reading } from './core/decide/reading.ts'
import { readGroups, refuseRepeated } from './core/decide/reads.ts'
import { undoDelivery } from './core/decide/undo.ts'
import type { Group } from './core/group.ts'
import type { Streams } from './core/streams.ts'
import { type Found, fieldBytesIn } from './found.ts'
import { type LongPolls, TakerFull } from './long-polls.ts'
import type { Quotas } from './quotas.ts'

const NOTHING: Decision<Reading> = { changes: [], answer: EMPTY_READING }

export interface GroupReadsParts {
  readonly committer: Committer
  readonly quotas: Quotas
  readonly longPolls: LongPolls
}

/** Reads in a group, which may wait and can be undone. */
export class GroupReads {
  readonly #streams: Streams
  readonly #committer: Committer
  readonly #quotas: Quotas
  readonly #longPolls: LongPolls
  /**
   * Groups whose readers wait although new entries exist, because the limit of pending entries is reached.
   */
  readonly #atLimit = new Set<Group>()

  constructor(streams: Streams, { committer, quotas, longPolls }: GroupReadsParts) {
    this.#streams = streams
    this.#committer = committer
    this.#quotas = quotas
    this.#longPolls = longPolls
  }

  async readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker): Promise<Delivery> {
    refuseRepeated(request.streams)
    for (const group of this.#groupsOf(request)) this.#longPolls.serveEarlier(group)
    const readsNew = request.streams.every(({ after }) => after === undefined)
    const decide = (now: number) => {
      const decision = readGroups(this.#streams, request, now, this.#quotas.pendingLeft)
      const { isAtPendingLimit, settled, streams } = decision.answer
      if (isAtPendingLimit && settled === undefined) this.#quotas.refusePending()
      // Refuses a reader that cannot wait before the read creates its consumer or settles anything.
      if (streams.length === 0 && readsNew) {
        this.#longPolls.admit(request.streams.length, request.waitMs, signal)
      }
      return decision
    }
    let reading = this.#tryReading(decide)
    while ('neededBytes' in reading) {
      await this.#committer.room(reading)
      reading = this.#tryReading(decide)
    }
    const { settled } = reading.answer
    const settledAt = settled === undefined ? 0 : this.#committer.position
    if (reading.answer.streams.length === 0 && readsNew) {
      reading = await this.#wait(request, signal, taker, settled !== undefined)
    }
    const { streams, deliveries } = reading.answer
    const delivery = {
      streams,
      undo: this.#redelivery(deliveries),
      ...(settled !== undefined && { settled })
    }
    await this.#committer.kept(Math.max(reading.position, settledAt))
    if (signal.aborted) delivery.undo()
    return delivery
  }

  /** Waits for entries. What was settled before stays settled, and its answer must not become a refusal. */
  async #wait(
    given: ReadGroupsRequest,
    signal: AbortSignal,
    taker: Taker | undefined,
    hasSettled: boolean
  ): Promise<Found<Reading>> {
    const request = hasSettled ? withoutSettling(given) : given
    const groups = this.#groupsOf(request)
    const { claimIdleMs } = request
    const poll = {
      places: groups,
      attempt: () => this.#attempt(request, groups, taker),
      isHeldBack: () => groups.every((group) => isHeldBack(group, request.consumer)),
      emptyAnswer: { answer: EMPTY_READING, position: 0 },
      taker,
      ...(claimIdleMs !== undefined && { claimIdleMs })
    }
    const waited = this.#longPolls.wait(poll, request.waitMs, signal)
    if (!hasSettled) return waited
    return waited.catch((error: unknown) => {
      ignoreRefusal(error)
      return poll.emptyAnswer
    })
  }

  /** The group was deleted. */
  forget(group: Group): void {
    this.#atLimit.delete(group)
  }

  /** Wakes one reader for each entry that may become pending. A reader that is served wakes the next. */
  wakeAtLimit(): void {
    if (this.#atLimit.size === 0) return
    let left = this.#quotas.pendingLeft
    for (const group of this.#atLimit) {
      if (left <= 0) return
      this.#atLimit.delete(group)
      if (this.#longPolls.wake(group)) left--
    }
  }

  #groupsOf({ group, streams }: ReadGroupsRequest): Group[] {
    return streams.map(({ stream }) => this.#streams.group({ stream, group }))
  }

  /** An empty answer shows nothing that must be on disk first. */
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
  ): Found<Reading> | TakerFull | null {
    let bytes = 0
    let hasRoom = true
    const reading = this.#tryReading((now) => {
      const decision = readGroups(this.#streams, request, now, this.#quotas.pendingLeft)
      // Nothing is written for each reader that is woken in vain.
      if (decision.answer.streams.length === 0) return { changes: [], answer: decision.answer }
      bytes = taker === undefined ? 0 : fieldBytesIn(decision.answer.streams)
      hasRoom = bytes === 0 || taker?.take(bytes) !== false
      return hasRoom ? decision : NOTHING
    })
    this.wakeAtLimit()
    if (!hasRoom) return new TakerFull(bytes)
    if ('neededBytes' in reading) {
      if (bytes > 0) taker?.release(bytes)
      const retry = () => {
        for (const group of groups) this.#longPolls.wake(group)
      }
      // While the disk is full, the reader continues to wait until its deadline.
      this.#committer.room(reading).then(retry, ignoreRefusal)
      return null
    }
    if (reading.answer.isAtPendingLimit) for (const group of groups) this.#atLimit.add(group)
    return reading.answer.streams.length === 0 ? null : reading
  }

  /** Keeps ids only, because it may live as long as the reader's connection. */
  #redelivery(deliveries: readonly GroupDelivery[]): () => void {
    let left = deliveries
    return () => {
      const undone = left
      left = []
      for (const delivery of undone) {
        const decide = () => ({ changes: undoDelivery(this.#streams, delivery), answer: undefined })
        this.#committer.commitRelief(decide, () => undefined).catch(ignoreRefusal)
      }
    }
  }
}

/** For work that nobody waits for. If storage fails, requests that wait for something report it. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof EngineError)) throw error
}

/** Whether the consumer holds as many entries as the group's policy allows it. */
function isHeldBack(group: Group, name: string): boolean {
  const most = group.policy?.maxPendingPerConsumer
  const consumer = most === undefined ? undefined : group.consumer(name)
  return most !== undefined && consumer !== undefined && group.pending.sizeOf(consumer) >= most
}

function withoutSettling({ streams, ...how }: ReadGroupsRequest): ReadGroupsRequest {
  return { ...how, streams: streams.map(({ stream }) => ({ stream })) }
}
