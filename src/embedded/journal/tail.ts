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
interface Rest {
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
  const rest: Rest = { end: at, records: 0, stated: at, written: at, answersDurable: true, next: -1 }
  for (const segment of segments) await inspect(segment, Math.max(at, segment.base), boot, rest)
  const { end, records, stated, written } = rest
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
  const answersDurable = rest.answersDurable && last?.by.answersDurable === true
  return { end, records, mayBeAnswered: end > at && !isInterrupted && !answersDurable }
}

async function inspect(segment: OpenSegment, from: number, boot: number, rest: Rest): Promise<void> {
  const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(0, segment.end - from)))
  for (let at = from; at < segment.end; ) {
    const wanted = piece.subarray(0, Math.min(piece.length, segment.end - at))
    const bytes = wanted.subarray(0, await segment.disk.read(wanted, fileOffset(segment, at)))
    const isZero = bytes.equals(ZEROS.subarray(0, bytes.length))
    if (!isZero) rest.end = Math.max(rest.end, at + lengthWithoutZeros(bytes))
    // Where the file ends there are zeros.
    if (isZero && bytes.length < wanted.length) return
    // Pieces overlap, so that each marker lies wholly in one of them.
    const looked = isZero ? wanted.length - COMMIT_MARKER_BYTES : inspectPiece(segment, bytes, at, boot, rest)
    at += bytes.length < wanted.length ? wanted.length : Math.max(looked, RECORD_ALIGN)
  }
}

/**
 * Looks for commit markers, and follows the records behind each of them. Gives how much it has looked at: up to where a commit marker, or
 * a record that was to be next, may go on behind the piece.
 */
function inspectPiece(segment: OpenSegment, bytes: Buffer, at: number, boot: number, rest: Rest): number {
  let offset = 0
  while (offset + COMMIT_MARKER_BYTES <= bytes.length) {
    const position = at + offset
    const place = { position, salt: segment.salt }
    const isNext = position === rest.next
    const look = isNext ? recordStateAt(bytes, offset, place, segment.end - position) : 'broken'
    // It is whole in the next piece, unless it is longer than one.
    if (look === 'short' && offset > 0 && bytes.length === PIECE_BYTES) return offset
    if (look !== 'whole' && !isCommitMarker(bytes, offset, place)) {
      offset += RECORD_ALIGN
      continue
    }
    if (hasChanges(bytes, offset)) rest.records += 1
    else if (isCommitMarker(bytes, offset, place)) note(commitMarkerAt(bytes, offset), position, boot, rest)
    offset += stepBytes(bytes, offset)
    rest.next = at + offset
  }
  return offset
}

function note({ durable, by }: CommitMarker, position: number, boot: number, rest: Rest): void {
  rest.stated = Math.max(rest.stated, durable)
  if (boot !== 0 && by.boot === boot) rest.written = Math.max(rest.written, position)
  rest.answersDurable &&= by.answersDurable
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
export async function fillUp(segment: OpenSegment): Promise<void> {
  const size = await segment.disk.sizeBytes()
  const full = fileOffset(segment, segment.end)
  if (size < full) await writeZeros(segment.disk, Math.max(size, HEADER_BYTES), full)
}
