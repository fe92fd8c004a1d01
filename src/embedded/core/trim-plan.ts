import type { Entry } from '../../contract/entries.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'

/**
 * Limits of what one change removes, in blocks and in bytes of fields. Another change removes the rest. The
 * limits exist because a decision reads everything that it removes. Blocks without entries do not count.
 */
export const BLOCKS_AT_ONCE = 128
const BYTES_AT_ONCE = 4 << 20

/** What a trim needs to know of a stream. */
export interface Trimmable {
  /** Blocks in ascending and in descending order. */
  readonly blocks: Iterable<Block>
  readonly down: Iterable<Block>
  readonly length: number
  readonly sizeBytes: number
  readonly lastId: EntryId
  /** The block that takes new entries. If the trim comes with an append, it is not complete yet. */
  readonly growing: Block | null
}

/** What a trim removes: all entries up to an id. Applying it does not look anything up. */
export interface Trimmed {
  /** No entry is left up to this id. */
  readonly upTo: EntryId
  /** Number of removed entries, and the bytes of their fields. */
  readonly count: number
  readonly bytes: number
  /** The first entry that is left; null if none is. */
  readonly firstId: EntryId | null
  /** The trim reached its limits, and another change may have to remove the rest. Not stored. */
  readonly isCut?: true
}

/** Adds up what a trim removes. */
export class TrimPlan {
  readonly #lastId: EntryId
  count = 0
  #bytes = 0
  #blocks = 0

  constructor({ lastId }: Trimmable, appended: readonly Entry[]) {
    this.#lastId = appended.at(-1)?.id ?? lastId
  }

  /** Whether another change must remove the rest. */
  get isFull(): boolean {
    return this.#blocks >= BLOCKS_AT_ONCE || this.#bytes >= BYTES_AT_ONCE
  }

  /** Adds entries of one block. */
  add(count: number, bytes: number): void {
    if (count > 0) this.#blocks++
    this.count += count
    this.#bytes += bytes
  }

  /** Replaces the totals, if they were computed from what is left. */
  replace(count: number, bytes: number): void {
    this.count = count
    this.#bytes = bytes
  }

  /** Ends the trim before an entry, which becomes the first one. */
  endBefore(firstId: EntryId): Trimmed | null {
    return this.#with(firstId - 1n, firstId)
  }

  removeAll(): Trimmed | null {
    return this.#with(this.#lastId, null)
  }

  #with(upTo: EntryId, firstId: EntryId | null): Trimmed | null {
    if (this.count === 0) return null
    const trimmed = { upTo, count: this.count, bytes: this.#bytes, firstId }
    return this.isFull ? { ...trimmed, isCut: true } : trimmed
  }
}
