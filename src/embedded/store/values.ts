import { type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import { compareNames } from '../../semantics/name-order.ts'
import { ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter, MAX_ID_BYTES, MAX_VARINT_BYTES } from '../bytes/byte-writer.ts'
import {
  maxDeathBytes,
  maxPolicyBytes,
  readDeath,
  readPolicy,
  writeDeath,
  writePolicy
} from '../bytes/policy-bytes.ts'
import type { ConsumerValues } from '../core/consumer.ts'
import type { Death } from '../core/dead-entries.ts'
import type { GroupValues } from '../core/group.ts'
import type { StreamValues, Tombstone } from '../core/stream-values.ts'

/**
 * The version of the format of values. A store of a later version is refused. A store of an earlier version
 * is read, and the next checkpoint converts it:
 *
 *     1    streams without their sizes
 *     2    streams with their sizes; `trimmedThrough` is the first id of the last block that was removed
 *          as a whole
 *     3    `trimmedThrough` is the id up to which all entries are removed; streams have tombstones; each
 *          consumer has its own value
 *     4    groups have delivery policies; pending entries may be in nobody's hands; there are dead entries
 */
export const FORMAT_VERSION = 4

/** Values that a store has once. */
export interface Root {
  /** The store contains all changes of the journal up to this position. */
  readonly position: number
  readonly nextNumber: number
}

/** A root that was read, and the version of all other values. */
export interface StoredRoot extends Root {
  readonly version: number
}

/** A stored group: its name, and the values that the core loads. */
export interface StoredGroup {
  readonly name: string
  readonly values: GroupValues
}

/** Upper bound of all values except blocks and pages of slots, without names, returned ids and tombstones. */
const FIXED_BYTES = 256
const BYTES_PER_UNIT = 3

export function encodeRoot({ position, nextNumber }: Root): Buffer {
  const to = new ByteWriter(FIXED_BYTES)
  to.varint(FORMAT_VERSION).varint(position).varint(nextNumber)
  return to.slice(0, to.at)
}

/** Throws a RangeError for an invalid root, or one of a later version. */
export function decodeRoot(bytes: Buffer): StoredRoot {
  const from = new ByteReader(bytes).moveTo(0, bytes.length)
  const version = from.varint()
  if (version > FORMAT_VERSION) {
    throw new RangeError(
      `it has format ${version}, but this version of Weir only reads formats up to ${FORMAT_VERSION}`
    )
  }
  return { version, position: from.varint(), nextNumber: from.varint() }
}

export function encodeStream(values: StreamValues): Buffer {
  const { name, tombstones } = values
  const to = new ByteWriter(FIXED_BYTES + BYTES_PER_UNIT * name.length)
  to.text(name).varint(values.number).varint(values.blockNamespace)
  to.id(values.lastId).id(values.maxDeletedId).id(values.deletedUpTo)
  to.varint(values.entriesAdded).varint(values.length).id(values.trimmedThrough).varint(values.sizeBytes)
  to.reserve(FIXED_BYTES + (MAX_ID_BYTES + MAX_VARINT_BYTES) * tombstones.length)
  to.ids(tombstones.map(({ id }) => id))
  for (const { bytes } of tombstones) to.varint(bytes)
  return to.slice(0, to.at)
}

/** The size is null in versions without it. */
export function decodeStream(
  bytes: Buffer,
  version: number
): Omit<StreamValues, 'sizeBytes'> & { readonly sizeBytes: number | null } {
  const from = new ByteReader(bytes).moveTo(0, bytes.length)
  return {
    name: from.text(),
    number: from.varint(),
    blockNamespace: from.varint(),
    lastId: from.id(),
    maxDeletedId: from.id(),
    deletedUpTo: from.id(),
    entriesAdded: from.varint(),
    length: from.varint(),
    trimmedThrough: version < 3 ? trimmedThroughBelow(from.id()) : from.id(),
    sizeBytes: version < 2 ? null : from.varint(),
    tombstones: version < 3 ? [] : readTombstones(from)
  }
}

/** Earlier versions stored the id after it, or "0-0". */
function trimmedThroughBelow(storedId: EntryId): EntryId {
  return storedId === MIN_ID ? MIN_ID : storedId - 1n
}

function readTombstones(from: ByteReader): Tombstone[] {
  const ids = from.ids()
  return ids.map((id) => ({ id, bytes: from.varint() }))
}

export function encodeGroup({ name, values }: StoredGroup): Buffer {
  const { returned, policy, policyAt } = values
  const to = new ByteWriter(FIXED_BYTES + BYTES_PER_UNIT * name.length)
  to.text(name).id(values.lastDeliveredId).varintOrNull(values.entriesRead).varint(values.nextConsumer)
  to.reserve(FIXED_BYTES + MAX_ID_BYTES * returned.length)
  to.ids(returned)
  to.reserve(FIXED_BYTES + maxPolicyBytes(policy))
  writePolicy(to.varint(policyAt), policy)
  return to.slice(0, to.at)
}

/** The consumers are null in versions that store them separately. */
export function decodeGroup(
  bytes: Buffer,
  version: number
): StoredGroup & { readonly consumers: ConsumerValues[] | null } {
  const from = new ByteReader(bytes).moveTo(0, bytes.length)
  const name = from.text()
  const position = {
    lastDeliveredId: from.id(),
    entriesRead: from.varintOrNull(),
    nextConsumer: from.varint(),
    returned: from.ids()
  }
  const consumers = version < 3 ? readConsumers(from) : null
  const policyAt = version < 4 ? 0 : from.varint()
  const policy = version < 4 ? null : readPolicy(from)
  return { name, values: { ...position, policyAt, policy }, consumers }
}

/** Sorts them by name, as separately stored consumers are. */
function readConsumers(from: ByteReader): ConsumerValues[] {
  const consumers = Array.from({ length: from.count(4) }, () => ({
    name: from.text(),
    number: from.varint(),
    seenAt: from.varint(),
    activeAt: from.varintOrNull()
  }))
  return consumers.sort((a, b) => compareNames(a.name, b.name))
}

const consumerBytes = new ByteWriter(FIXED_BYTES)

/** The name is in the key. */
export function encodeConsumer({ number, seenAt, activeAt }: Omit<ConsumerValues, 'name'>): Buffer {
  const to = consumerBytes.moveTo(0)
  to.varint(number).varint(seenAt).varintOrNull(activeAt)
  return Buffer.from(to.slice(0, to.at))
}

export function decodeConsumer(name: string, bytes: Buffer): ConsumerValues {
  const from = new ByteReader(bytes).moveTo(0, bytes.length)
  return { name, number: from.varint(), seenAt: from.varint(), activeAt: from.varintOrNull() }
}

/** The id is in the key. */
export function encodeDeath(death: Death): Buffer {
  const to = new ByteWriter(maxDeathBytes(death))
  writeDeath(to, death)
  return to.slice(0, to.at)
}

export function decodeDeath(id: EntryId, bytes: Buffer): Death {
  return { id, ...readDeath(new ByteReader(bytes).moveTo(0, bytes.length)) }
}
