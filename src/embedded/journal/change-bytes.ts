import type { Entry } from '../../contract/entries.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { ByteReader } from '../bytes/byte-reader.ts'
import { type ByteWriter, MAX_ID_BYTES, MAX_VARINT_BYTES } from '../bytes/byte-writer.ts'
import {
  maxDeathBytes,
  maxPolicyBytes,
  readDeath,
  readPolicy,
  writeDeath,
  writePolicy
} from '../bytes/policy-bytes.ts'
import type { Change } from '../core/change.ts'
import type { Death } from '../core/dead-entries.ts'
import type { Trimmed } from '../core/trim-plan.ts'

type Claim = Extract<Change, { kind: 'claimed' }>['claims'][number]
type Nacked = Extract<Change, { kind: 'nacked' }>['nacks'][number]
type Delivered = Extract<Change, { kind: 'delivered' }>

/**
 * The number of each kind on disk. Persisted: a number keeps its kind, and a kind keeps its members and their
 * order. A new kind gets the next number. A kind that needs other members becomes a new kind.
 */
const NUMBER = {
  streamCreated: 1,
  streamDeleted: 2,
  streamIdSet: 3,
  appended: 4,
  entriesDeletedV1: 5,
  trimmedV1: 6,
  groupSet: 7,
  groupDeleted: 8,
  consumerSeen: 9,
  consumerDeleted: 10,
  delivered: 11,
  claimed: 12,
  acked: 13,
  returned: 14,
  entriesDeleted: 15,
  trimmed: 16,
  policySet: 17,
  nacked: 18,
  died: 19
} as const satisfies Record<Change['kind'], number>

const KINDS = new Map<number, Change['kind']>(
  Object.entries(NUMBER).map(([kind, number]) => [number, kind as Change['kind']])
)

/** Upper bound of the kind, lengths of names, flags, times, counts and single ids of any change. */
const FIXED_BYTES = 64
/** A UTF-16 code unit is at most three bytes of UTF-8. */
const UNIT_BYTES = 3

/** Returns an upper bound of what `writeChange` writes, without reading any character or id. */
export function maxChangeBytes(change: Change): number {
  let bytes = FIXED_BYTES + UNIT_BYTES * change.stream.length
  if ('group' in change) bytes += UNIT_BYTES * change.group.length
  if ('consumer' in change) bytes += UNIT_BYTES * change.consumer.length
  if ('ids' in change) bytes += MAX_ID_BYTES * change.ids.length
  if (change.kind === 'entriesDeleted') bytes += MAX_VARINT_BYTES * change.bytes.length
  if (change.kind === 'claimed') bytes += (MAX_ID_BYTES + 2 * MAX_VARINT_BYTES) * change.claims.length
  if (change.kind === 'policySet') bytes += maxPolicyBytes(change.policy)
  if (change.kind === 'nacked') bytes += (MAX_ID_BYTES + 2 * MAX_VARINT_BYTES) * change.nacks.length
  if (change.kind === 'died') {
    for (const death of change.deaths) bytes += maxDeathBytes(death)
  }
  if (change.kind === 'appended') {
    for (const { fields } of change.entries) bytes += MAX_ID_BYTES + MAX_VARINT_BYTES + fields.length
  }
  return bytes
}

/**
 * Throws a RangeError, after writing a part, on values that could not be read back: a text that is not valid
 * Unicode, or a negative count.
 */
export function writeChange(to: ByteWriter, change: Change): void {
  to.byte(NUMBER[change.kind]).text(change.stream)
  switch (change.kind) {
    case 'streamCreated':
    case 'streamDeleted':
      return
    case 'streamIdSet':
      to.id(change.lastId).varint(change.entriesAdded).id(change.maxDeletedId)
      return
    case 'appended':
      writeEntries(to, change.entries)
      return
    case 'entriesDeleted':
      to.ids(change.ids)
      for (const bytes of change.bytes) to.varint(bytes)
      return
    case 'trimmed':
      to.id(change.upTo).varint(change.count).varint(change.bytes).idOrNull(change.firstId)
      return
    case 'entriesDeletedV1':
      to.ids(change.ids)
      return
    case 'trimmedV1':
      to.varint(change.count)
      return
    case 'groupSet':
      to.text(change.group).id(change.lastDeliveredId).varintOrNull(change.entriesRead)
      return
    case 'groupDeleted':
      to.text(change.group)
      return
    case 'consumerSeen':
      to.text(change.group).text(change.consumer).varint(change.at)
      return
    case 'consumerDeleted':
      to.text(change.group).text(change.consumer)
      return
    case 'delivered':
      to.text(change.group).text(change.consumer).varint(change.at).ids(change.ids)
      to.byte(change.noAck ? 1 : 0)
      to.id(change.lastDeliveredId).varintOrNull(change.entriesRead)
      return
    case 'claimed':
      to.text(change.group).text(change.consumer).varintOrNull(change.activeAt)
      writeClaims(to, change.claims)
      return
    case 'acked':
    case 'returned':
      to.text(change.group).ids(change.ids)
      return
    case 'policySet':
      writePolicy(to.text(change.group).varint(change.at), change.policy)
      return
    case 'nacked':
      writeNacks(to.text(change.group), change.nacks)
      return
    case 'died':
      to.text(change.group).varint(change.deaths.length)
      for (const death of change.deaths) writeDeath(to.id(death.id), death)
      return
    default:
      change satisfies never
  }
}

/**
 * Reads a change. The fields of its entries are views into the reader's buffer. Throws a RangeError on
 * anything that `writeChange` does not write.
 */
export function readChange(from: ByteReader): Change {
  const number = from.byte()
  const kind = KINDS.get(number)
  if (kind === undefined) throw new RangeError(`Unknown kind of change: ${number}`)
  const stream = from.text()
  switch (kind) {
    case 'streamCreated':
    case 'streamDeleted':
      return { kind, stream }
    case 'streamIdSet':
      return { kind, stream, lastId: from.id(), entriesAdded: from.varint(), maxDeletedId: from.id() }
    case 'appended':
      return { kind, stream, entries: readEntries(from) }
    case 'entriesDeleted': {
      const ids = from.ids()
      return { kind, stream, ids, bytes: ids.map(() => from.varint()) }
    }
    case 'trimmed':
      return { kind, stream, ...readTrimmed(from) }
    case 'entriesDeletedV1':
      return { kind, stream, ids: from.ids() }
    case 'trimmedV1':
      return { kind, stream, count: from.varint() }
  }
  const group = from.text()
  switch (kind) {
    case 'groupSet':
      return { kind, stream, group, lastDeliveredId: from.id(), entriesRead: from.varintOrNull() }
    case 'groupDeleted':
      return { kind, stream, group }
    case 'consumerSeen':
      return { kind, stream, group, consumer: from.text(), at: from.varint() }
    case 'consumerDeleted':
      return { kind, stream, group, consumer: from.text() }
    case 'delivered':
      return { kind, stream, group, ...readDelivery(from) }
    case 'claimed': {
      const [consumer, activeAt] = [from.text(), from.varintOrNull()]
      return { kind, stream, group, consumer, activeAt, claims: readClaims(from) }
    }
    case 'acked':
    case 'returned':
      return { kind, stream, group, ids: from.ids() }
    case 'policySet':
      return { kind, stream, group, at: from.varint(), policy: readPolicy(from) }
    case 'nacked':
      return { kind, stream, group, nacks: readNacks(from) }
    case 'died':
      return { kind, stream, group, deaths: readDeaths(from) }
    default:
      return kind satisfies never
  }
}

function readTrimmed(from: ByteReader): Trimmed {
  return { upTo: from.id(), count: from.varint(), bytes: from.varint(), firstId: from.idOrNull() }
}

function readDelivery(from: ByteReader): Omit<Delivered, 'kind' | 'stream' | 'group'> {
  return {
    consumer: from.text(),
    at: from.varint(),
    ids: from.ids(),
    noAck: from.flag(),
    lastDeliveredId: from.id(),
    entriesRead: from.varintOrNull()
  }
}

function writeEntries(to: ByteWriter, entries: readonly Entry[]): void {
  to.varint(entries.length)
  let previous: EntryId = 0n
  for (const { id, fields } of entries) {
    to.idAfter(previous, id).blob(fields)
    previous = id
  }
}

function readEntries(from: ByteReader): Entry[] {
  const entries: Entry[] = []
  let previous: EntryId = 0n
  for (let left = from.count(2); left > 0; left--) {
    const id = from.idAfter(previous)
    entries.push({ id, fields: from.blob() })
    previous = id
  }
  return entries
}

function writeClaims(to: ByteWriter, claims: readonly Claim[]): void {
  to.varint(claims.length)
  let previous: EntryId = 0n
  for (const { id, deliveredAt, deliveries } of claims) {
    to.idAfter(previous, id).varint(deliveredAt).varint(deliveries)
    previous = id
  }
}

function writeNacks(to: ByteWriter, nacks: readonly Nacked[]): void {
  to.varint(nacks.length)
  let previous: EntryId = 0n
  for (const { id, dueAt, deliveries } of nacks) {
    to.idAfter(previous, id).varint(dueAt).varint(deliveries)
    previous = id
  }
}

function readNacks(from: ByteReader): Nacked[] {
  const nacks: Nacked[] = []
  let previous: EntryId = 0n
  for (let left = from.count(3); left > 0; left--) {
    const id = from.idAfter(previous)
    nacks.push({ id, dueAt: from.varint(), deliveries: from.varint() })
    previous = id
  }
  return nacks
}

function readDeaths(from: ByteReader): Death[] {
  const deaths: Death[] = []
  for (let left = from.count(16); left > 0; left--) {
    const id = from.id()
    deaths.push({ id, ...readDeath(from) })
  }
  return deaths
}

function readClaims(from: ByteReader): Claim[] {
  const claims: Claim[] = []
  let previous: EntryId = 0n
  for (let left = from.count(3); left > 0; left--) {
    const id = from.idAfter(previous)
    claims.push({ id, deliveredAt: from.varint(), deliveries: from.varint() })
    previous = id
  }
  return claims
}
