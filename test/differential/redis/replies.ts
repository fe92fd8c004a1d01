import { RedisError, type Reply } from './connection.ts'

/*
 * Converts replies of Redis to the form of Weir's answers, as `shown` returns them: ids are texts. Every function
 * throws a reply that is an error.
 */

export function good(reply: Reply | undefined): Exclude<Reply, RedisError> {
  if (reply instanceof RedisError) throw reply
  if (reply === undefined) throw new Error('The reply is missing')
  return reply
}

export function list(reply: Reply | undefined): Reply[] {
  const replied = good(reply)
  if (replied === null) return []
  if (!Array.isArray(replied)) throw new TypeError(`${replied} is not a list`)
  return replied
}

export function text(reply: Reply | undefined): string {
  const replied = good(reply)
  if (typeof replied !== 'string') throw new TypeError(`${replied} is not a text`)
  return replied
}

export function count(reply: Reply | undefined): number {
  const replied = good(reply)
  const value = typeof replied === 'string' ? Number(replied) : replied
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new TypeError(`${replied} is not a count`)
  return value
}

/** A list of alternating names and values, as an object. */
export function members(reply: Reply | undefined): Record<string, Reply> {
  const replied = list(reply)
  const found: Record<string, Reply> = {}
  for (let i = 0; i + 1 < replied.length; i += 2) found[text(replied[i])] = replied[i + 1] as Reply
  return found
}

export interface ShownEntry {
  readonly id: string
  readonly fields: Record<string, string>
}

export function entry(reply: Reply | undefined): ShownEntry {
  const [id, fields] = list(reply)
  return { id: text(id), fields: members(fields) as Record<string, string> }
}

export function entries(reply: Reply | undefined): ShownEntry[] {
  return list(reply).map(entry)
}

/** The fields are null if the entry no longer exists. */
export function maybeEntry(reply: Reply | undefined): { id: string; fields: Record<string, string> | null } {
  const [id, fields] = list(reply)
  return fields === null ? { id: text(id), fields: null } : entry(reply)
}

export function streamInfo(name: string, reply: Reply | undefined) {
  const found = members(reply)
  const [first, last] = [found['first-entry'], found['last-entry']].map((edge) =>
    edge === null ? null : entry(edge)
  )
  return {
    ...streamCounters(name, found),
    firstId: first?.id ?? null,
    groups: count(found['groups']),
    firstEntry: first,
    lastEntry: last
  }
}

export function groupInfo(reply: Reply | undefined) {
  const found = members(reply)
  return {
    name: text(found['name']),
    consumers: count(found['consumers']),
    pending: count(found['pending']),
    ...placeOf(found)
  }
}

/** From the replies to XINFO STREAM, and to the same with FULL. */
export function streamDescription(name: string, [summary, full]: readonly Reply[]) {
  const found = members(full)
  return {
    ...streamInfo(name, summary),
    entries: entries(found['entries']),
    groups: list(found['groups']).map((group) => {
      const { pending, consumers, ...described } = members(group)
      return {
        name: text(described['name']),
        pending: count(described['pel-count']),
        ...placeOf(described),
        pendingEntries: list(pending).map((one) => {
          const [id, consumer, ...rest] = list(one)
          return { id: text(id), consumer: text(consumer), ...delivery(rest) }
        }),
        consumers: list(consumers).map(consumerDescription)
      }
    })
  }
}

function consumerDescription(reply: Reply) {
  const found = members(reply)
  const active = found['active-time']
  return {
    name: text(found['name']),
    pending: count(found['pel-count']),
    seenAt: count(found['seen-time']),
    ...(active !== undefined && { activeAt: timeOrNull(active) }),
    pendingEntries: list(found['pending']).map((one) => {
      const [id, ...rest] = list(one)
      return { id: text(id), ...delivery(rest) }
    })
  }
}

export function consumerInfo(reply: Reply | undefined) {
  const found = members(reply)
  const inactive = found['inactive']
  return {
    name: text(found['name']),
    pending: count(found['pending']),
    idleMs: count(found['idle']),
    ...(inactive !== undefined && { inactiveMs: timeOrNull(inactive) })
  }
}

export function pendingEntry(reply: Reply | undefined) {
  const [id, consumer, idleMs, deliveries] = list(reply)
  return { id: text(id), consumer: text(consumer), idleMs: count(idleMs), deliveries: count(deliveries) }
}

function streamCounters(name: string, found: Record<string, Reply>) {
  return {
    name,
    length: count(found['length']),
    lastId: text(found['last-generated-id']),
    maxDeletedId: text(found['max-deleted-entry-id']),
    entriesAdded: count(found['entries-added'])
  }
}

function placeOf(found: Record<string, Reply>) {
  const read = found['entries-read']
  const lag = found['lag']
  return {
    lastDeliveredId: text(found['last-delivered-id']),
    entriesRead: read === null ? null : count(read),
    lag: lag === null ? null : count(lag)
  }
}

function delivery([deliveredAt, deliveries]: Reply[]) {
  return { deliveredAt: count(deliveredAt), deliveries: count(deliveries) }
}

function timeOrNull(reply: Reply): number | null {
  const time = count(reply)
  return time < 0 ? null : time
}
