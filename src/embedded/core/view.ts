import type {
  ConsumerInfo,
  GroupDescription,
  GroupInfo,
  ListPendingRequest,
  ListStreamsRequest,
  PendingEntry,
  PendingSummary,
  StreamDescription,
  StreamInfo,
  StreamPage
} from '../../engine.ts'
import { MAX_ID, MIN_ID } from '../../entry-id.ts'
import type { Group } from './group.ts'
import { entriesRead, lag } from './lag.ts'
import { compareNames } from './name-order.ts'
import { idleMs } from './pending.ts'
import type { Stream } from './stream.ts'
import type { Streams } from './streams.ts'

/*
 * What the state looks like from outside. Nothing here changes anything.
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

export function streamInfo(stream: Stream): StreamInfo {
  const { name, length, sizeBytes, lastId, maxDeletedId, entriesAdded } = stream
  const firstEntry = stream.first()
  return {
    name,
    length,
    sizeBytes,
    firstId: length === 0 ? null : stream.firstId,
    lastId,
    maxDeletedId,
    entriesAdded,
    groups: stream.groups.size,
    firstEntry,
    lastEntry: stream.last()
  }
}

export function streamDescription(stream: Stream, limit: number): StreamDescription {
  return {
    ...streamInfo(stream),
    entries: stream.range(MIN_ID, MAX_ID, limit),
    groups: take(groupsOf(stream), limit).map((group) => groupDescription(group, limit))
  }
}

/** In the byte order of their names. */
export function groupsOf(stream: Stream): Group[] {
  return [...stream.groups.values()].sort((a, b) => compareNames(a.name, b.name))
}

export function groupInfo(group: Group, now: number): GroupInfo {
  return {
    ...groupPlace(group),
    consumers: group.consumerCount,
    oldestPendingMs: oldestPendingMs(group, now)
  }
}

/** Null when none is pending that can be claimed. */
export function oldestPendingMs({ pending }: Group, now: number): number | null {
  const deliveredAt = pending.oldestDeliveredAt()
  return deliveredAt === null ? null : idleMs({ deliveredAt }, now)
}

function groupPlace(group: Group) {
  return {
    name: group.name,
    pending: group.pending.size,
    lastDeliveredId: group.lastDeliveredId,
    entriesRead: entriesRead(group),
    lag: lag(group)
  }
}

function groupDescription(group: Group, limit: number): GroupDescription {
  return {
    ...groupPlace(group),
    pendingEntries: take(group.pending.ascend(MIN_ID), limit).map(
      ({ id, owner, deliveredAt, deliveries }) => ({
        id,
        consumer: owner.name,
        deliveredAt,
        deliveries
      })
    ),
    consumers: take(group.consumers(), limit).map((consumer) => ({
      name: consumer.name,
      pending: consumer.pending.size,
      seenAt: consumer.seenAt,
      activeAt: consumer.activeAt,
      pendingEntries: take(group.pending.ascend(MIN_ID, consumer), limit).map(
        ({ id, deliveredAt, deliveries }) => ({ id, deliveredAt, deliveries })
      )
    }))
  }
}

export function consumerInfos(group: Group, now: number): ConsumerInfo[] {
  return group.consumers().map(({ name, pending, seenAt, activeAt }) => ({
    name,
    pending: pending.size,
    idleMs: Math.max(0, now - seenAt),
    inactiveMs: activeAt === null ? null : Math.max(0, now - activeAt)
  }))
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
    page.push({ id: state.id, consumer: state.owner.name, idleMs: idle, deliveries: state.deliveries })
  }
  return page
}

export function pendingSummary(group: Group): PendingSummary {
  const { pending } = group
  return {
    count: pending.size,
    firstId: pending.firstId(),
    lastId: pending.lastId(),
    consumers: group
      .consumers()
      .filter((consumer) => consumer.pending.size > 0)
      .map((consumer) => ({ name: consumer.name, count: consumer.pending.size }))
  }
}

function take<T>(items: Iterable<T>, limit: number): T[] {
  const taken: T[] = []
  for (const item of items) {
    if (taken.length === limit) break
    taken.push(item)
  }
  return taken
}
