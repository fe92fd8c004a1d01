import type { Entry, Trim } from '../../engine.ts'
import { type EntryId, MIN_ID } from '../../entry-id.ts'
import type { Block } from './block.ts'

/** What of a stream decides how much a trim removes. */
export interface Trimmable {
  /** From the first one on. */
  readonly blocks: Iterable<Block>
  readonly length: number
  /** The block that takes entries, so that it is not whole yet when some are appended. */
  readonly growing: Block | null
}

/** How many of the first entries a trim removes, after `appended` further ones were appended. */
export function countToTrim(stream: Trimmable, trim: Trim, appended: readonly Entry[]): number {
  const length = stream.length + appended.length
  if (trim.approximate) return countWholeBlocks(stream, trim, length, appended.length > 0)
  if (trim.maxLength !== undefined) return Math.max(0, length - trim.maxLength)
  return countBelow(stream.blocks, trim.minId ?? MIN_ID, appended)
}

function countBelow(blocks: Iterable<Block>, id: EntryId, appended: readonly Entry[]): number {
  let count = appended.filter((entry) => entry.id < id).length
  for (const block of blocks) {
    if (block.lastId >= id) return count + block.countBelow(id)
    count += block.live
  }
  return count
}

function countWholeBlocks(
  { blocks, growing }: Trimmable,
  trim: Trim,
  length: number,
  grows: boolean
): number {
  const { maxLength, minId, limit } = trim
  let count = 0
  for (const block of blocks) {
    if (grows && block === growing) break
    if (limit !== undefined && count + block.live > limit) break
    if (maxLength !== undefined && length - count - block.live < maxLength) break
    if (minId !== undefined && block.lastId >= minId) break
    count += block.live
  }
  return count
}
