import type { DeliveredEntry, ReadGroupsRequest } from '../../../contract/deliveries.ts'
import type { Entry, StreamEntries } from '../../../contract/entries.ts'
import { type EntryId, MAX_ID } from '../../../contract/entry-id.ts'
import { EngineError } from '../../../contract/errors.ts'
import { countRead } from '../../../semantics/lag.ts'
import { AnswerBudget } from '../answer-budget.ts'
import type { Change } from '../change.ts'
import { deliveredOnceMore, idleMs } from '../delivery.ts'
import type { Group } from '../group.ts'
import type { PendingState } from '../pending/pending-list.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

/** What a read delivers, and what is needed to undo it. */
export interface Reading {
  readonly streams: StreamEntries<DeliveredEntry>[]
  readonly deliveries: GroupDelivery[]
  /** New entries exist, but none was delivered because the limit of pending entries is reached. */
  readonly isAtPendingLimit: boolean
}

/** What one group delivered to a consumer. It holds ids only, because it may live as long as a connection. */
export interface GroupDelivery {
  readonly group: Group
  readonly consumer: string
  readonly at: number
  /** Entries delivered for the first time. */
  readonly newIds: readonly EntryId[]
  readonly noAck: boolean
  /** Entries delivered again, with their pending state before. */
  readonly redelivered: readonly PendingState[]
}

/**
 * Makes at most `pendingLeft` entries pending. Throws stream-not-found, group-not-found, invalid-request (a
 * stream named twice).
 */
export function readGroups(
  streams: Streams,
  request: ReadGroupsRequest,
  now: number,
  pendingLeft = Number.POSITIVE_INFINITY
): Decision<Reading> {
  const reading: GroupsReading = {
    changes: [],
    streams: [],
    deliveries: [],
    budget: new AnswerBudget(),
    pendingLeft: request.noAck ? Number.POSITIVE_INFINITY : pendingLeft,
    isAtPendingLimit: false
  }
  refuseRepeated(request.streams)
  const groups = request.streams.map(({ stream }) => streams.group({ stream, group: request.group }))
  for (const [index, { stream, after }] of request.streams.entries()) {
    if (reading.budget.isFull) break
    const group = groups[index] as Group
    const entries =
      after === undefined
        ? readNew(group, request, now, reading)
        : readOwn(group, request, after, now, reading)
    if (entries.length > 0) reading.streams.push({ stream, entries })
  }
  const { changes, deliveries } = reading
  const isAtPendingLimit = reading.isAtPendingLimit && reading.streams.length === 0
  return { changes, answer: { streams: reading.streams, deliveries, isAtPendingLimit } }
}

interface GroupsReading extends Reading {
  readonly changes: Change[]
  readonly budget: AnswerBudget
  /** How many further entries may become pending. */
  pendingLeft: number
  isAtPendingLimit: boolean
}

/**
 * Each stream is read in the state before the request, so a stream named twice would deliver the same entries
 * twice.
 */
export function refuseRepeated(streams: ReadGroupsRequest['streams']): void {
  if (streams.length === 1) return
  const names = new Set<string>()
  for (const [index, { stream }] of streams.entries()) {
    if (names.has(stream)) {
      throw new EngineError('invalid-request', 'Each stream may appear only once', {
        pointer: `/streams/${index}/stream`
      })
    }
    names.add(stream)
  }
}

/**
 * Reads the consumer's own pending entries after an id. An orphan is returned with null fields, and its state
 * does not change.
 */
function readOwn(
  group: Group,
  request: ReadGroupsRequest,
  after: EntryId,
  now: number,
  reading: GroupsReading
): DeliveredEntry[] {
  const { stream } = group
  const ref = { stream: stream.name, group: group.name, consumer: request.consumer }
  reading.changes.push({ kind: 'consumerSeen', ...ref, at: now })
  const owner = group.consumer(request.consumer)
  if (owner === undefined) return []
  const entries: DeliveredEntry[] = []
  const redelivered: PendingState[] = []
  for (const state of group.pending.ascend(after + 1n, owner)) {
    if (entries.length === request.count) break
    const { id, deliveries } = state
    const fields = stream.get(id)?.fields
    if (!reading.budget.take(fields?.length ?? 0)) break
    if (fields === undefined) {
      entries.push({ id, fields: null, deliveries })
    } else {
      entries.push({ id, fields, deliveries: deliveredOnceMore(deliveries) })
      redelivered.push(state)
    }
  }
  if (redelivered.length > 0) {
    reading.changes.push({
      kind: 'claimed',
      ...ref,
      activeAt: null,
      claims: deliveredAgain(redelivered, now)
    })
    reading.deliveries.push({
      group,
      consumer: request.consumer,
      at: now,
      newIds: [],
      noAck: false,
      redelivered
    })
  }
  return entries
}

/**
 * Reads entries that are idle for long enough, longest idle first, and then entries that no consumer has
 * received.
 */
function readNew(
  group: Group,
  request: ReadGroupsRequest,
  now: number,
  reading: GroupsReading
): DeliveredEntry[] {
  const { consumer, count, claimIdleMs, noAck } = request
  const ref = { stream: group.stream.name, group: group.name, consumer }
  const entries: DeliveredEntry[] = []
  const redelivered: PendingState[] = []
  for (const state of claimIdleMs === undefined ? [] : group.pending.byTime()) {
    const idle = idleMs(state, now)
    if (redelivered.length === count || idle < (claimIdleMs ?? 0)) break
    const { id, deliveries } = state
    const fields = group.stream.get(id)?.fields ?? null
    if (!reading.budget.take(fields?.length ?? 0)) break
    entries.push({ id, fields, deliveries: deliveredOnceMore(deliveries), idleMs: idle })
    redelivered.push(state)
  }
  const next = undelivered(group, count - redelivered.length, reading)
  for (const { id, fields } of next) entries.push({ id, fields, deliveries: 1 })
  if (redelivered.length > 0 || next.length === 0)
    reading.changes.push({ kind: 'consumerSeen', ...ref, at: now })
  if (redelivered.length > 0) {
    reading.changes.push({ kind: 'claimed', ...ref, activeAt: now, claims: deliveredAgain(redelivered, now) })
  }
  const newIds = next.map((entry) => entry.id)
  if (newIds.length > 0) {
    reading.changes.push({
      kind: 'delivered',
      ...ref,
      at: now,
      ids: newIds,
      noAck,
      ...positionAfter(group, newIds)
    })
  }
  if (entries.length > 0) reading.deliveries.push({ group, consumer, at: now, newIds, noAck, redelivered })
  return entries
}

/**
 * Reads returned entries, all of which lie below the group's position, and then the entries after the
 * position, up to the first damaged one.
 */
function undelivered(group: Group, limit: number, reading: GroupsReading): Entry[] {
  const { budget } = reading
  if (limit === 0 || budget.isFull) return []
  const entries: Entry[] = []
  if (group.returned.size > 0) {
    for (const id of group.returned.ascend()) {
      if (entries.length === limit) return entries
      const entry = group.stream.get(id) as Entry
      if (!budget.take(entry.fields.length)) return entries
      entries.push(entry)
    }
    if (budget.isFull) return entries
  }
  const from = group.lastDeliveredId + 1n
  const maxNew = Math.min(limit - entries.length, reading.pendingLeft)
  if (maxNew <= 0) {
    reading.isAtPendingLimit ||= reading.pendingLeft <= 0 && group.stream.hasAfter(group.lastDeliveredId)
    return entries
  }
  const found = group.stream.range(from, MAX_ID, maxNew, budget, true)
  reading.pendingLeft -= found.length
  return entries.length === 0 ? found : [...entries, ...found]
}

function positionAfter(group: Group, newIds: readonly EntryId[]) {
  const passed = newIds.filter((id) => id > group.lastDeliveredId)
  return {
    lastDeliveredId: passed.at(-1) ?? group.lastDeliveredId,
    entriesRead: passed.length === 0 ? group.entriesRead : countRead(group.stream, group, passed)
  }
}

function deliveredAgain(states: readonly PendingState[], now: number) {
  return states.map(({ id, deliveries }) => ({
    id,
    deliveredAt: now,
    deliveries: deliveredOnceMore(deliveries)
  }))
}
