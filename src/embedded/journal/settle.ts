import path from 'node:path'
import { refused } from './damage.ts'
import type { Files } from './files.ts'
import { kindAt, MIN_RECORD_BYTES, recordStateAt, stepBytes } from './record.ts'
import { readPiece } from './replay.ts'
import { fileOffset, type OpenSegment, type Segment } from './segment.ts'

/*
 * A start reads from the page cache, which may contain more than the disk. When a sync fails, the kernel
 * reports it once and then treats the pages as clean. The next sync succeeds without writing them, and sooner
 * or later they are read from the disk again, in their old state. So a start rewrites everything that it is
 * going to show.
 */

/**
 * While a file of this name exists, the page cache may show zeros where the disk has the remains of a flush,
 * and may lack what was written in this boot. Only this boot has to see the file, so it is not synced.
 */
export const UNSETTLED = 'unsettled'

export async function noteUnsettled(files: Files, directory: string): Promise<void> {
  const note = await files.create(path.join(directory, UNSETTLED))
  await note.close()
}

const PIECE_BYTES = 1 << 20

/**
 * Rewrites the records between two positions, with the same bytes, and makes them durable. `past` and `tail`
 * are all segments that contain some of them; only the tail is open. Rejects if the page cache has lost a
 * record since it was read.
 */
export async function rewrite(
  files: Files,
  past: readonly Segment[],
  tail: OpenSegment | undefined,
  from: number,
  to: number
): Promise<void> {
  for (const segment of past.filter(({ end }) => end > from)) {
    const disk = await files.open(segment.file)
    await rewriteSegment({ ...segment, disk }, Math.max(from, segment.base), segment.end).finally(() =>
      disk.close()
    )
  }
  if (tail !== undefined) await rewriteSegment(tail, Math.max(from, tail.base), to)
}

async function rewriteSegment(segment: OpenSegment, from: number, to: number): Promise<void> {
  let pieceBytes = PIECE_BYTES
  for (let at = from; to - at >= MIN_RECORD_BYTES; ) {
    const piece = await readPiece(segment, at, pieceBytes)
    const { bytes, endsSegment } = wholeRecords(segment, piece, at, to)
    await segment.disk.write(piece.subarray(0, bytes), fileOffset(segment, at))
    if (endsSegment) break
    at += bytes
    pieceBytes = bytes > 0 ? PIECE_BYTES : stepBytes(piece, 0)
  }
  await segment.disk.sync()
}

/**
 * Returns how much of a piece consists of whole records, and whether the last of them ends the segment. The
 * piece contains at least part of a record.
 */
function wholeRecords(
  segment: OpenSegment,
  piece: Buffer,
  from: number,
  to: number
): { bytes: number; endsSegment: boolean } {
  let bytes = 0
  while (to - from - bytes >= MIN_RECORD_BYTES) {
    const position = from + bytes
    const state = recordStateAt(piece, bytes, { position, salt: segment.salt }, segment.end - position)
    if (state === 'short') break
    if (state !== 'whole') {
      throw refused(
        `${segment.file} changed at byte ${fileOffset(segment, position)} while it was being read`
      )
    }
    const kind = kindAt(piece, bytes)
    bytes += stepBytes(piece, bytes)
    if (kind === 'end of segment') return { bytes, endsSegment: true }
  }
  return { bytes, endsSegment: false }
}
