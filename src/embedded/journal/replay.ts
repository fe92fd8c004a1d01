import { ByteReader } from '../bytes/byte-reader.ts'
import type { Change } from '../core/change.ts'
import { damaged } from './damage.ts'
import {
  type CommitMarker,
  changesAt,
  commitMarkerAt,
  kindAt,
  MIN_RECORD_BYTES,
  recordStateAt,
  stepBytes
} from './record.ts'
import { fileOffset, type OpenSegment } from './segment.ts'

/** A segment is read in pieces of this size, or of one record if that is larger. */
const PIECE_BYTES = 1 << 20

/** What has been read so far. */
export interface Tally {
  records: number
  bytes: number
  /** After the last record with changes. */
  position: number
  /** The highest position that a commit marker states to be durable. */
  stated: number
  /** The last commit marker. */
  marker: CommitMarker | null
}

/**
 * Where the records of a segment stop, and why. After `full` and `end of segment`, the next segment
 * continues.
 */
export interface Stop {
  readonly at: number
  readonly why: 'full' | 'end of segment' | 'empty' | 'broken'
}

/** Passes the changes of each record to `apply`, beginning with the record at `from`. */
export async function replaySegment(
  segment: OpenSegment,
  from: number,
  tally: Tally,
  apply: (changes: Change[]) => void
): Promise<Stop> {
  let at = from
  let pieceBytes = PIECE_BYTES
  while (segment.end - at >= MIN_RECORD_BYTES) {
    const piece = await readPiece(segment, at, pieceBytes)
    const step = replayPiece(segment, new ByteReader(piece), at, tally, apply)
    if ('why' in step) return step
    at += step.bytes
    pieceBytes = Math.max(PIECE_BYTES, step.bytes === 0 ? stepBytes(piece, 0) : 0)
  }
  return { at, why: 'full' }
}

/**
 * Reads the whole records of a piece, which begins with a record. Returns their length, or where the journal
 * or the segment stops.
 */
function replayPiece(
  segment: OpenSegment,
  reader: ByteReader,
  from: number,
  tally: Tally,
  apply: (changes: Change[]) => void
): { bytes: number } | Stop {
  let bytes = 0
  for (;;) {
    const at = from + bytes
    if (segment.end - at < MIN_RECORD_BYTES) return { bytes }
    const state = recordStateAt(reader.bytes, bytes, { position: at, salt: segment.salt }, segment.end - at)
    if (state === 'short') return { bytes }
    if (state !== 'whole') return { at, why: state }
    const step = stepBytes(reader.bytes, bytes)
    const record = readRecord(segment, reader, bytes, at)
    if (record === 'end of segment') return { at: segment.end, why: 'end of segment' }
    if ('durable' in record) {
      tally.stated = Math.max(tally.stated, record.durable)
      tally.marker = record
    } else {
      tally.records += 1
      tally.bytes += step
      tally.position = at + step
      apply(record)
    }
    bytes += step
  }
}

/** Returns the changes of a record, a commit marker, or the end of the segment. */
function readRecord(
  segment: OpenSegment,
  reader: ByteReader,
  offset: number,
  at: number
): Change[] | CommitMarker | 'end of segment' {
  try {
    const kind = kindAt(reader.bytes, offset)
    if (kind === 'changes') return changesAt(reader, offset)
    return kind === 'commit marker' ? commitMarkerAt(reader.bytes, offset) : 'end of segment'
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw damaged(segment.file, fileOffset(segment, at), error.message, error)
  }
}

/**
 * Reads into a new buffer each time, because decoded changes are views into it. Bytes after the end of the
 * file count as zeros.
 */
export async function readPiece(segment: OpenSegment, at: number, bytes: number): Promise<Buffer> {
  const piece = Buffer.allocUnsafeSlow(Math.min(bytes, segment.end - at))
  const bytesRead = await segment.disk.read(piece, fileOffset(segment, at))
  return piece.fill(0, bytesRead)
}
