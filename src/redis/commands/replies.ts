import type { ConsumerInfo } from '../../contract/consumers.ts'
import type { Entry } from '../../contract/entries.ts'
import { type EntryId, parseId } from '../../contract/entry-id.ts'
import type { GroupInfo } from '../../contract/groups.ts'
import type { PendingEntry, PendingSummary } from '../../contract/pending.ts'
import type { GroupDescription, StreamDescription, StreamInfo } from '../../contract/streams.ts'
import { lagBehind, provedRead } from '../../semantics/lag.ts'
import type { Reply } from '../connection/client.ts'
import { RETURNED } from '../scripts/script.ts'
import { fittingBeside } from './answer-budget.ts'
import { contentOf, textOf } from './fields.ts'

/*
 * What the scripts and commands answer, as the contract has it.
 */

export function list(reply: Reply | undefined): Reply[] {
  return Array.isArray(reply) ? reply : []
}

/** Redis counts in 64 bits, and no request can name more than what a double holds exactly. */
export function count(reply: Reply | undefined): number {
  return Math.min(Number(reply), Number.MAX_SAFE_INTEGER)
}

/** Throws for what is no id: Redis never answers that. */
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

/** What XINFO lists as names and values by turns. */
function named(reply: Reply | undefined): (name: string) => Reply | undefined {
  const flat = list(reply)
  const values = new Map<string, Reply | undefined>()
  for (let i = 0; i < flat.length; i += 2) values.set(String(flat[i]), flat[i + 1])
  return (name) => values.get(name)
}

/** Of the script STREAM. */
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

/** Of the script GROUPS. `miscounts`: see `Capabilities`. */
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
    const [name, consumers, pending, place, read, returned, oldest, after] = list(group)
    const told = { lastDeliveredId: id(place), entriesRead: orNull(read, count) }
    const at = miscounts ? { ...told, entriesRead: provedRead(stream, told, orNull(after, count)) } : told
    return {
      name: String(name),
      consumers: count(consumers),
      pending: count(pending),
      ...groupProgress(stream, at, count(returned)),
      oldestPendingMs: orNull(oldest, count)
    }
  })
}

type StreamProgress = Pick<StreamInfo, 'length' | 'lastId' | 'maxDeletedId' | 'entriesAdded'> & {
  readonly firstId: EntryId
}
type GroupPlace = Pick<GroupInfo, 'lastDeliveredId' | 'entriesRead'>

/** What came back to a group counts as not read, though its place is behind it. */
function groupProgress(stream: StreamProgress, group: GroupPlace, returned: number) {
  const lag = lagBehind(stream, group)
  return {
    lastDeliveredId: group.lastDeliveredId,
    entriesRead: group.entriesRead === null ? null : Math.max(0, group.entriesRead - returned),
    lag: lag === null ? null : lag + returned
  }
}

/** Of the script DESCRIBE, which answers more than `limit` where something is left out here. */
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
  const back = new Map(list(returned).map((one) => [String(list(one)[0]), list(one).slice(1).map(count)]))
  const groups = list(values('groups')).slice(0, limit)
  const described = entries(list(values('entries')).slice(0, limit))
  // The script knows how long texts are, and not what they take as JSON.
  const fitting = fittingBeside([info.firstEntry, info.lastEntry], described)
  return {
    ...info,
    entries: fitting,
    groups: groups.map((group) => {
      const group_ = named(group)
      const [deliverable = 0, dropped = 0] = back.get(String(group_('name'))) ?? []
      return groupDescription(stream, group_, { deliverable, dropped }, { limit, miscounts })
    }),
    truncated: cut === 1 || fitting.length < described.length
  }
}

function groupDescription(
  stream: StreamProgress,
  group: (name: string) => Reply | undefined,
  returned: { deliverable: number; dropped: number },
  { limit, miscounts }: { limit: number; miscounts: boolean }
): GroupDescription {
  const told = {
    lastDeliveredId: id(group('last-delivered-id')),
    entriesRead: orNull(group('entries-read'), count)
  }
  const after = told.lastDeliveredId === stream.lastId ? 0 : null
  const place = miscounts ? { ...told, entriesRead: provedRead(stream, told, after) } : told
  const pendingEntries = list(group('pending')).map((pending) => {
    const [entryId, consumer, at, deliveries] = list(pending)
    return {
      id: id(entryId),
      consumer: String(consumer),
      deliveredAt: count(at),
      deliveries: count(deliveries)
    }
  })
  const consumers = list(group('consumers')).map((one) => consumerDescription(named(one), limit))
  return {
    name: String(group('name')),
    pending: count(group('pel-count')) - returned.deliverable - returned.dropped,
    ...groupProgress(stream, place, returned.deliverable),
    pendingEntries: pendingEntries.filter(({ consumer }) => consumer !== RETURNED).slice(0, limit),
    consumers: consumers.filter((one) => one.name !== RETURNED).slice(0, limit)
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

/** Of XINFO CONSUMERS. Before 7.2 it does not tell when a consumer was last given something. */
export function consumerInfos(reply: Reply | undefined): ConsumerInfo[] {
  return list(reply).map((one) => {
    const consumer = named(one)
    const inactiveMs = count(consumer('inactive') ?? -1)
    return {
      name: String(consumer('name')),
      pending: count(consumer('pending')),
      idleMs: count(consumer('idle')),
      inactiveMs: inactiveMs < 0 ? null : inactiveMs
    }
  })
}

export function pendingEntries(reply: Reply): PendingEntry[] {
  return list(reply).map((pending) => {
    const [entryId, consumer, idleMs, deliveries] = list(pending)
    return {
      id: id(entryId),
      consumer: String(consumer),
      idleMs: count(idleMs),
      deliveries: count(deliveries)
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

/** Claimed entries: id, fields, deliveries. */
export function claimed(reply: Reply | undefined, justIds: boolean) {
  return list(reply).map((one) => {
    const [entryId, fields, deliveries] = list(one)
    const content = justIds ? {} : contentOf(list(fields))
    return { ...content, id: id(entryId), deliveries: count(deliveries) }
  })
}
