import type { EntryId } from '../../entry-id.ts'
import { Block, type Head } from './block.ts'
import { newRoom } from './block-room.ts'
import { entryDamaged } from './damage.ts'

/** What is known of a block whose ids the disk has garbled. */
export interface BlockSummary {
  /** The highest id ever put there, deleted or not. */
  readonly lastId: EntryId
  /** Entries that are not deleted, and the bytes of their fields. */
  readonly live: number
  readonly liveBytes: number
}

/**
 * A block of which nothing is known but where it begins, and at best its summary: it can go as a whole, and whoever
 * looks for an entry in it is refused with entry-damaged.
 */
export class DamagedBlock extends Block {
  readonly #stream: string
  readonly #start: EntryId
  /** No entry of it is above; null when that is not known. */
  readonly #end: EntryId | null
  #summary: BlockSummary | null

  /** Without a summary it ends before `next`, where the next block begins, if that is known. */
  constructor(stream: string, firstId: EntryId, summary: BlockSummary | null, next: EntryId | null = null) {
    super(newRoom(0, 0))
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

  /** At most: the entry may be another one, further on. */
  override firstFrom(id: EntryId): EntryId | null {
    if (!this.#mayHold(id)) return null
    return id > this.#start ? id : this.#start
  }

  /** At least: the entry may be another one, further back. */
  override lastLive(): EntryId | null {
    return this.#known.live === 0 ? null : this.#known.lastId
  }

  /** When the floor lies in it, nobody knows how many entries are left. */
  override deleteUpTo(floor: EntryId): void {
    const summary = this.#summary
    if (summary === null) return
    this.#summary = floor < summary.lastId ? null : { ...summary, live: 0, liveBytes: 0 }
  }

  /** An entry of it was deleted, with fields of so many bytes. */
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
