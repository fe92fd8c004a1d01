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

/** What stands after the last whole record, and is no damage. */
export interface Torn {
  /** After the last byte that is not zero; where it starts when all are. */
  readonly end: number
  /** Whole records of changes in it: those that were found. */
  readonly records: number
  /** Whether some of it may have been answered. */
  readonly mayBeAnswered: boolean
}

/** What was found of that. */
interface Scan {
  end: number
  records: number
  /** The highest position that a commit marker states to be durable. */
  stated: number
  /** The highest position at which a commit marker of this boot stands. */
  written: number
  /** Whether all commit markers are of processes that answer only what is durable. */
  answersDurable: boolean
  /** Where the next record stands if one does. */
  next: number
}

/**
 * Looks at everything from `at`, where no record stands, to the journal's end, and decides what it is. Throws if it is
 * damage. A flush starts with a commit marker, so a commit marker behind `at` tells of what stood there:
 *
 * - if it states a position beyond `at`, that was durable;
 * - if it is of this boot, that had been written, and the page cache has what was written before the process ended.
 *
 * Otherwise it is the torn tail of a crash. In this boot that is at most the write which was interrupted. After another
 * one it is all that was not durable, and a process that does not wait for the disk may have answered it. `last` is the
 * last marker before `at`, and `boot` the number of this boot, 0 if there is none.
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
    // Where the file ends there are zeros.
    if (isZero && bytes.length < wanted.length) return
    // Pieces overlap, so that each marker lies wholly in one of them.
    const scanned = isZero ? wanted.length - COMMIT_MARKER_BYTES : scanPiece(segment, bytes, at, boot, scan)
    at += bytes.length < wanted.length ? wanted.length : Math.max(scanned, RECORD_ALIGN)
  }
}

/**
 * Looks for commit markers, and follows the records behind each of them. Gives how much it has looked at: up to where a commit marker, or
 * a record that was to be next, may go on behind the piece.
 */
function scanPiece(segment: OpenSegment, bytes: Buffer, at: number, boot: number, scan: Scan): number {
  let offset = 0
  while (offset + COMMIT_MARKER_BYTES <= bytes.length) {
    const position = at + offset
    const recordPosition = { position, salt: segment.salt }
    const isNext = position === scan.next
    const state = isNext ? recordStateAt(bytes, offset, recordPosition, segment.end - position) : 'broken'
    // It is whole in the next piece, unless it is longer than one.
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
 * Makes zeros of everything from `at` on, so that remains of one flush never continue another. `segments` begin with
 * the one that has `at`; those after it are removed if the torn part reaches them, the last one first, so that at no
 * moment one is missing in the middle. Gives those that are left.
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

/** Gives a segment that ends early, as a copy may, the room back that its header promises. */
export async function extendToCapacity(segment: OpenSegment): Promise<void> {
  const size = await segment.disk.sizeBytes()
  const full = fileOffset(segment, segment.end)
  if (size < full) await writeZeros(segment.disk, Math.max(size, HEADER_BYTES), full)
}
