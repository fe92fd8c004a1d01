import type { Entry, Trim } from '../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'
import { Cut, type Trimmable, type Trimmed } from './cut.ts'
import { cutAround } from './trim-around.ts'

/**
 * What the next change of a trim removes after `appended` further entries were appended; null for nothing. A damaged
 * block whose entries cannot be told apart goes as a whole, or the trim ends before it.
 */
export function planTrim(stream: Trimmable, trim: Trim, appended: readonly Entry[]): Trimmed | null {
  const length = stream.length + appended.length
  if (trim.approximate) return planWholeBlocks(stream, trim, length, appended)
  const most = trim.maxLength === undefined ? Number.POSITIVE_INFINITY : length - trim.maxLength
  if (most <= 0) return null
  return planExact(stream, most, trim.maxLength === undefined ? (trim.minId ?? 0n) : MAX_ID + 1n, appended)
}

/** At most so many entries, and all of them below an id. */
function planExact(
  stream: Trimmable,
  most: number,
  below: EntryId,
  appended: readonly Entry[]
): Trimmed | null {
  const cut = new Cut(stream, appended)
  for (const block of stream.blocks) {
    const first = !cut.isFull ? null : block.isCounted ? block.firstFrom(0n) : block.firstId
    if (first !== null) return cut.before(first)
    if (!block.isCounted) {
      const isByCount = below > MAX_ID
      const keeping = isByCount
        ? { most: stream.length - most, from: MIN_ID }
        : { most: Number.POSITIVE_INFINITY, from: below }
      const next = cutAround(cut, stream, block, keeping)
      if (next !== 'all') return cut.before(next)
      break
    }
    if (block.live <= most - cut.count && block.lastId < below) {
      cut.take(block.live, block.liveBytes)
      continue
    }
    if (block.isOpaque) return cut.before(block.firstId)
    const { count, bytes, next } = block.head(most - cut.count, below)
    cut.take(count, bytes)
    if (next !== null) return cut.before(next)
  }
  for (const { id, fields } of appended) {
    if (cut.count === most || id >= below) return cut.before(id)
    cut.take(1, fields.length)
  }
  return cut.all()
}

function planWholeBlocks(
  stream: Trimmable,
  { maxLength, minId, limit }: Trim,
  length: number,
  appended: readonly Entry[]
): Trimmed | null {
  const cut = new Cut(stream, appended)
  const stays = (block: Block) =>
    !block.isCounted ||
    cut.isFull ||
    (appended.length > 0 && block === stream.growing) ||
    (limit !== undefined && cut.count + block.live > limit) ||
    (maxLength !== undefined && length - cut.count - block.live < maxLength) ||
    (minId !== undefined && block.lastId >= minId)
  for (const block of stream.blocks) {
    if (stays(block)) {
      if (cut.count === 0) return null
      const next = block.firstFrom(0n)
      if (next !== null) return cut.before(next)
    } else {
      cut.take(block.live, block.liveBytes)
    }
  }
  const [first] = appended
  return first === undefined ? cut.all() : cut.before(first.id)
}
