import type { DeliveredEntry, ReadGroupsRequest, Settled } from '../../contract/deliveries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type { Reply } from '../connection/client.ts'
import type { UndoArguments } from '../scripts/generated.ts'
import type { Part } from './answer-budget.ts'
import { contentOf } from './fields.ts'
import * as replies from './replies.ts'
import { settledReply } from './settlements.ts'

/** One delivery from one stream to a consumer, with what an undo needs. */
export interface GroupDelivery {
  readonly stream: string
  readonly group: string
  readonly consumer: string
  /** The delivery was made between these two times of Redis' clock. */
  readonly began: string
  readonly ended: string
  readonly noAck: boolean
  /**
   * The entries delivered for the first time. Only their ids, because they may stay in memory for as long as the
   * reader's connection lives. They are formatted only if the delivery is undone.
   */
  readonly newIds: readonly EntryId[]
  /** The entries that were pending before: id, owner, delivered at or due since, deliveries. */
  readonly redelivered: readonly (readonly [string, string, string, string])[]
}

/** What was read from one stream for a consumer. */
export interface StreamRead extends Part {
  readonly stream: string
  readonly entries: DeliveredEntry[]
  /** One for each script that ran. */
  readonly deliveries: readonly GroupDelivery[]
  /** The stream's last id, if nothing was delivered. */
  readonly lastId?: EntryId
  /** The result of the scan for idle entries: see `IdleScan`. */
  readonly scan: { readonly from: string; readonly oldestMs: number | null }
  /** How long the consumer has to ack what it got. Null if it has no time limit. */
  readonly ackTimeoutMs: number | null
  /** Absent if there was nothing to settle. */
  readonly settled?: Settled
  /** What the script replied about deaths. */
  readonly deaths: Reply | undefined
  /** Whether the group limits its pending entries. */
  readonly isLimited: boolean
  /** Whether only a limit of this consumer has kept it from new entries, which others may get. */
  readonly isFull: boolean
}

type Reader = Pick<ReadGroupsRequest, 'group' | 'consumer' | 'noAck'> & { readonly stream: string }

/** Whether the reply of the script READ_QUEUE is for a group with companion keys. */
export function isQueueReply(reply: Reply): boolean {
  return replies.list(reply)[12] === 1
}

/** Converts the reply of the scripts READ_GROUP and READ_QUEUE. */
export function readGroupReply(reply: Reply, reader: Reader): StreamRead {
  const [began, ended, newReply, claimedReply, from, lastId, oldest, cut, ...rest] = replies.list(reply)
  const policy = policyReply(rest)
  const lease = policy.ackTimeoutMs === null ? {} : { ackBeforeMs: policy.ackTimeoutMs }
  const claimed = replies.list(claimedReply).map((each) => {
    const [entryReply, owner, deliveredAt, deliveries, idle] = replies.list(each)
    const entry = replies.entry(entryReply)
    return {
      entry: { ...entry, deliveries: plusOne(deliveries), idleMs: replies.count(idle), ...lease },
      before: [formatId(entry.id), String(owner), String(deliveredAt), String(deliveries)] as const
    }
  })
  const newEntries = replies.entries(newReply)
  const delivery = {
    ...reader,
    began: String(began),
    ended: String(ended),
    newIds: newEntries.map(({ id }) => id),
    redelivered: claimed.map(({ before }) => before)
  }
  return {
    stream: reader.stream,
    entries: [
      ...claimed.map(({ entry }) => entry),
      ...newEntries.map((entry) => ({ ...entry, deliveries: 1, ...(reader.noAck ? {} : lease) }))
    ],
    isCut: cut !== null,
    deliveries: [delivery],
    scan: { from: String(from), oldestMs: oldest === null ? null : replies.count(oldest) },
    ...policy,
    ...(lastId !== null && { lastId: replies.id(lastId) })
  }
}

/** Converts the reply of the script READ_OWN. It shows deleted entries, too, but does not deliver them again. */
export function readOwnReply(reply: Reply, reader: Reader): StreamRead {
  const [began, ended, entriesReply, statesReply, cut, ...rest] = replies.list(reply)
  const policy = policyReply(rest)
  const lease = policy.ackTimeoutMs === null ? {} : { ackBeforeMs: policy.ackTimeoutMs }
  const states = replies.list(statesReply).map(replies.texts)
  const redelivered: (readonly [string, string, string, string])[] = []
  const entries = replies.list(entriesReply).map((each, index) => {
    const [id, fields] = replies.list(each)
    const [deliveredAt = '', deliveries = '0'] = states[index] ?? []
    const exists = Array.isArray(fields)
    if (exists) redelivered.push([String(id), reader.consumer, deliveredAt, deliveries])
    return {
      ...(exists ? contentOf(fields) : { fields: null }),
      id: replies.id(id),
      deliveries: exists ? plusOne(deliveries) : replies.count(deliveries),
      ...(exists ? lease : {})
    }
  })
  const delivery = { ...reader, began: String(began), ended: String(ended), newIds: [], redelivered }
  const { stream } = reader
  const scan = { from: '-', oldestMs: null }
  return { stream, entries, isCut: cut !== null, deliveries: [delivery], scan, ...policy }
}

/** Converts the last part of both replies. */
function policyReply([timeout = null, settled = null, deaths, isLimited]: readonly Reply[]) {
  return {
    ackTimeoutMs: timeout === null ? null : replies.count(timeout),
    ...(settled !== null && { settled: settledReply(settled) }),
    deaths,
    isLimited: isLimited !== null && isLimited !== undefined,
    isFull: isLimited === 2
  }
}

/** The delivery count, including the present delivery. */
function plusOne(deliveries: Reply | undefined): number {
  return replies.count(replies.count(deliveries) + 1)
}

/** Joins two reads of the same stream, the second of which continued the first. */
export function joined(first: StreamRead, second: StreamRead): StreamRead {
  return {
    ...second,
    ...(first.settled !== undefined && { settled: first.settled }),
    entries: [...first.entries, ...second.entries],
    deliveries: [...first.deliveries, ...second.deliveries]
  }
}

/** The arguments of the script UNDO. */
export function undoArgs(delivery: GroupDelivery): UndoArguments {
  const { group, consumer, began, ended, noAck, newIds, redelivered } = delivery
  const ids = [...newIds.map(formatId), ...redelivered.flat()]
  const times = { began: Number(began), ended: Number(ended) }
  return { group, consumer, ...times, noAck, newCount: newIds.length, ids }
}

export function isEmpty({ newIds, redelivered }: GroupDelivery): boolean {
  return newIds.length === 0 && redelivered.length === 0
}
