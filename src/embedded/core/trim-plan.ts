import type { Entry } from '../../contract/entries.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'

/**
 * How many blocks one change may remove, and how many bytes of fields, before it leaves the rest to another one: a
 * decision reads all that it removes. Blocks that hold no entries any more do not count.
 */
export const BLOCKS_AT_ONCE = 128
const BYTES_AT_ONCE = 4 << 20

/** What of a stream decides what a trim removes. */
export interface Trimmable {
  /** From the first one on, and from the last one down. */
  readonly blocks: Iterable<Block>
  readonly down: Iterable<Block>
  readonly length: number
  readonly sizeBytes: number
  readonly lastId: EntryId
  /** The block that takes entries, so that it is not whole yet when some are appended. */
  readonly growing: Block | null
}

/** What a trim removes: all up to an id. Nothing of it has to be looked up again to be removed. */
export interface Trimmed {
  /** Nothing is left up to here, and the entry after it is the first one. */
  readonly upTo: EntryId
  /** How many entries go, and the bytes of their fields. */
  readonly count: number
  readonly bytes: number
  /** The first entry that is left; null when none is. */
  readonly firstId: EntryId | null
  /** The trim was cut here, and another change may have to remove the rest. Not stored. */
  readonly isPartial?: true
}

/** What is to go so far. */
export class TrimPlan {
  readonly #lastId: EntryId
  count = 0
  #bytes = 0
  #blocks = 0

  constructor({ lastId }: Trimmable, appended: readonly Entry[]) {
    this.#lastId = appended.at(-1)?.id ?? lastId
  }

  /** Whether another change has to remove the rest. */
  get isFull(): boolean {
    return this.#blocks >= BLOCKS_AT_ONCE || this.#bytes >= BYTES_AT_ONCE
  }

  /** Of one block. */
  add(count: number, bytes: number): void {
    if (count > 0) this.#blocks++
    this.count += count
    this.#bytes += bytes
  }

  /** Counted anew, by what stays. */
  replace(count: number, bytes: number): void {
    this.count = count
    this.#bytes = bytes
  }

  /** It ends before that entry, which is the first one then. */
  endBefore(firstId: EntryId): Trimmed | null {
    return this.#with(firstId - 1n, firstId)
  }

  removeAll(): Trimmed | null {
    return this.#with(this.#lastId, null)
  }

  #with(upTo: EntryId, firstId: EntryId | null): Trimmed | null {
    if (this.count === 0) return null
    const trimmed = { upTo, count: this.count, bytes: this.#bytes, firstId }
    return this.isFull ? { ...trimmed, isPartial: true } : trimmed
  }
}
