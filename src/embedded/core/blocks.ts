import { compareIds, type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'
import { DamagedBlock } from './damaged-block.ts'
import { SortedList } from './sorted-list.ts'
import type { StreamValues, Tombstone } from './stream-values.ts'

/** What blocks need to know of their stream. */
interface BlockOwner {
  readonly length: number
  readonly lastId: EntryId
}

/** Loads blocks that are not in memory, by the id of their first entry. Each call returns a copy. */
export interface BlockSource<S> {
  /** The last block that begins at or before an id. */
  atOrBefore(stream: S, id: EntryId): Block | null
  /** The first block that begins after an id. */
  after(stream: S, id: EntryId): Block | null
}

/** Is notified of blocks. */
export interface BlockTracker<S> {
  /** The block is about to change. */
  block(stream: S, block: Block): void
  /** A block that takes no further entries is now in memory. */
  blockHeld(stream: S, block: Block): void
  /** The block is no longer in memory. */
  blockDropped(block: Block): void
}

export interface BlockHooks<S> {
  readonly tracker: BlockTracker<S>
  readonly blockSource: BlockSource<S>
}

/**
 * A stream's blocks, in memory and in the store. Only checkpoints change the store, so a block there may
 * still contain removed entries: those up to `trimmedThrough`, and those with a *tombstone*. Removing entries
 * this way does not read their blocks. A block that is read from the store is returned without them.
 */
export class Blocks<S extends BlockOwner> {
  readonly #stream: S
  readonly #hooks: BlockHooks<S>
  /**
   * Blocks in memory, in the order of their first ids: all blocks from `#residentFrom` on, and some before
   * it.
   */
  readonly #resident = new SortedList<Block>((a, b) => compareIds(a.firstId, b.firstId))
  #residentFrom: EntryId = MIN_ID
  /** All entries up to this id are removed. */
  #trimmedThrough: EntryId = MIN_ID
  readonly #tombstones = new SortedList<Tombstone>((a, b) => compareIds(a.id, b.id))

  constructor(stream: S, hooks: BlockHooks<S>) {
    this.#stream = stream
    this.#hooks = hooks
  }

  /** Loads the stored values of a stream whose blocks are all in the store. */
  load({
    trimmedThrough,
    tombstones,
    lastId
  }: Pick<StreamValues, 'trimmedThrough' | 'tombstones' | 'lastId'>): void {
    this.#trimmedThrough = trimmedThrough
    for (const tombstone of tombstones) this.#tombstones.add(tombstone)
    this.#residentFrom = lastId + 1n
  }

  get trimmedThrough(): EntryId {
    return this.#trimmedThrough
  }

  get tombstones(): Tombstone[] {
    return [...this.#tombstones.ascend()]
  }

  /** Returns which blocks can be deleted from the store. */
  removable(): RemovableBlocks {
    if (this.#stream.length === 0) return { upTo: this.#trimmedThrough, mustReadLast: false }
    const resident = this.#resident.atOrBefore(startsFrom(this.#trimmedThrough + 1n))
    const isLeft = resident !== undefined && resident.lastId > this.#trimmedThrough
    return isLeft
      ? { upTo: resident.firstId - 1n, mustReadLast: false }
      : { upTo: this.#trimmedThrough, mustReadLast: true }
  }

  /**
   * Returns the last block that begins at or before an id; undefined if all entries up to the id are removed.
   */
  at(id: EntryId): Block | undefined {
    if (id <= this.#trimmedThrough) return undefined
    const resident = this.#resident.atOrBefore(startsFrom(id))
    if (this.#residentFrom === MIN_ID || (resident !== undefined && this.#covers(resident, id)))
      return resident
    const stored = this.#hooks.blockSource.atOrBefore(this.#stream, id)
    if (stored === null || (resident !== undefined && resident.firstId >= stored.firstId)) return resident
    const block = this.withoutRemoved(stored)
    return this.#isTrimmed(block) ? resident : block
  }

  /** Returns the first block that begins after an id. */
  after(id: EntryId): Block | undefined {
    const from = id > this.#trimmedThrough ? id : this.#trimmedThrough
    const resident = this.#resident.atOrAfter(startsFrom(from + 1n))
    if (from + 1n >= this.#residentFrom) return resident
    const stored = this.#hooks.blockSource.after(this.#stream, from)
    if (stored === null || (resident !== undefined && resident.firstId <= stored.firstId)) return resident
    return this.withoutRemoved(stored)
  }

  /**
   * Yields blocks downwards from the one that contains an id, or would contain it. Default: from the last
   * block.
   */
  *down(from = this.#stream.lastId): Generator<Block, undefined> {
    let block = this.at(from)
    for (; block !== undefined; block = this.at(block.firstId - 1n)) yield block
  }

  /** Yields blocks upwards from the one that contains an id, or would contain it. */
  *from(id: EntryId): Generator<Block, undefined> {
    // All blocks from `#residentFrom` on are in memory, so an id above it needs no read of the store.
    const first = id >= this.#residentFrom ? this.residentAt(id) : this.at(id)
    let block = first ?? this.after(id)
    for (; block !== undefined; block = this.after(block.firstId)) yield block
  }

  /** Returns the block that contains an existing entry; undefined if that block is not in memory. */
  residentAt(id: EntryId): Block | undefined {
    const resident = this.#resident.atOrBefore(startsFrom(id))
    return resident !== undefined && this.#covers(resident, id) ? resident : undefined
  }

  /** Returns the first entry at or after an id; null if there is none. */
  firstFrom(id: EntryId): EntryId | null {
    for (const block of this.from(id > this.#trimmedThrough ? id : this.#trimmedThrough + 1n)) {
      const first = block.firstFrom(id)
      if (first !== null) return first
    }
    return null
  }

  /** Returns the id of the last entry, or an upper bound if that entry is damaged; null if there is none. */
  highestId(): EntryId | null {
    for (const block of this.down()) {
      const last = block.isCounted ? block.lastLive() : this.#stream.lastId
      if (last !== null) return last
    }
    return null
  }

  /** Adds a new last block. */
  add(block: Block): void {
    this.#resident.add(block)
  }

  /** Keeps a block of the store in memory. Only blocks in memory can change. */
  keepInMemory(block: Block): void {
    if (this.#resident.find(startsFrom(block.firstId)) !== undefined) return
    this.#resident.add(block)
    this.#hooks.tracker.blockHeld(this.#stream, block)
  }

  /** Removes from memory a block that the store has in the same state, or that no longer exists. */
  evict(block: Block): boolean {
    if (!this.#resident.delete(block)) return false
    if (block.firstId >= this.#residentFrom) {
      const next = this.#resident.atOrAfter(startsFrom(block.firstId))
      this.#residentFrom = next?.firstId ?? this.#stream.lastId + 1n
    }
    return true
  }

  /** Removes a block that no longer exists. */
  drop(block: Block): void {
    if (this.evict(block)) this.#hooks.tracker.blockDropped(block)
  }

  /** Removes up to `maxBlocks` blocks, the first ones. Returns false if no block is left in memory. */
  dropSome(maxBlocks: number): boolean {
    let block = this.#resident.first()
    for (let dropped = 0; block !== undefined && dropped < maxBlocks; dropped++) {
      this.drop(block)
      block = this.#resident.first()
    }
    return block !== undefined
  }

  dropAll(): void {
    for (const block of [...this.#resident.ascend()]) this.drop(block)
  }

  /** Starts again without blocks, in memory and in the store. */
  reset(): void {
    this.dropAll()
    this.#trimmedThrough = MIN_ID
    this.#tombstones.clear()
    this.#residentFrom = MIN_ID
  }

  /** Notes that no entry is above an id. New blocks may begin after it. */
  endAt(lastId: EntryId): void {
    if (this.#residentFrom > lastId) this.#residentFrom = lastId + 1n
  }

  /** Marks an entry as removed whose block is not in memory. */
  addTombstone(tombstone: Tombstone): void {
    this.#tombstones.add(tombstone)
  }

  removeTombstone(tombstone: Tombstone): void {
    this.#tombstones.delete(tombstone)
  }

  /** Removes all entries up to an id. */
  trimThrough(trimmedThrough: EntryId): void {
    this.#trimmedThrough = trimmedThrough
    for (
      let tombstone = this.#tombstones.first();
      tombstone !== undefined && tombstone.id <= trimmedThrough;
      tombstone = this.#tombstones.first()
    ) {
      this.#tombstones.delete(tombstone)
    }
    let block = this.#resident.first()
    for (; block !== undefined && block.lastId <= trimmedThrough; block = this.#resident.first())
      this.drop(block)
    if (block === undefined || block.firstId > trimmedThrough) return
    this.#hooks.tracker.block(this.#stream, block)
    block.deleteUpTo(trimmedThrough)
  }

  /**
   * Whether an entry of this id would be in this block, which is in memory and begins at or before the id.
   */
  #covers(resident: Block, id: EntryId): boolean {
    return resident.firstId >= this.#residentFrom || resident.lastId >= id
  }

  /** Returns a block of the store without the entries removed since it was written. */
  withoutRemoved(block: Block): Block {
    if (block.firstId <= this.#trimmedThrough) block.deleteUpTo(this.#trimmedThrough)
    if (this.#tombstones.size === 0 || !block.isCounted) return block
    for (const { id, bytes } of this.#tombstones.ascend((tombstone) =>
      compareIds(tombstone.id, block.firstId)
    )) {
      if (id > block.lastId) break
      if (block instanceof DamagedBlock) block.forget(bytes)
      else block.delete(id)
    }
    return block
  }

  /**
   * Whether a damaged block with unknown entries that begins at or below `trimmedThrough` also ends there.
   */
  #isTrimmed(block: Block): boolean {
    if (block.isCounted || block.firstId > this.#trimmedThrough) return false
    return (
      this.#stream.length === 0 || this.after(this.#trimmedThrough)?.firstId === this.#trimmedThrough + 1n
    )
  }
}

/**
 * All blocks that begin up to an id are removed; the last of these only if it contains no entry above the id.
 */
export interface RemovableBlocks {
  readonly upTo: EntryId
  /** Whether the last block must be read to decide that. */
  readonly mustReadLast: boolean
}

function startsFrom(id: EntryId): (block: Block) => number {
  return (block) => compareIds(block.firstId, id)
}
