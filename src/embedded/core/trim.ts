import type { Entry, Trim } from '../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'
import { cutAround } from './trim-around.ts'

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
  readonly isCut?: true
}

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

/** What is to go so far. */
export class Cut {
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
  take(count: number, bytes: number): void {
    if (count > 0) this.#blocks++
    this.count += count
    this.#bytes += bytes
  }

  /** Counted anew, by what stays. */
  takeAll(count: number, bytes: number): void {
    this.count = count
    this.#bytes = bytes
  }

  /** It ends before that entry, which is the first one then. */
  before(firstId: EntryId): Trimmed | null {
    return this.#with(firstId - 1n, firstId)
  }

  all(): Trimmed | null {
    return this.#with(this.#lastId, null)
  }

  #with(upTo: EntryId, firstId: EntryId | null): Trimmed | null {
    if (this.count === 0) return null
    const trimmed = { upTo, count: this.count, bytes: this.#bytes, firstId }
    return this.isFull ? { ...trimmed, isCut: true } : trimmed
  }
}
