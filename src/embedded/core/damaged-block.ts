import type { EntryId } from '../../contract/entry-id.ts'
import { Block } from './block.ts'
import { newArrays } from './block-arrays.ts'
import type { Head } from './block-index.ts'
import { entryDamaged } from './damage.ts'

/** What is still known of a block whose ids are damaged on disk. */
export interface BlockSummary {
  /** The highest id that the block ever contained, deleted or not. */
  readonly lastId: EntryId
  /** The number of entries that are not deleted, and the bytes of their fields. */
  readonly live: number
  readonly liveBytes: number
}

/**
 * A damaged block. Only its first id is known, and at best a summary. It can be removed as a whole. Reading
 * an entry that it may contain throws entry-damaged.
 */
export class DamagedBlock extends Block {
  readonly #stream: string
  readonly #start: EntryId
  /** No entry of the block is above this id; null if unknown. */
  readonly #end: EntryId | null
  #summary: BlockSummary | null

  /** Without a summary the block ends before `next`, the first id of the next block, if that is known. */
  constructor(stream: string, firstId: EntryId, summary: BlockSummary | null, next: EntryId | null = null) {
    super(newArrays(0, 0))
    this.#end = summary?.lastId ?? (next === null ? null : next - 1n)
    this.#stream = stream
    this.#start = firstId
    this.#summary = summary
    this.stored = true
  }

  override get damage(): string {
    return this.#stream
  }

  override get isOpaque(): boolean {
    return true
  }

  override get isCounted(): boolean {
    return this.#summary !== null
  }

  override get live(): number {
    return this.#known.live
  }

  override get liveBytes(): number {
    return this.#known.liveBytes
  }

  override get firstId(): EntryId {
    return this.#start
  }

  override get lastId(): EntryId {
    return this.#known.lastId
  }

  override get sizeBytes(): number {
    return 0
  }

  override has(id: EntryId): boolean {
    return this.#mayHold(id) && this.#refuse()
  }

  override get(id: EntryId): undefined {
    if (this.#mayHold(id)) this.#refuse()
  }

  override bytesOf(id: EntryId): undefined {
    if (this.#mayHold(id)) this.#refuse()
  }

  override collect(_into: unknown[], from: EntryId): void {
    if (this.#mayHold(from)) this.#refuse()
  }

  override collectDown(_into: unknown[], from: EntryId): void {
    if (this.#mayHold(from)) this.#refuse()
  }

  override head(): Head {
    return this.#refuse()
  }

  /** A lower bound: the first entry from `id` on may have a higher id. */
  override firstFrom(id: EntryId): EntryId | null {
    if (!this.#mayHold(id)) return null
    return id > this.#start ? id : this.#start
  }

  /** An upper bound: the last entry may have a lower id. */
  override lastLive(): EntryId | null {
    return this.#known.live === 0 ? null : this.#known.lastId
  }

  /** If `trimmedThrough` lies within the block, the number of entries left is unknown. */
  override deleteUpTo(trimmedThrough: EntryId): void {
    const summary = this.#summary
    if (summary === null) return
    this.#summary = trimmedThrough < summary.lastId ? null : { ...summary, live: 0, liveBytes: 0 }
  }

  /** Subtracts one deleted entry, whose fields have this number of bytes. */
  forget(bytes: number): void {
    const summary = this.#summary
    if (summary === null) return
    this.#summary = { ...summary, live: summary.live - 1, liveBytes: summary.liveBytes - bytes }
  }

  #mayHold(id: EntryId): boolean {
    return (this.#end === null || id <= this.#end) && this.#summary?.live !== 0
  }

  get #known(): BlockSummary {
    return this.#summary ?? this.#refuse()
  }

  #refuse(): never {
    throw entryDamaged(this.#stream, this.#start, this.#end)
  }
}
