import type { DeliveredEntry } from '../../../contract/deliveries.ts'
import { DEATH_REASONS } from '../../../contract/delivery-policy.ts'
import type { Entry } from '../../../contract/entries.ts'
import { type EntryId, MAX_ID } from '../../../contract/entry-id.ts'
import { firstShare } from '../../../semantics/delivery-policy.ts'
import { countRead } from '../../../semantics/lag.ts'
import { deliveredOnceMore, idleMs } from '../delivery.ts'
import type { Group } from '../group.ts'
import { type Due, due, isLastDelivery, mayHaveDue } from '../leases.ts'
import type { PendingState } from '../pending/pending-list.ts'
import { deliveredAgain, type GroupsReading, leaseMembers } from './reading.ts'
import { isSettled, type Settlement } from './settle.ts'

/**
 * Reads entries that are due or have been idle for long enough, longest first, and entries that no consumer has
 * received. Idle entries come first. Due and new entries share the read, and which of them comes first changes.
 */
export function readNext(group: Group, settlement: Settlement, reading: GroupsReading): DeliveredEntry[] {
  const { request, now, changes } = reading
  const { consumer, count, claimIdleMs, noAck } = request
  const ref = { stream: group.stream.name, group: group.name, consumer }
  const again = new Redeliveries(group, settlement, reading)
  const next = new NewEntries(group, settlement, reading, again)
  if (claimIdleMs !== undefined) again.takeIdle(claimIdleMs, count)
  if (group.gaveDueLast) {
    next.take(again.hasMore ? firstShare(count - again.size) : count - again.size)
    again.takeDue(count - next.size)
    next.take(count - again.size)
  } else {
    again.takeDue(again.size + firstShare(count - again.size))
    next.take(count - again.size)
    again.takeDue(count - next.size)
  }
  const { redelivered } = again
  const newIds = next.entries.map(({ id }) => id)
  if (redelivered.length > 0 || newIds.length === 0) changes.push({ kind: 'consumerSeen', ...ref, at: now })
  if (redelivered.length > 0) {
    changes.push({ kind: 'claimed', ...ref, activeAt: now, claims: deliveredAgain(redelivered, now) })
  }
  if (newIds.length > 0) {
    const position = positionAfter(group, newIds)
    changes.push({ kind: 'delivered', ...ref, at: now, ids: newIds, noAck, ...position })
  }
  if (redelivered.length + newIds.length === 0) return []
  reading.deliveries.push({ group, consumer, at: now, newIds, noAck, redelivered })
  const lease = noAck ? {} : leaseMembers(group, now)
  return [
    ...again.entries,
    ...next.entries.map(({ id, fields }) => ({ id, fields, deliveries: 1, ...lease }))
  ]
}

const NO_LIMIT = Number.POSITIVE_INFINITY

/** Entries that a read passes over or lets die at most. */
const MAX_PASSED = 1000

const NONE_DUE: Iterator<Due, undefined> = { next: () => ({ done: true, value: undefined }) }

/** Entries that are delivered again. */
class Redeliveries {
  readonly entries: DeliveredEntry[] = []
  readonly redelivered: PendingState[] = []
  readonly #group: Group
  readonly #settlement: Settlement
  readonly #reading: GroupsReading
  readonly #due: Iterator<Due, undefined>
  #next: PendingState | undefined
  #passed = 0

  constructor(group: Group, settlement: Settlement, reading: GroupsReading) {
    this.#group = group
    this.#settlement = settlement
    this.#reading = reading
    this.#due = mayHaveDue(group) ? due(group, reading.now) : NONE_DUE
    this.#advance()
  }

  get size(): number {
    return this.redelivered.length
  }

  /** Whether another entry is due. */
  get hasMore(): boolean {
    return this.#next !== undefined
  }

  /** Takes entries that have been idle for so long, until there are `limit` in all. */
  takeIdle(claimIdleMs: number, limit: number): void {
    const { now, request, deaths } = this.#reading
    const { maxDeliveries = Number.POSITIVE_INFINITY } = request
    let passed = 0
    for (const state of this.#group.pending.byTime()) {
      if (this.size >= limit || idleMs(state, now) < claimIdleMs || passed > MAX_PASSED) return
      if (isSettled(this.#settlement, state.id) || state.deliveries >= maxDeliveries) passed++
      else if (!isLastDelivery(this.#group, state.deliveries)) {
        if (!this.#take(state)) return
      } else {
        deaths.add(this.#group, state, DEATH_REASONS.claimed)
        passed++
      }
    }
  }

  /** Takes due entries until there are `limit` in all. */
  takeDue(limit: number): void {
    while (this.#next !== undefined && this.size < limit) {
      if (!this.#take(this.#next)) return
      this.#advance()
    }
  }

  #advance(): void {
    do this.#next = this.#due.next().value?.state
    while (this.#next !== undefined && this.#isPassedOver(this.#next) && ++this.#passed <= MAX_PASSED)
    if (this.#passed > MAX_PASSED) this.#next = undefined
  }

  /** Whether an entry was settled by this request, or is about to die. */
  #isPassedOver({ id, deliveries }: PendingState): boolean {
    return isSettled(this.#settlement, id) || isLastDelivery(this.#group, deliveries)
  }

  /** Returns false if the answer has no room for it. */
  #take(state: PendingState): boolean {
    const { budget, now } = this.#reading
    const { id, deliveries } = state
    const fields = this.#group.stream.get(id)?.fields ?? null
    if (!budget.take(fields?.length ?? 0)) return false
    this.entries.push({
      id,
      fields,
      deliveries: deliveredOnceMore(deliveries),
      idleMs: idleMs(state, now),
      ...leaseMembers(this.#group, now)
    })
    this.redelivered.push(state)
    return true
  }
}

/**
 * Entries that no consumer has received: first the returned ones, which lie below the group's position, and then the
 * entries after the position, up to the first damaged one.
 */
class NewEntries {
  readonly entries: Entry[] = []
  readonly #group: Group
  readonly #reading: GroupsReading
  readonly #settlement: Settlement
  /** Those that the read gives besides. */
  readonly #again: Redeliveries
  readonly #returned: Iterator<EntryId, undefined>
  #position: EntryId

  constructor(group: Group, settlement: Settlement, reading: GroupsReading, again: Redeliveries) {
    this.#group = group
    this.#reading = reading
    this.#settlement = settlement
    this.#again = again
    this.#returned = group.returned.size > 0 ? group.returned.ascend() : [].values()
    this.#position = group.lastDeliveredId
  }

  get size(): number {
    return this.entries.length
  }

  /** Takes entries until there are `limit`. */
  take(limit: number): void {
    const { budget } = this.#reading
    const all = Math.min(limit, this.#allowed())
    while (this.size < all && !budget.isFull) {
      const id = this.#returned.next().value
      if (id === undefined) break
      const entry = this.#group.stream.get(id) as Entry
      if (!budget.take(entry.fields.length)) return
      this.entries.push(entry)
    }
    if (this.size >= all || budget.isFull) return
    this.#takeAfterPosition(all - this.size)
  }

  /** How many the group's policy allows in all, with what the consumer got by this read so far. */
  #allowed(): number {
    const { policy, pending } = this.#group
    const { maxPending, maxPendingPerConsumer } = policy ?? {}
    const { consumer: name, noAck } = this.#reading.request
    if (noAck || (maxPending === undefined && maxPendingPerConsumer === undefined)) return NO_LIMIT
    const { released } = this.#settlement
    const { redelivered } = this.#again
    const consumer = this.#group.consumer(name)
    const held = consumer === undefined ? 0 : pending.sizeOf(consumer)
    const taken = redelivered.filter(({ owner }) => owner === null).length
    const got = redelivered.filter(({ owner }) => owner === null || owner !== consumer).length
    const left = (maxPending ?? NO_LIMIT) - pending.ownedSize + released - taken
    const leftOfConsumer = (maxPendingPerConsumer ?? NO_LIMIT) - held + released - got
    return Math.max(0, Math.min(left, leftOfConsumer))
  }

  #takeAfterPosition(limit: number): void {
    const reading = this.#reading
    const { stream } = this.#group
    const most = Math.min(limit, reading.pendingLeft)
    if (most <= 0) {
      reading.isAtPendingLimit ||= stream.hasAfter(this.#position)
      return
    }
    const found = stream.range(this.#position + 1n, MAX_ID, most, reading.budget, true)
    reading.pendingLeft -= found.length
    this.#position = found.at(-1)?.id ?? this.#position
    this.entries.push(...found)
  }
}

function positionAfter(group: Group, newIds: readonly EntryId[]) {
  const passed = newIds.filter((id) => id > group.lastDeliveredId)
  return {
    lastDeliveredId: passed.at(-1) ?? group.lastDeliveredId,
    entriesRead: passed.length === 0 ? group.entriesRead : countRead(group.stream, group, passed)
  }
}
