import { damaged } from './damage.ts'
import type { Files } from './files.ts'
import {
  COMMIT_MARKER_BYTES,
  type CommitMarker,
  commitMarkerAt,
  hasChanges,
  isCommitMarker,
  RECORD_ALIGN,
  recordStateAt,
  stepBytes
} from './record.ts'
import { fileOffset, HEADER_BYTES, type OpenSegment, writeZeros } from './segment.ts'

const PIECE_BYTES = 1 << 20
const ZEROS = Buffer.alloc(PIECE_BYTES)

/** What follows the last whole record, if it is not damage. */
export interface Torn {
  /** After the last byte that is not zero; the start if all bytes are zero. */
  readonly end: number
  /** Number of whole records with changes that were found in it. */
  readonly records: number
  /** Whether part of it may have been answered. */
  readonly mayBeAnswered: boolean
}

/** What the scan has found so far. */
interface Scan {
  end: number
  records: number
  /** The highest position that a commit marker states to be durable. */
  stated: number
  /** The position of the last commit marker of this boot. */
  written: number
  /** Whether all commit markers come from processes that answer only durable changes. */
  answersDurable: boolean
  /** Where the next record would begin. */
  next: number
}

/**
 * Scans everything from `at`, where no record begins, to the end of the journal, and decides what it is.
 * Throws if it is damage. A flush starts with a commit marker, so a commit marker after `at` shows what was
 * at `at`:
 *
 * - If it states a position above `at`, the bytes there were durable.
 * - If it is of this boot, the bytes there had been written, and the page cache has everything that was
 *   written before the process ended.
 *
 * Otherwise the bytes are the torn tail of a crash. In the same boot, this is at most the interrupted write.
 * In another boot, it is everything that was not durable, and a process that does not wait for the disk may
 * have answered it. `last` is the last marker before `at`, and `boot` the number of this boot, 0 if unknown.
 */
export async function tornTo(
  segments: readonly OpenSegment[],
  at: number,
  last: CommitMarker | null,
  boot: number
): Promise<Torn> {
  const scan: Scan = { end: at, records: 0, stated: at, written: at, answersDurable: true, next: -1 }
  for (const segment of segments) await scanSegment(segment, Math.max(at, segment.base), boot, scan)
  const { end, records, stated, written } = scan
  const [first] = segments
  if (first !== undefined && stated > at) {
    const what = `not a complete record, although everything up to position ${stated} was durable`
    throw damaged(first.file, fileOffset(first, at), what)
  }
  if (first !== undefined && written > at) {
    const what = `not a complete record, although everything up to position ${written} was written since the machine started`
    throw damaged(first.file, fileOffset(first, at), what)
  }
  const isInterrupted = boot !== 0 && last?.by.boot === boot
  const answersDurable = scan.answersDurable && last?.by.answersDurable === true
  return { end, records, mayBeAnswered: end > at && !isInterrupted && !answersDurable }
}

async function scanSegment(segment: OpenSegment, from: number, boot: number, scan: Scan): Promise<void> {
  const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(0, segment.end - from)))
  for (let at = from; at < segment.end; ) {
    const wanted = piece.subarray(0, Math.min(piece.length, segment.end - at))
    const bytes = wanted.subarray(0, await segment.disk.read(wanted, fileOffset(segment, at)))
    const isZero = bytes.equals(ZEROS.subarray(0, bytes.length))
    if (!isZero) scan.end = Math.max(scan.end, at + lengthWithoutZeros(bytes))
    // Everything after the end of the file is zeros.
    if (isZero && bytes.length < wanted.length) return
    // Pieces overlap, so that each marker lies in one of them as a whole.
    const scanned = isZero ? wanted.length - COMMIT_MARKER_BYTES : scanPiece(segment, bytes, at, boot, scan)
    at += bytes.length < wanted.length ? wanted.length : Math.max(scanned, RECORD_ALIGN)
  }
}

/**
 * Searches for commit markers, and follows the records after each of them. Returns the number of scanned
 * bytes. A commit marker, or a record that was expected, may begin there and continue after the piece.
 */
function scanPiece(segment: OpenSegment, bytes: Buffer, at: number, boot: number, scan: Scan): number {
  let offset = 0
  while (offset + COMMIT_MARKER_BYTES <= bytes.length) {
    const position = at + offset
    const recordPosition = { position, salt: segment.salt }
    const isNext = position === scan.next
    const state = isNext ? recordStateAt(bytes, offset, recordPosition, segment.end - position) : 'broken'
    // The next piece contains it as a whole, unless it is longer than a piece.
    if (state === 'short' && offset > 0 && bytes.length === PIECE_BYTES) return offset
    if (state !== 'whole' && !isCommitMarker(bytes, offset, recordPosition)) {
      offset += RECORD_ALIGN
      continue
    }
    if (hasChanges(bytes, offset)) scan.records += 1
    else if (isCommitMarker(bytes, offset, recordPosition))
      noteMarker(commitMarkerAt(bytes, offset), position, boot, scan)
    offset += stepBytes(bytes, offset)
    scan.next = at + offset
  }
  return offset
}

function noteMarker({ durable, by }: CommitMarker, position: number, boot: number, scan: Scan): void {
  scan.stated = Math.max(scan.stated, durable)
  if (boot !== 0 && by.boot === boot) scan.written = Math.max(scan.written, position)
  scan.answersDurable &&= by.answersDurable
}

function lengthWithoutZeros(bytes: Buffer): number {
  let length = bytes.length
  while (length > 0 && bytes[length - 1] === 0) length -= 1
  return length
}

/**
 * Overwrites everything from `at` on with zeros, so that the remains of one flush never continue another.
 * `segments` begins with the one that contains `at`. If the torn part reaches the segments after it, these
 * are removed, the last one first, so that none is ever missing in the middle. Returns the remaining
 * segments.
 */
export async function cutTail(
  files: Files,
  directory: string,
  segments: readonly OpenSegment[],
  at: number,
  end: number
): Promise<OpenSegment[]> {
  const left = [...segments]
  const [first] = segments
  if (first === undefined) return left
  while (left.length > 1 && end > first.end) {
    const last = left.pop()
    if (last === undefined) break
    await last.disk.close()
    await files.remove(last.file)
    await files.syncDirectory(directory)
  }
  await writeZeros(first.disk, fileOffset(first, at), fileOffset(first, Math.min(end, first.end)))
  return left
}

/** Extends a segment to the size in its header. A copied segment may be shorter. */
export async function extendToCapacity(segment: OpenSegment): Promise<void> {
  const size = await segment.disk.sizeBytes()
  const full = fileOffset(segment, segment.end)
  if (size < full) await writeZeros(segment.disk, Math.max(size, HEADER_BYTES), full)
}
