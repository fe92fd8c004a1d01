import { isUtf8 } from 'node:buffer'
import { type EntryId, MAX_ID, MIN_ID } from '../../contract/entry-id.ts'
import { setWords, WORDS } from '../core/id-words.ts'

/*
 * The keys of the store, big-endian, so that they sort like what they name:
 *
 *     root            | 0 |
 *     stream          | 1 | number u48 |
 *     group           | 2 | stream's number u48 | number u48 |
 *     page of slots   | 3 | group's number u48 | page of slots u32 |
 *     block           | 4 | namespace u48 | first id u128 |
 *     consumer        | 5 | group's number u48 | name in UTF-8 |
 *     dead entry      | 6 | group's number u48 | id u128 |
 */
const STREAM = 1
const GROUP = 2
const SLOT_PAGE = 3
const BLOCK = 4
const CONSUMER = 5
const DEAD = 6

const words = new Uint32Array(WORDS)

/** Keys from `start`, inclusive, to `end`, exclusive. */
export interface KeyRange {
  readonly start: Buffer
  readonly end: Buffer
}

/** Keys to remove. */
export interface Removal extends KeyRange {
  /** Keeps the last block of the range if it contains an id above this one. */
  readonly keepsAbove?: EntryId
}

export const ROOT_KEY = Buffer.from([0])

export function streamKey(number: number): Buffer {
  return numbered(STREAM, number)
}

export function groupKey(stream: number, number: number): Buffer {
  const key = numbered(GROUP, stream, 13)
  key.writeUIntBE(number, 7, 6)
  return key
}

export function slotPageKey(group: number, slotPage: number): Buffer {
  const key = numbered(SLOT_PAGE, group, 11)
  key.writeUInt32BE(slotPage, 7)
  return key
}

/** Names are at most 1 KiB. A key of the store can have 1978 bytes. */
export function consumerKey(group: number, name: string): Buffer {
  const key = numbered(CONSUMER, group, 7 + Buffer.byteLength(name))
  key.write(name, 7)
  return key
}

export function blockKey(blockNamespace: number, firstId: EntryId): Buffer {
  return withId(BLOCK, blockNamespace, firstId)
}

export function deadKey(group: number, id: EntryId): Buffer {
  return withId(DEAD, group, id)
}

export const ALL_STREAMS: KeyRange = { start: Buffer.from([STREAM]), end: Buffer.from([STREAM + 1]) }

export const ALL_BLOCKS: KeyRange = { start: Buffer.from([BLOCK]), end: Buffer.from([BLOCK + 1]) }

export function groupsOf(stream: number): KeyRange {
  return { start: numbered(GROUP, stream), end: numbered(GROUP, stream + 1) }
}

export function slotPagesOf(group: number): KeyRange {
  return { start: numbered(SLOT_PAGE, group), end: numbered(SLOT_PAGE, group + 1) }
}

export function consumersOf(group: number): KeyRange {
  return { start: numbered(CONSUMER, group), end: numbered(CONSUMER, group + 1) }
}

export function deadOf(group: number): KeyRange {
  return { start: numbered(DEAD, group), end: numbered(DEAD, group + 1) }
}

export function blocksOf(blockNamespace: number): KeyRange {
  return { start: numbered(BLOCK, blockNamespace), end: numbered(BLOCK, blockNamespace + 1) }
}

/** Blocks that begin at or before an id. */
export function blocksUpTo(blockNamespace: number, id: EntryId): KeyRange {
  const start = numbered(BLOCK, blockNamespace)
  if (id < MIN_ID) return { start, end: start }
  return {
    start,
    end: id >= MAX_ID ? numbered(BLOCK, blockNamespace + 1) : blockKey(blockNamespace, id + 1n)
  }
}

/** Blocks that begin after an id. */
export function blocksAfter(blockNamespace: number, id: EntryId): KeyRange {
  return { start: blocksUpTo(blockNamespace, id).end, end: blocksOf(blockNamespace).end }
}

/** Returns the number of the group with this key. */
export function groupNumber(key: Buffer): number {
  return key.readUIntBE(7, 6)
}

/** Blocks of the same namespace after the one with this key. */
export function blocksFollowing(key: Buffer): KeyRange {
  return blocksAfter(namespaceOf(key), firstIdOf(key))
}

/** Returns the namespace of the block with this key. */
export function namespaceOf(key: Buffer): number {
  return key.readUIntBE(1, 6)
}

/** Returns the first id of the block, or the id of the dead entry, with this key. */
export function firstIdOf(key: Buffer): EntryId {
  return (key.readBigUInt64BE(7) << 64n) | key.readBigUInt64BE(15)
}

/** Returns the name of the consumer with this key. Throws a RangeError if it is not valid UTF-8. */
export function consumerName(key: Buffer): string {
  const name = key.subarray(7)
  if (!isUtf8(name)) throw new RangeError('A name is not valid UTF-8')
  return name.toString()
}

/** A single key. */
export function only(key: Buffer): KeyRange {
  return { start: key, end: Buffer.concat([key, Buffer.alloc(1)]) }
}

export function slotPageNumber(key: Buffer): number {
  return key.readUInt32BE(7)
}

function withId(kind: number, number: number, id: EntryId): Buffer {
  const key = numbered(kind, number, 23)
  setWords(words, 0, id)
  key.writeUInt32BE(words[1] as number, 7)
  key.writeUInt32BE(words[0] as number, 11)
  key.writeUInt32BE(words[3] as number, 15)
  key.writeUInt32BE(words[2] as number, 19)
  return key
}

/** Creates a key that begins with a kind and a number. The caller writes the rest. */
function numbered(kind: number, number: number, length = 7): Buffer {
  const key = Buffer.allocUnsafe(length)
  key[0] = kind
  key.writeUIntBE(number, 1, 6)
  return key
}
