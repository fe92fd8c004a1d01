import { type EntryId, MAX_ID } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'
import type { Trimmable, TrimPlan } from './trim-plan.ts'

/** Which entries a trim keeps. */
export interface KeepRule {
  /** Maximum number of entries, counted from the end. */
  readonly maxCount: number
  /** No entry below this id. */
  readonly minId: EntryId
}

/**
 * Continues a trim that has reached `lost`, a block with unknown entries. If all entries to keep lie after
 * that block, the trim removes everything before them, and computes the number of removed entries from the
 * number it keeps. Otherwise the trim ends before the block. Scans the blocks from the last one down. Returns
 * the first entry that is kept, or 'all' if none is.
 */
export function planAround(plan: TrimPlan, stream: Trimmable, lost: Block, rule: KeepRule): EntryId | 'all' {
  let [kept, keptBytes] = [0, 0]
  let first: EntryId | null = null
  const keep = (count: number, bytes: number, next: EntryId | null) => {
    kept += count
    keptBytes += bytes
    first = next ?? first
  }
  let isPastRule = rule.maxCount <= 0 || rule.minId > stream.lastId
  for (const block of isPastRule ? [] : stream.down) {
    if (block.firstId <= lost.firstId || !block.isCounted) break
    const left = rule.maxCount - kept
    if (block.live < left && block.firstId > rule.minId) {
      keep(block.live, block.liveBytes, block.firstFrom(0n))
      continue
    }
    isPastRule = true
    if (block.isOpaque) {
      keep(block.live, block.liveBytes, block.firstId)
    } else {
      const excess = block.head(Math.max(0, block.live - left), MAX_ID + 1n)
      const below = block.head(Number.POSITIVE_INFINITY, rule.minId)
      const head = excess.count > below.count ? excess : below
      keep(block.live - head.count, block.liveBytes - head.bytes, head.next)
    }
    break
  }
  if (!isPastRule) return lost.firstId
  plan.replace(stream.length - kept, stream.sizeBytes - keptBytes)
  return first ?? 'all'
}
