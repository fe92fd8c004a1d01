import type { ConsumerInfo } from '../../contract/consumers.ts'
import type { DeliveryPolicy } from '../../contract/delivery-policy.ts'
import type { Entry } from '../../contract/entries.ts'
import { type EntryId, parseId } from '../../contract/entry-id.ts'
import type { GroupInfo } from '../../contract/groups.ts'
import type { PendingEntry, PendingEntryState, PendingSummary } from '../../contract/pending.ts'
import type { GroupDescription, StreamDescription, StreamInfo } from '../../contract/streams.ts'
import { type GroupPosition, lagBehind, provedRead, type StreamCounters } from '../../semantics/lag.ts'
import type { Reply } from '../connection/client.ts'
import { NOBODY, RETURNED } from '../scripts/script.ts'
import { fittingBeside } from './answer-budget.ts'
import { contentOf, textOf } from './fields.ts'

/*
 * Converts the replies of scripts and commands to the values of the contract.
 */

export function list(reply: Reply | undefined): Reply[] {
  return Array.isArray(reply) ? reply : []
}

/**
 * Converts a count. Redis counts in 64 bits. Counts above 2^53 - 1, which numbers do not represent exactly and which no
 * request can contain, become 2^53 - 1.
 */
export function count(reply: Reply | undefined): number {
  return Math.min(Number(reply), Number.MAX_SAFE_INTEGER)
}

/** Throws for an invalid id, which Redis never returns. */
export function id(reply: Reply | undefined): EntryId {
  const parsed = parseId(textOf(reply))
  if (parsed === null) throw new TypeError(`Redis returned "${reply}" as an id`)
  return parsed
}

export function ids(reply: Reply | undefined): EntryId[] {
  return list(reply).map(id)
}

export function texts(reply: Reply | undefined): string[] {
  return list(reply).map(textOf)
}

export function entry(reply: Reply | undefined): Entry {
  const [entryId, fields] = list(reply)
  return { ...contentOf(list(fields)), id: id(entryId) }
}

export function entries(reply: Reply | undefined): Entry[] {
  return list(reply).map(entry)
}

function orNull<T>(reply: Reply | undefined, parse: (reply: Reply) => T): T | null {
  return reply === undefined || reply === null ? null : parse(reply)
}

/** Finds a value in a reply of XINFO, which lists names and values in turn. */
function named(reply: Reply | undefined): (name: string) => Reply | undefined {
  const flat = list(reply)
  const values = new Map<string, Reply | undefined>()
  for (let i = 0; i < flat.length; i += 2) values.set(String(flat[i]), flat[i + 1])
  return (name) => values.get(name)
}

/** Converts the reply of the script STREAM. */
export function streamInfo(name: string, reply: Reply): StreamInfo {
  const [xinfo, sizeBytes] = list(reply)
  const info = named(xinfo)
  const firstEntry = orNull(info('first-entry'), entry)
  return {
    name,
    length: count(info('length')),
    sizeBytes: count(sizeBytes),
    firstId: firstEntry?.id ?? null,
    lastId: id(info('last-generated-id')),
    maxDeletedId: id(info('max-deleted-entry-id')),
    entriesAdded: count(info('entries-added')),
    groups: count(info('groups')),
    firstEntry,
    lastEntry: orNull(info('last-entry'), entry)
  }
}

/** Converts the reply of the script GROUPS. `miscounts`: see `Capabilities`. */
export function groupInfos(reply: Reply, miscounts: boolean): GroupInfo[] {
  const [length, firstId, lastId, maxDeletedId, entriesAdded, groups] = list(reply)
  const stream = {
    length: count(length),
    firstId: id(firstId),
    lastId: id(lastId),
    maxDeletedId: id(maxDeletedId),
    entriesAdded: count(entriesAdded)
  }
  return list(groups).map((group) => {
    const [name, consumers, pending, lastDeliveredId, read, returned, oldest, after, ...more] = list(group)
    const [delayed, dead, policy = null] = more
    const reported = { lastDeliveredId: id(lastDeliveredId), entriesRead: orNull(read, count) }
    const position = miscounts ? provedPosition(stream, reported, orNull(after, count)) : reported
    return {
      name: String(name),
      consumers: count(consumers),
      pending: count(pending),
      delayed: count(delayed),
      dead: count(dead),
      delivery: orNull(policy, (text) => JSON.parse(String(text)) as DeliveryPolicy),
      ...groupProgress(stream, position, count(returned)),
      oldestPendingMs: orNull(oldest, count)
    }
  })
}

function provedPosition(stream: StreamCounters, group: GroupPosition, after: number | null): GroupPosition {
  return { ...group, entriesRead: provedRead(stream, group, after) }
}

/** Returned entries count as not read, although the group's position is after them. */
function groupProgress(stream: StreamCounters, group: GroupPosition, returned: number) {
  const lag = lagBehind(stream, group)
  return {
    lastDeliveredId: group.lastDeliveredId,
    entriesRead: group.entriesRead === null ? null : Math.max(0, group.entriesRead - returned),
    lag: lag === null ? null : lag + returned
  }
}

/**
 * Converts the reply of the script DESCRIBE. Lists may exceed `limit` by the returned entries, which are left out here.
 */
export function streamDescription(
  name: string,
  reply: Reply,
  limit: number,
  miscounts: boolean
): StreamDescription {
  const [summary = [], full, returned, cut] = list(reply)
  const { groups: _count, ...info } = streamInfo(name, summary)
  const stream = { ...info, firstId: info.firstId ?? 0n }
  const values = named(full)
  const returnedOf = new Map(
    list(returned).map((each) => [String(list(each)[0]), list(each).slice(1).map(count)])
  )
  const groups = list(values('groups')).slice(0, limit)
  const described = entries(list(values('entries')).slice(0, limit))
  // The script measures the length of texts, which are longer as JSON.
  const fitting = fittingBeside([info.firstEntry, info.lastEntry], described)
  return {
    ...info,
    entries: fitting,
    groups: groups.map((each) => {
      const group = named(each)
      const [deliverable = 0, obsolete = 0] = returnedOf.get(String(group('name'))) ?? []
      return groupDescription(stream, group, { deliverable, obsolete }, { limit, miscounts })
    }),
    truncated: cut === 1 || fitting.length < described.length
  }
}

function groupDescription(
  stream: StreamCounters,
  group: (name: string) => Reply | undefined,
  returned: { deliverable: number; obsolete: number },
  { limit, miscounts }: { limit: number; miscounts: boolean }
): GroupDescription {
  const reported = {
    lastDeliveredId: id(group('last-delivered-id')),
    entriesRead: orNull(group('entries-read'), count)
  }
  const after = reported.lastDeliveredId === stream.lastId ? 0 : null
  const position = miscounts ? provedPosition(stream, reported, after) : reported
  const pendingEntries = list(group('pending')).map((pending) => {
    const [entryId, consumer, at, deliveries] = list(pending)
    return {
      id: id(entryId),
      consumer: textOf(consumer) === NOBODY ? null : textOf(consumer),
      deliveredAt: count(at),
      deliveries: count(deliveries)
    }
  })
  const consumers = list(group('consumers')).map((each) => consumerDescription(named(each), limit))
  return {
    name: String(group('name')),
    pending: count(group('pel-count')) - returned.deliverable - returned.obsolete,
    ...groupProgress(stream, position, returned.deliverable),
    pendingEntries: pendingEntries.filter(({ consumer }) => consumer !== RETURNED).slice(0, limit),
    consumers: consumers.filter(({ name }) => name !== RETURNED && name !== NOBODY).slice(0, limit)
  }
}

function consumerDescription(consumer: (name: string) => Reply | undefined, limit: number) {
  const activeAt = count(consumer('active-time') ?? -1)
  return {
    name: String(consumer('name')),
    pending: count(consumer('pel-count')),
    seenAt: count(consumer('seen-time')),
    activeAt: activeAt < 0 ? null : activeAt,
    pendingEntries: list(consumer('pending'))
      .slice(0, limit)
      .map((pending) => {
        const [entryId, at, deliveries] = list(pending)
        return { id: id(entryId), deliveredAt: count(at), deliveries: count(deliveries) }
      })
  }
}

/** Converts the reply of XINFO CONSUMERS. Before Redis 7.2, it does not report when a consumer last got an entry. */
export function consumerInfos(reply: Reply | undefined): ConsumerInfo[] {
  return list(reply).map((each) => {
    const consumer = named(each)
    const inactiveMs = count(consumer('inactive') ?? -1)
    return {
      name: String(consumer('name')),
      pending: count(consumer('pending')),
      idleMs: count(consumer('idle')),
      inactiveMs: inactiveMs < 0 ? null : inactiveMs
    }
  })
}

/** Converts the reply of the script LIST_PENDING. */
export function pendingEntries(reply: Reply): PendingEntry[] {
  return list(reply).map((pending) => {
    const [entryId, consumer, idleMs, deliveries, state, dueInMs = null] = list(pending)
    return {
      id: id(entryId),
      consumer: consumer === NOBODY ? null : orNull(consumer, String),
      idleMs: count(idleMs),
      deliveries: count(deliveries),
      state: state === undefined ? 'leased' : (String(state) as PendingEntryState),
      ...(dueInMs !== null && { dueInMs: count(dueInMs) })
    }
  })
}

export function pendingSummary(reply: Reply): PendingSummary {
  const [total, firstId, lastId, consumers] = list(reply)
  return {
    count: count(total),
    firstId: orNull(firstId, id),
    lastId: orNull(lastId, id),
    consumers: list(consumers).map((consumer) => {
      const [name, pending] = list(consumer)
      return { name: String(name), count: count(pending) }
    })
  }
}

/** Converts claimed entries: id, fields, deliveries. */
export function claimed(reply: Reply | undefined, justIds: boolean) {
  return list(reply).map((each) => {
    const [entryId, fields, deliveries] = list(each)
    const content = justIds ? {} : contentOf(list(fields))
    return { ...content, id: id(entryId), deliveries: count(deliveries) }
  })
}
