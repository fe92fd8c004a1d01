import { compareIds, type EntryId, MIN_ID } from '../../entry-id.ts'
import type { Block } from './block.ts'
import { DamagedBlock } from './damaged-block.ts'
import type { Home } from './home.ts'
import { SortedList } from './sorted-list.ts'
import type { Stream } from './stream.ts'
import type { Mark, StreamValues } from './stream-values.ts'

/**
 * A stream's blocks, in memory and on the shelf. What is on the shelf changes by checkpoints alone, so some of its
 * entries may be gone: those up to the *floor*, and those that have a *mark*. Neither takes a look at their blocks; whoever
 * reads one gets it without them.
 */
export class Blocks {
  readonly #stream: Stream
  readonly #home: Home
  /** Those in memory, by their first id: all from `#residentFrom` on, and of those before it some. */
  readonly #resident = new SortedList<Block>((a, b) => compareIds(a.firstId, b.firstId))
  #residentFrom: EntryId = MIN_ID
  /** Everything up to here is gone. */
  #floor: EntryId = MIN_ID
  readonly #marks = new SortedList<Mark>((a, b) => compareIds(a.id, b.id))

  constructor(stream: Stream, home: Home) {
    this.#stream = stream
    this.#home = home
  }

  /** All of them are on the shelf. */
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

  /** Which blocks the shelf need not have any more. */
  gone(): GoneBlocks {
    if (this.#stream.length === 0) return { upTo: this.#floor, butLast: false }
    const here = this.#resident.atOrBefore(startsFrom(this.#floor + 1n))
    const isLeft = here !== undefined && here.lastId > this.#floor
    return isLeft ? { upTo: here.firstId - 1n, butLast: false } : { upTo: this.#floor, butLast: true }
  }

  /** The last block that begins at or before an id, unless all up to there is gone. */
  at(id: EntryId): Block | undefined {
    if (id <= this.#floor) return undefined
    const here = this.#resident.atOrBefore(startsFrom(id))
    if (this.#residentFrom === MIN_ID || (here !== undefined && this.#holds(here, id))) return here
    const shelved = this.#home.shelf.atOrBefore(this.#stream, id)
    if (shelved === null || (here !== undefined && here.firstId >= shelved.firstId)) return here
    const block = this.asOfNow(shelved)
    return this.#isGone(block) ? here : block
  }

  /** The first block that begins after an id. */
  after(id: EntryId): Block | undefined {
    const from = id > this.#floor ? id : this.#floor
    const here = this.#resident.atOrAfter(startsFrom(from + 1n))
    if (from + 1n >= this.#residentFrom) return here
    const shelved = this.#home.shelf.after(this.#stream, from)
    if (shelved === null || (here !== undefined && here.firstId <= shelved.firstId)) return here
    return this.asOfNow(shelved)
  }

  /** From the last block down. */
  *down(): Generator<Block, undefined> {
    let block = this.at(this.#stream.lastId)
    for (; block !== undefined; block = this.at(block.firstId - 1n)) yield block
  }

  /** From the block that holds an id, or would, upwards. */
  *from(id: EntryId): Generator<Block, undefined> {
    // What is on the shelf ends before the blocks begin that are all in memory: it need not be read to be passed over.
    const first = id >= this.#residentFrom ? this.residentAt(id) : this.at(id)
    let block = first ?? this.after(id)
    for (; block !== undefined; block = this.after(block.firstId)) yield block
  }

  /** The block in memory that holds an entry, which exists; undefined when it is not in memory. */
  residentAt(id: EntryId): Block | undefined {
    const here = this.#resident.atOrBefore(startsFrom(id))
    return here !== undefined && this.#holds(here, id) ? here : undefined
  }

  /** Takes in a new block, the last one. */
  add(block: Block): void {
    this.#resident.add(block)
  }

  /** Takes a block of the shelf into memory, where alone it can change. */
  hold(block: Block): void {
    if (this.#resident.find(startsFrom(block.firstId)) !== undefined) return
    this.#resident.add(block)
    this.#home.watcher.blockHeld(this.#stream, block)
  }

  /** Lets go of a block that is on the shelf, or gone from there, as it is here. */
  evict(block: Block): boolean {
    if (!this.#resident.delete(block)) return false
    if (block.firstId >= this.#residentFrom) {
      const next = this.#resident.atOrAfter(startsFrom(block.firstId))
      this.#residentFrom = next?.firstId ?? this.#stream.lastId + 1n
    }
    return true
  }

  /** The block is no more. */
  drop(block: Block): void {
    if (this.evict(block)) this.#home.watcher.blockDropped(block)
  }

  /** So many at most, the first ones. False when none is left. */
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

  /** There are none, not even on the shelf. */
  startOver(): void {
    this.dropAll()
    this.#floor = MIN_ID
    this.#marks.clear()
    this.#residentFrom = MIN_ID
  }

  /** No entry is above an id, and blocks that come may begin after it. */
  endAt(lastId: EntryId): void {
    if (this.#residentFrom > lastId) this.#residentFrom = lastId + 1n
  }

  /** An entry is gone whose block is not in memory. */
  mark(mark: Mark): void {
    this.#marks.add(mark)
  }

  unmark(mark: Mark): void {
    this.#marks.delete(mark)
  }

  /** Everything up to an id is gone. */
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

  /** Whether an entry of this id would be in that block, which is in memory and begins at or before it. */
  #holds(here: Block, id: EntryId): boolean {
    return here.firstId >= this.#residentFrom || here.lastId >= id
  }

  /** A block of the shelf without what has gone since it was put there. */
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

  /** Whether a damaged block that begins at or below the floor ends there, too, where it does not tell by itself. */
  #isGone(block: Block): boolean {
    if (block.isCounted || block.firstId > this.#floor) return false
    return this.#stream.length === 0 || this.after(this.#floor)?.firstId === this.#floor + 1n
  }
}

/** Blocks that begin up to an id are gone; of the last one of them, only if it holds nothing above. */
export interface GoneBlocks {
  readonly upTo: EntryId
  /** Whether that has to be looked at. */
  readonly butLast: boolean
}

function startsFrom(id: EntryId): (block: Block) => number {
  return (block) => compareIds(block.firstId, id)
}
