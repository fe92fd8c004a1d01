import type { ConsumerInfo } from '../../contract/consumers.ts'
import type { DeadEntry } from '../../contract/dead.ts'
import type { Entry } from '../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../contract/entry-id.ts'
import type { GroupInfo } from '../../contract/groups.ts'
import type { ListPendingRequest, PendingEntry, PendingSummary } from '../../contract/pending.ts'
import type { GroupStatus } from '../../contract/status.ts'
import type { ListStreamsRequest, StreamInfo, StreamPage } from '../../contract/streams.ts'
import { compareNames } from '../../semantics/name-order.ts'
import { AnswerBudget } from './answer-budget.ts'
import type { Consumer } from './consumer.ts'
import { unlessDamaged } from './damage.ts'
import { idleMs } from './delivery.ts'
import type { Group } from './group.ts'
import { earlier, stateAt } from './leases.ts'
import type { Named } from './named.ts'
import { entriesRead, lag } from './progress.ts'
import type { Stream } from './stream.ts'
import type { Streams } from './streams.ts'

/*
 * The state as clients see it. Nothing here changes anything.
 */

/** The page after the stream named by `after`, whether or not that one still exists. */
export function streamPage(
  streams: Streams,
  request: Omit<ListStreamsRequest, 'cursor'>,
  after: string | null
): { streams: StreamPage['streams']; more: boolean } {
  const page: StreamPage['streams'] = []
  const start = after !== null && compareNames(after, request.prefix) > 0 ? after : request.prefix
  for (const stream of streams.from(start)) {
    if (stream.name === after) continue
    if (!stream.name.startsWith(request.prefix)) break
    if (page.length === request.limit) return { streams: page, more: true }
    const { name, length, sizeBytes, lastId, entriesAdded, groups } = stream
    page.push({ name, length, sizeBytes, lastId, entriesAdded, groups: groups.size })
  }
  return { streams: page, more: false }
}

/** Items in the byte order of their names, and where the next page continues: null for the last page. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly last: string | null
}

export function streamInfo(stream: Stream): StreamInfo {
  const { name, length, sizeBytes, lastId, maxDeletedId, entriesAdded } = stream
  return {
    name,
    length,
    sizeBytes,
    firstId: length === 0 ? null : stream.firstId,
    lastId,
    maxDeletedId,
    entriesAdded,
    groups: stream.groups.size,
    firstEntry: firstEntry(stream),
    lastEntry: lastEntry(stream)
  }
}

/** Null if the stream is empty, or if the entry is damaged. */
function firstEntry(stream: Stream): Entry | null {
  return stream.length === 0 ? null : unlessDamaged(() => stream.get(stream.firstId))
}

/** Null if the stream is empty, or if the entry is damaged. */
function lastEntry(stream: Stream): Entry | null {
  return unlessDamaged(() => stream.rangeDown(MIN_ID, MAX_ID, 1)[0] ?? null)
}

export function groupInfo(group: Group, now: number): GroupInfo {
  return {
    ...groupPosition(group),
    consumers: group.consumers.size,
    delayed: group.pending.delayedAfter(now),
    dead: group.dead.size,
    delivery: group.policy,
    oldestPendingMs: oldestPendingMs(group, now)
  }
}

/** The first groups, in the order of their streams and names. */
export function groupStatus(streams: Streams, maxGroups: number, now: number): GroupStatus[] {
  const found: GroupStatus[] = []
  for (const { name: stream, groups } of streams.from('')) {
    for (const group of groups.from('')) {
      if (found.length === maxGroups) return found
      const { name, pending } = group
      found.push({
        stream,
        group: name,
        pending: pending.size,
        delayed: pending.delayedAfter(now),
        dead: group.dead.size,
        lag: lag(group),
        oldestPendingMs: oldestPendingMs(group, now)
      })
    }
  }
  return found
}

/** The longest idle time, also of nacked entries; null if no pending entry exists any more. */
export function oldestPendingMs({ pending }: Group, now: number): number | null {
  const nacked = pending.nackedSize === 0 ? undefined : pending.nacked().next().value
  const deliveredAt = earlier(pending.oldestDeliveredAt(), nacked?.deliveredAt ?? null)
  return deliveredAt === null ? null : idleMs({ deliveredAt }, now)
}

/** The state of a group, without durations. */
export function groupPosition(group: Group) {
  return {
    name: group.name,
    pending: group.pending.size,
    lastDeliveredId: group.lastDeliveredId,
    entriesRead: entriesRead(group),
    lag: lag(group)
  }
}

/** The page after the consumer named by `after`, whether or not that one still exists. */
export function consumerPage(
  group: Group,
  limit: number,
  after: string | null,
  now: number
): Page<ConsumerInfo> {
  const { items, last } = pageAfter(group.consumers, limit, after)
  const infos = items.map((consumer) => {
    const { name, seenAt, activeAt } = consumer
    return {
      name,
      pending: group.pending.sizeOf(consumer),
      idleMs: Math.max(0, now - seenAt),
      inactiveMs: activeAt === null ? null : Math.max(0, now - activeAt)
    }
  })
  return { items: infos, last }
}

/** The page after the group named by `after`, whether or not that one still exists. */
export function groupPage(stream: Stream, limit: number, after: string | null, now: number): Page<GroupInfo> {
  const { items, last } = pageAfter(stream.groups, limit, after)
  return { items: items.map((group) => groupInfo(group, now)), last }
}

function pageAfter<T extends { readonly name: string }>(
  named: Named<T>,
  limit: number,
  after: string | null
): Page<T> {
  const items: T[] = []
  for (const item of named.from(after ?? '')) {
    if (item.name === after) continue
    if (items.length === limit) return { items, last: items.at(-1)?.name ?? null }
    items.push(item)
  }
  return { items, last: null }
}

export function pendingPage(group: Group, request: ListPendingRequest, now: number): PendingEntry[] {
  const { from, to, limit, minIdleMs } = request
  const owner = request.consumer === undefined ? undefined : group.consumer(request.consumer)
  const page: PendingEntry[] = []
  if (request.consumer !== undefined && owner === undefined) return page
  for (const state of group.pending.ascend(from, owner)) {
    if (page.length === limit || state.id > to) break
    const idle = idleMs(state, now)
    if (idle < minIdleMs) continue
    const { id, deliveries } = state
    const { state: word, dueAt } = stateAt(group, state, now)
    page.push({
      id,
      consumer: state.owner?.name ?? null,
      idleMs: idle,
      deliveries,
      state: word,
      ...(dueAt !== null && { dueInMs: dueAt - now })
    })
  }
  return page
}

/**
 * Counts the pending entries, with a page of the consumers that own some. Skips up to `MAX_SCANNED` consumers
 * without any; then the page ends early, and the next page continues from there.
 */
export function pendingSummary(
  group: Group,
  limit: number,
  after: string | null
): { summary: Omit<PendingSummary, 'cursor'>; last: string | null } {
  const { pending } = group
  const { items, last } = ownersAfter(group, limit, after)
  const summary = {
    count: pending.size,
    firstId: pending.firstId(),
    lastId: pending.lastId(),
    consumers: items.map((consumer) => ({ name: consumer.name, count: pending.sizeOf(consumer) }))
  }
  return { summary, last }
}

/** Scanning one consumer costs 50 ns. */
const MAX_SCANNED = 10_000

function ownersAfter(group: Group, limit: number, after: string | null): Page<Consumer> {
  const items: Consumer[] = []
  let scanned = 0
  let lastScanned: string | null = null
  for (const consumer of group.consumers.from(after ?? '')) {
    if (consumer.name === after) continue
    if (scanned++ === MAX_SCANNED) return { items, last: lastScanned }
    lastScanned = consumer.name
    if (group.pending.sizeOf(consumer) === 0) continue
    if (items.length === limit) return { items, last: items.at(-1)?.name ?? null }
    items.push(consumer)
  }
  return { items, last: null }
}

/** The page of dead entries from an id on, and where the next page continues: null for the last page. */
export function deadPage(
  group: Group,
  from: EntryId,
  limit: number
): { readonly dead: DeadEntry[]; readonly next: EntryId | null } {
  const dead: DeadEntry[] = []
  const budget = new AnswerBudget()
  for (const { id, deliveries, consumer, reason, deadAt } of group.dead.from(from)) {
    if (dead.length === limit) return { dead, next: id }
    const fields = group.stream.get(id)?.fields ?? null
    if (!budget.take(fields?.length ?? 0)) return { dead, next: id }
    dead.push({ id, fields, deliveries, consumer, ...(reason !== null && { reason }), deadAt })
  }
  return { dead, next: null }
}
