import { damaged } from './damage.ts'
import type { Files } from './files.ts'
import { durableAt, isMark, MARK_BYTES, RECORD_ALIGN } from './record.ts'
import { fileOffset, HEADER_BYTES, type OpenSegment, writeZeros } from './segment.ts'

const PIECE_BYTES = 1 << 20
const ZEROS = Buffer.alloc(PIECE_BYTES)

/** What stands after the last whole record. */
interface Rest {
  /** After the last byte that is not zero; before everything when all are. */
  end: number
  /** The highest position that a mark states to be durable. */
  stated: number
}

/**
 * Looks at everything from `at`, where no record stands, to the journal's end, and decides what it is. A flush begins
 * with a mark that states what was durable when it was written. So when a mark beyond `at` states a position beyond
 * `at`, what stood at `at` was durable: it is damaged, and this throws. Otherwise no mark was written knowing of a
 * record at `at`: what stands there are the remains of flushes that a crash cut short and nobody was promised. Gives
 * the position where they end; `at` when there are none.
 */
export async function tornTo(segments: readonly OpenSegment[], at: number): Promise<number> {
  const rest: Rest = { end: at, stated: at }
  for (const segment of segments) await inspect(segment, Math.max(at, segment.base), rest)
  const [first] = segments
  if (first !== undefined && rest.stated > at) {
    const offset = fileOffset(first, at)
    throw damaged(
      first.file,
      offset,
      `no whole record, though up to position ${rest.stated} all was durable once`
    )
  }
  return rest.end
}

async function inspect(segment: OpenSegment, from: number, rest: Rest): Promise<void> {
  const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(0, segment.end - from)))
  // Pieces overlap, so that each mark lies wholly in one of them.
  for (let at = from; at < segment.end; at += PIECE_BYTES - MARK_BYTES) {
    const wanted = piece.subarray(0, Math.min(piece.length, segment.end - at))
    const bytes = wanted.subarray(0, await segment.disk.read(wanted, fileOffset(segment, at)))
    if (bytes.equals(ZEROS.subarray(0, bytes.length))) continue
    rest.end = Math.max(rest.end, at + lengthWithoutZeros(bytes))
    for (let offset = 0; offset + MARK_BYTES <= bytes.length; offset += RECORD_ALIGN) {
      const place = { position: at + offset, salt: segment.salt }
      if (isMark(bytes, offset, place)) rest.stated = Math.max(rest.stated, durableAt(bytes, offset))
    }
  }
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
