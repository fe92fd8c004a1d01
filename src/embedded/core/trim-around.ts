import { type EntryId, MAX_ID } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'
import type { Cut, Trimmable } from './cut.ts'

/** Which entries a trim keeps. */
export interface Keeping {
  /** At most this number of the last entries. */
  readonly most: number
  /** No entry below this id. */
  readonly from: EntryId
}

/**
 * Continues a trim that reached `lost`, a block with unknown entries. If all entries to keep lie after that block, the trim
 * removes everything before them, and their number is subtracted from the stream's. Otherwise the trim ends before the
 * block. Scans the blocks from the last one down. Returns the first entry that is kept, or 'all' if none is.
 */
export function cutAround(cut: Cut, stream: Trimmable, lost: Block, keeping: Keeping): EntryId | 'all' {
  let [kept, keptBytes] = [0, 0]
  let first: EntryId | null = null
  const stay = (count: number, bytes: number, next: EntryId | null) => {
    kept += count
    keptBytes += bytes
    first = next ?? first
  }
  let isBehind = keeping.most <= 0 || keeping.from > stream.lastId
  for (const block of isBehind ? [] : stream.down) {
    if (block.firstId <= lost.firstId || !block.isCounted) break
    const left = keeping.most - kept
    if (block.live < left && block.firstId > keeping.from) {
      stay(block.live, block.liveBytes, block.firstFrom(0n))
      continue
    }
    isBehind = true
    if (block.isOpaque) {
      stay(block.live, block.liveBytes, block.firstId)
    } else {
      const goes = block.head(Math.max(0, block.live - left), MAX_ID + 1n)
      const below = block.head(Number.POSITIVE_INFINITY, keeping.from)
      const head = goes.count > below.count ? goes : below
      stay(block.live - head.count, block.liveBytes - head.bytes, head.next)
    }
    break
  }
  if (!isBehind) return lost.firstId
  cut.takeAll(stream.length - kept, stream.sizeBytes - keptBytes)
  return first ?? 'all'
}
