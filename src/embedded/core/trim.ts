import type { Entry, Trim } from '../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'
import { planAround } from './trim-around.ts'
import { type Trimmable, type Trimmed, TrimPlan } from './trim-plan.ts'

/**
 * Plans what the next change of a trim removes after `appended` further entries were appended; null for
 * nothing. A damaged block with unknown entries is removed as a whole, or the trim ends before it.
 */
export function planTrim(stream: Trimmable, trim: Trim, appended: readonly Entry[]): Trimmed | null {
  const length = stream.length + appended.length
  if (trim.approximate) return planWholeBlocks(stream, trim, length, appended)
  const maxCount = trim.maxLength === undefined ? Number.POSITIVE_INFINITY : length - trim.maxLength
  if (maxCount <= 0) return null
  return planExact(
    stream,
    maxCount,
    trim.maxLength === undefined ? (trim.minId ?? 0n) : MAX_ID + 1n,
    appended
  )
}

/** Removes at most `maxCount` entries, all below an id. */
function planExact(
  stream: Trimmable,
  maxCount: number,
  below: EntryId,
  appended: readonly Entry[]
): Trimmed | null {
  const plan = new TrimPlan(stream, appended)
  for (const block of stream.blocks) {
    const first = !plan.isFull ? null : block.isCounted ? block.firstFrom(0n) : block.firstId
    if (first !== null) return plan.endBefore(first)
    if (!block.isCounted) {
      const isByCount = below > MAX_ID
      const rule = isByCount
        ? { maxCount: stream.length - maxCount, minId: MIN_ID }
        : { maxCount: Number.POSITIVE_INFINITY, minId: below }
      const next = planAround(plan, stream, block, rule)
      if (next !== 'all') return plan.endBefore(next)
      break
    }
    if (block.live <= maxCount - plan.count && block.lastId < below) {
      plan.add(block.live, block.liveBytes)
      continue
    }
    if (block.isOpaque) return plan.endBefore(block.firstId)
    const { count, bytes, next } = block.head(maxCount - plan.count, below)
    plan.add(count, bytes)
    if (next !== null) return plan.endBefore(next)
  }
  for (const { id, fields } of appended) {
    if (plan.count === maxCount || id >= below) return plan.endBefore(id)
    plan.add(1, fields.length)
  }
  return plan.removeAll()
}

function planWholeBlocks(
  stream: Trimmable,
  { maxLength, minId, limit }: Trim,
  length: number,
  appended: readonly Entry[]
): Trimmed | null {
  const plan = new TrimPlan(stream, appended)
  const mustStay = (block: Block) =>
    !block.isCounted ||
    plan.isFull ||
    (appended.length > 0 && block === stream.growing) ||
    (limit !== undefined && plan.count + block.live > limit) ||
    (maxLength !== undefined && length - plan.count - block.live < maxLength) ||
    (minId !== undefined && block.lastId >= minId)
  for (const block of stream.blocks) {
    if (mustStay(block)) {
      if (plan.count === 0) return null
      const next = block.firstFrom(0n)
      if (next !== null) return plan.endBefore(next)
    } else {
      plan.add(block.live, block.liveBytes)
    }
  }
  const [first] = appended
  return first === undefined ? plan.removeAll() : plan.endBefore(first.id)
}
