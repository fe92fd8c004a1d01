import { crc32 } from 'node:zlib'
import type { ByteReader } from '../bytes/byte-reader.ts'
import type { ByteWriter } from '../bytes/byte-writer.ts'
import type { Change } from '../core/change.ts'
import { maxChangeBytes, readChange, writeChange } from './change-bytes.ts'

/**
 * A record, little-endian:
 *
 *     0        4        8      9                      length    next multiple of 8
 *     ├─ CRC ──┼ length ┼ kind ┼─ payload ───────────────┼─ zeros ─┤
 *              ├─────────── covered by the CRC ────────────────────┤
 *
 * `length` includes everything from the CRC to the end of the payload. The CRC starts from a number made of
 * the segment's salt and the record's position, so that bytes of another time or position never look like a
 * record. It is CRC-32 instead of CRC-32C, because zlib's is native in Node and finds the same errors at
 * these lengths.
 *
 * Kinds are persisted, and never change their meaning:
 *
 *     1   changes          one change after the other: either all happened, or none
 *     2   commit marker    starts every flush: see `CommitMarker`
 *     3   end of segment   the rest of the segment is unused, and the journal continues in the next one
 */
export type RecordKind = 'changes' | 'commit marker' | 'end of segment'

const CHANGES = 1
const COMMIT_MARKER = 2
const END_OF_SEGMENT = 3
const KINDS: readonly (RecordKind | undefined)[] = [undefined, 'changes', 'commit marker', 'end of segment']

const PREFIX_BYTES = 9
/** In format 1, a commit marker has no signature. */
const COMMIT_MARKER_LENGTH_1 = PREFIX_BYTES + 8
const COMMIT_MARKER_LENGTH = COMMIT_MARKER_LENGTH_1 + 5
export const RECORD_ALIGN = 8
export const COMMIT_MARKER_BYTES = 24
/** A segment with less space left is full without an end-of-segment record. */
export const MIN_RECORD_BYTES = 16

/** Position of a record. Its CRC starts from this. */
export interface RecordPosition {
  readonly position: number
  /** A random number of the segment. */
  readonly salt: number
}

/**
 * A commit marker states up to which position everything is durable (u53), and who wrote it (u32, u8). A
 * process writes in order, so a commit marker also states that everything before it had been written.
 */
export interface CommitMarker {
  readonly durable: number
  readonly by: Signature
}

/** What all commit markers of a process have in common. */
export interface Signature {
  /** A number for the machine's boot; 0 if unknown, as in commit markers of format 1. */
  readonly boot: number
  /**
   * Whether the process answers only when changes are durable. False in commit markers of format 1, which do
   * not state it.
   */
  readonly answersDurable: boolean
}

const ANSWERS_DURABLE = 1
const UNSIGNED: Signature = { boot: 0, answersDurable: false }

/** Returns an upper bound of the size of a record with these changes. */
export function recordBytes(changes: readonly Change[]): number {
  let bytes = PREFIX_BYTES
  for (const change of changes) bytes += maxChangeBytes(change)
  return aligned(bytes)
}

/**
 * Returns the length of the record. If it throws a RangeError, a part of the record remains after `to.at`:
 * see `writeChange`.
 */
export function writeChanges(
  to: ByteWriter,
  recordPosition: RecordPosition,
  changes: readonly Change[]
): number {
  const start = to.at
  begin(to, CHANGES)
  for (const change of changes) writeChange(to, change)
  return finish(to, start, recordPosition)
}

export function writeCommitMarker(
  to: ByteWriter,
  recordPosition: RecordPosition,
  durable: number,
  by: Signature
): number {
  const start = to.at
  begin(to, COMMIT_MARKER)
    .uint53(durable)
    .uint32(by.boot)
    .byte(by.answersDurable ? ANSWERS_DURABLE : 0)
  return finish(to, start, recordPosition)
}

export function writeEndOfSegment(to: ByteWriter, recordPosition: RecordPosition): number {
  const start = to.at
  begin(to, END_OF_SEGMENT)
  return finish(to, start, recordPosition)
}

function begin(to: ByteWriter, kind: number): ByteWriter {
  return to.moveTo(to.at + 8).byte(kind)
}

function finish(to: ByteWriter, start: number, recordPosition: RecordPosition): number {
  const length = to.at - start
  const end = start + aligned(length)
  to.zeros(end - to.at)
  to.moveTo(start + 4).uint32(length)
  to.moveTo(start).uint32(crc32(to.slice(start + 4, end), seed(recordPosition)))
  to.moveTo(end)
  return end - start
}

/**
 * What begins at a position: zeros (`empty`), a valid record (`whole`), a record that may be valid but
 * continues after these bytes (`short`), or anything else (`broken`), including a record longer than `limit`.
 */
export type RecordState = 'empty' | 'whole' | 'short' | 'broken'

export function recordStateAt(
  bytes: Buffer,
  at: number,
  recordPosition: RecordPosition,
  limit: number
): RecordState {
  if (bytes.length - at < 8) return 'short'
  const length = bytes.readUInt32LE(at + 4)
  if (length === 0) return bytes.readUInt32LE(at) === 0 ? 'empty' : 'broken'
  if (length < PREFIX_BYTES || aligned(length) > limit) return 'broken'
  const end = at + aligned(length)
  if (end > bytes.length) return 'short'
  return crc32(bytes.subarray(at + 4, end), seed(recordPosition)) === bytes.readUInt32LE(at)
    ? 'whole'
    : 'broken'
}

/** Returns the distance from a record to the next one, computed from its length alone. */
export function stepBytes(bytes: Buffer, at: number): number {
  return aligned(bytes.readUInt32LE(at + 4))
}

/** Returns the kind of a whole record. Throws a RangeError if this version does not know it. */
export function kindAt(bytes: Buffer, at: number): RecordKind {
  const kind = KINDS[bytes.readUInt8(at + 8)]
  if (kind === undefined) throw new RangeError(`Unknown kind of record: ${bytes[at + 8]}`)
  return kind
}

/**
 * Reads the changes of a whole record from the reader's bytes. Fields of entries are views. Throws a
 * RangeError.
 */
export function changesAt(reader: ByteReader, at: number): Change[] {
  reader.moveTo(at + PREFIX_BYTES, at + reader.bytes.readUInt32LE(at + 4))
  const changes: Change[] = []
  while (!reader.atEnd) changes.push(readChange(reader))
  return changes
}

/** Reads a whole commit marker. */
export function commitMarkerAt(bytes: Buffer, at: number): CommitMarker {
  const from = at + PREFIX_BYTES
  const durable = bytes.readUInt32LE(from) + bytes.readUInt32LE(from + 4) * 2 ** 32
  if (bytes.readUInt32LE(at + 4) === COMMIT_MARKER_LENGTH_1) return { durable, by: UNSIGNED }
  const answersDurable = (bytes.readUInt8(from + 12) & ANSWERS_DURABLE) !== 0
  return { durable, by: { boot: bytes.readUInt32LE(from + 8), answersDurable } }
}

/** Whether a whole commit marker begins here. Cheap enough to call at every eighth byte of damaged data. */
export function isCommitMarker(bytes: Buffer, at: number, recordPosition: RecordPosition): boolean {
  const length = bytes.readUInt32LE(at + 4)
  return (
    (length === COMMIT_MARKER_LENGTH || length === COMMIT_MARKER_LENGTH_1) &&
    bytes[at + 8] === COMMIT_MARKER &&
    recordStateAt(bytes, at, recordPosition, COMMIT_MARKER_BYTES) === 'whole'
  )
}

/** Whether a whole record contains changes. */
export function hasChanges(bytes: Buffer, at: number): boolean {
  return bytes[at + 8] === CHANGES
}

export function aligned(bytes: number): number {
  return Math.ceil(bytes / RECORD_ALIGN) * RECORD_ALIGN
}

/**
 * Differs between any two positions of a segment that are less than 32 GiB apart. Others may collide by
 * chance.
 */
function seed({ position, salt }: RecordPosition): number {
  return (salt ^ (position / RECORD_ALIGN)) >>> 0
}
