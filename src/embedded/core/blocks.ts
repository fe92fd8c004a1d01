import { compareIds, type EntryId, MIN_ID } from '../../entry-id.ts'
import type { Block } from './block.ts'
import { DamagedBlock } from './damaged-block.ts'
import type { Home } from './home.ts'
import { SortedList } from './sorted-list.ts'
import type { Stream } from './stream.ts'
import type { Mark, StreamValues } from './stream-values.ts'

/**
 * A stream's blocks, in memory and on the shelf. Only checkpoints change the shelf, so a block there may still hold
 * removed entries: those up to the *floor*, and those with a *mark*. To remove entries this way needs no read of their
 * blocks. A block that is read from the shelf is returned without them.
 */
export class Blocks {
  readonly #stream: Stream
  readonly #home: Home
  /** Blocks in memory, in the order of their first ids: all blocks from `#residentFrom` on, and some before it. */
  readonly #resident = new SortedList<Block>((a, b) => compareIds(a.firstId, b.firstId))
  #residentFrom: EntryId = MIN_ID
  /** All entries up to this id are removed. */
  #floor: EntryId = MIN_ID
  readonly #marks = new SortedList<Mark>((a, b) => compareIds(a.id, b.id))

  constructor(stream: Stream, home: Home) {
    this.#stream = stream
    this.#home = home
  }

  /** Loads the stored values of a stream whose blocks are all on the shelf. */
  load({ floor, marks, lastId }: Pick<StreamValues, 'floor' | 'marks' | 'lastId'>): void {
    this.#floor = floor
    for (const mark of marks) this.#marks.add(mark)
    this.#residentFrom = lastId + 1n
  }

  get floor(): EntryId {
    return this.#floor
  }

  get marks(): Mark[] {
    return [...this.#marks.ascend()]
  }

  /** Returns which blocks can be deleted from the shelf. */
  gone(): GoneBlocks {
    if (this.#stream.length === 0) return { upTo: this.#floor, butLast: false }
    const here = this.#resident.atOrBefore(startsFrom(this.#floor + 1n))
    const isLeft = here !== undefined && here.lastId > this.#floor
    return isLeft ? { upTo: here.firstId - 1n, butLast: false } : { upTo: this.#floor, butLast: true }
  }

  /** Returns the last block that begins at or before an id; undefined if all entries up to the id are removed. */
  at(id: EntryId): Block | undefined {
    if (id <= this.#floor) return undefined
    const here = this.#resident.atOrBefore(startsFrom(id))
    if (this.#residentFrom === MIN_ID || (here !== undefined && this.#holds(here, id))) return here
    const shelved = this.#home.shelf.atOrBefore(this.#stream, id)
    if (shelved === null || (here !== undefined && here.firstId >= shelved.firstId)) return here
    const block = this.asOfNow(shelved)
    return this.#isGone(block) ? here : block
  }

  /** Returns the first block that begins after an id. */
  after(id: EntryId): Block | undefined {
    const from = id > this.#floor ? id : this.#floor
    const here = this.#resident.atOrAfter(startsFrom(from + 1n))
    if (from + 1n >= this.#residentFrom) return here
    const shelved = this.#home.shelf.after(this.#stream, from)
    if (shelved === null || (here !== undefined && here.firstId <= shelved.firstId)) return here
    return this.asOfNow(shelved)
  }

  /** Yields the blocks from the last one down. */
  *down(): Generator<Block, undefined> {
    let block = this.at(this.#stream.lastId)
    for (; block !== undefined; block = this.at(block.firstId - 1n)) yield block
  }

  /** Yields blocks upwards from the one that holds an id, or would hold it. */
  *from(id: EntryId): Generator<Block, undefined> {
    // All blocks from `#residentFrom` on are in memory, so an id above it needs no read of the shelf.
    const first = id >= this.#residentFrom ? this.residentAt(id) : this.at(id)
    let block = first ?? this.after(id)
    for (; block !== undefined; block = this.after(block.firstId)) yield block
  }

  /** Returns the block that holds an existing entry; undefined if that block is not in memory. */
  residentAt(id: EntryId): Block | undefined {
    const here = this.#resident.atOrBefore(startsFrom(id))
    return here !== undefined && this.#holds(here, id) ? here : undefined
  }

  /** Adds a new last block. */
  add(block: Block): void {
    this.#resident.add(block)
  }

  /** Keeps a block of the shelf in memory. Only blocks in memory can change. */
  hold(block: Block): void {
    if (this.#resident.find(startsFrom(block.firstId)) !== undefined) return
    this.#resident.add(block)
    this.#home.watcher.blockHeld(this.#stream, block)
  }

  /** Removes from memory a block that the shelf holds in the same state, or that no longer exists. */
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
    if (this.evict(block)) this.#home.watcher.blockDropped(block)
  }

  /** Removes at most this number of blocks, the first ones. Returns false when no block is left in memory. */
  dropSome(most: number): boolean {
    let block = this.#resident.first()
    for (let dropped = 0; block !== undefined && dropped < most; dropped++) {
      this.drop(block)
      block = this.#resident.first()
    }
    return block !== undefined
  }

  dropAll(): void {
    for (const block of [...this.#resident.ascend()]) this.drop(block)
  }

  /** Starts again without blocks, also on the shelf. */
  startOver(): void {
    this.dropAll()
    this.#floor = MIN_ID
    this.#marks.clear()
    this.#residentFrom = MIN_ID
  }

  /** Notes that no entry is above an id. New blocks may begin after it. */
  endAt(lastId: EntryId): void {
    if (this.#residentFrom > lastId) this.#residentFrom = lastId + 1n
  }

  /** Marks an entry as removed whose block is not in memory. */
  mark(mark: Mark): void {
    this.#marks.add(mark)
  }

  unmark(mark: Mark): void {
    this.#marks.delete(mark)
  }

  /** Removes all entries up to an id. */
  raiseFloor(floor: EntryId): void {
    this.#floor = floor
    for (let mark = this.#marks.first(); mark !== undefined && mark.id <= floor; mark = this.#marks.first()) {
      this.#marks.delete(mark)
    }
    let block = this.#resident.first()
    for (; block !== undefined && block.lastId <= floor; block = this.#resident.first()) this.drop(block)
    if (block === undefined || block.firstId > floor) return
    this.#home.watcher.block(this.#stream, block)
    block.deleteUpTo(floor)
  }

  /** Whether an entry of this id would be in this block, which is in memory and begins at or before the id. */
  #holds(here: Block, id: EntryId): boolean {
    return here.firstId >= this.#residentFrom || here.lastId >= id
  }

  /** Returns a block of the shelf without the entries removed since it was written. */
  asOfNow(block: Block): Block {
    if (block.firstId <= this.#floor) block.deleteUpTo(this.#floor)
    if (this.#marks.size === 0 || !block.isCounted) return block
    for (const { id, bytes } of this.#marks.ascend((mark) => compareIds(mark.id, block.firstId))) {
      if (id > block.lastId) break
      if (block instanceof DamagedBlock) block.forget(bytes)
      else block.delete(id)
    }
    return block
  }

  /** Whether a damaged block with unknown entries that begins at or below the floor also ends there. */
  #isGone(block: Block): boolean {
    if (block.isCounted || block.firstId > this.#floor) return false
    return this.#stream.length === 0 || this.after(this.#floor)?.firstId === this.#floor + 1n
  }
}

/** All blocks that begin up to an id are removed; the last of these only if it holds no entry above the id. */
export interface GoneBlocks {
  readonly upTo: EntryId
  /** Whether the last block has to be read to decide that. */
  readonly butLast: boolean
}

function startsFrom(id: EntryId): (block: Block) => number {
  return (block) => compareIds(block.firstId, id)
}
