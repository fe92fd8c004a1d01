import type { Entry } from '../../contract/entries.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { AnswerBudget } from './answer-budget.ts'
import type { Block } from './block.ts'

/*
 * Reads a range of entries from a stream's blocks: at most `limit` entries, as long as the budget lasts. Both
 * functions throw entry-damaged if an entry of the range cannot be read.
 */

/**
 * Reads from `first` up to `last`, both inclusive. `blocks` ascend from the one that contains `first`. With
 * `upToDamage`, a damaged entry ends the range instead, unless it is the first.
 */
export function entriesUp(
  blocks: Iterable<Block>,
  first: EntryId,
  last: EntryId,
  limit: number,
  budget: AnswerBudget,
  upToDamage: boolean
): Entry[] {
  const entries: Entry[] = []
  for (const block of blocks) {
    if (upToDamage && block.damage !== null && entries.length > 0) break
    const before = entries.length
    block.collect(entries, first, last, limit)
    budget.cutToFit(entries, before)
    if (entries.length >= limit || block.lastId >= last || budget.isFull) break
  }
  return entries
}

/** Reads from `last` down to `first`, both inclusive. `blocks` descend from the one that contains `last`. */
export function entriesDown(
  blocks: Iterable<Block>,
  first: EntryId,
  last: EntryId,
  limit: number,
  budget: AnswerBudget
): Entry[] {
  const entries: Entry[] = []
  for (const block of blocks) {
    const before = entries.length
    block.collectDown(entries, first, last, limit)
    budget.cutToFit(entries, before)
    if (entries.length >= limit || block.firstId <= first || budget.isFull) break
  }
  return entries
}
