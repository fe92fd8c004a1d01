import type { Entry, IdRange, Trim } from '../../engine.ts'
import { compareIds, type EntryId, MAX_ID, MIN_ID } from '../../entry-id.ts'
import { AnswerRoom } from './answer-room.ts'
import { Block } from './block.ts'
import type { Group } from './group.ts'
import { type Home, NOWHERE } from './home.ts'
import { SortedList } from './sorted-list.ts'
import type { StreamValues } from './stream-values.ts'
import { countToTrim } from './trim.ts'

/** An append-only stream of entries, in blocks, and its groups. */
export class Stream implements StreamValues {
  readonly name: string
  readonly number: number
  readonly groups = new Map<string, Group>()
  lastId: EntryId = MIN_ID
  maxDeletedId: EntryId = MIN_ID
  entriesAdded = 0
  #deletedUpTo: EntryId = MIN_ID
  readonly #home: Home
  #shelf: number
  #length = 0
  #sizeBytes = 0
  #floor: EntryId = MIN_ID - 1n
  /** Undefined when it has to be looked up, null when there is none. */
  #firstId: EntryId | null | undefined = null
  /** Blocks in memory, by their first id: all of them from `#residentFrom` on, and of those before it some. */
  readonly #resident = new SortedList<Block>((a, b) => compareIds(a.firstId, b.firstId))
  #residentFrom: EntryId = MIN_ID
  /** The last block, while it takes entries. */
  #tail: Block | null = null

  constructor(name: string, number = 0, home: Home = NOWHERE) {
    this.name = name
    this.number = number
    this.#shelf = number
    this.#home = home
  }

  /** A stream whose blocks are all on the shelf. */
  static load(values: StreamValues, home: Home): Stream {
    const stream = new Stream(values.name, values.number, home)
    stream.lastId = values.lastId
    stream.maxDeletedId = values.maxDeletedId
    stream.entriesAdded = values.entriesAdded
    stream.#deletedUpTo = values.deletedUpTo
    stream.#shelf = values.shelf
    stream.#length = values.length
    stream.#sizeBytes = values.sizeBytes
    stream.#floor = values.floor
    stream.#firstId = undefined
    stream.#residentFrom = values.lastId + 1n
    return stream
  }

  get length(): number {
    return this.#length
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get deletedUpTo(): EntryId {
    return this.#deletedUpTo
  }

  get floor(): EntryId {
    return this.#floor
  }

  get shelf(): number {
    return this.#shelf
  }

  /**
   * Sets the last id. It may go back to the last place that a block holds, or, without entries, as far as it likes:
   * blocks that come then may begin where others did, and so they go to another shelf.
   */
  setLastId(lastId: EntryId, nextShelf: () => number): void {
    if (lastId < this.lastId && this.#length === 0) this.#startOver(nextShelf())
    else if (this.#residentFrom > lastId) this.#residentFrom = lastId + 1n
    this.lastId = lastId
  }

  /** "0-0" while there is none, as Redis counts it. */
  get firstId(): EntryId {
    if (this.#firstId === undefined) this.#firstId = this.range(MIN_ID, MAX_ID, 1)[0]?.id ?? null
    return this.#firstId ?? MIN_ID
  }

  first(): Entry | null {
    return this.#length === 0 ? null : this.get(this.firstId)
  }

  last(): Entry | null {
    return this.rangeDown(MIN_ID, MAX_ID, 1)[0] ?? null
  }

  has(id: EntryId): boolean {
    return this.#blockAt(id)?.has(id) ?? false
  }

  get(id: EntryId): Entry | null {
    const fields = this.#blockAt(id)?.get(id)
    return fields === undefined ? null : { id, fields }
  }

  /** Whether an entry above this id exists. */
  hasAfter(id: EntryId): boolean {
    return this.lastId > id && this.range(id + 1n, MAX_ID, 1).length > 0
  }

  /** The stream was deleted: lets go of everything. */
  clear(): void {
    this.#home.watcher.streamDeleted(this)
    this.#dropAll()
  }

  /** At most `limit` entries from `from` to `to`, both inclusive, and no more than an answer has room for. */
  range(from: EntryId, to: EntryId, limit: number): Entry[] {
    const entries: Entry[] = []
    const [first, last] = this.#within(from, to)
    if (first > last) return entries
    const room = new AnswerRoom()
    for (const block of this.#blocksFrom(first)) {
      block.collect(entries, first, last, limit)
      room.take(block.sizeBytes)
      if (entries.length >= limit || block.lastId >= last || (room.isFull && entries.length > 0)) break
    }
    return entries
  }

  /** The same from `to` down. */
  rangeDown(from: EntryId, to: EntryId, limit: number): Entry[] {
    const entries: Entry[] = []
    const [first, last] = this.#within(from, to)
    if (first > last) return entries
    const room = new AnswerRoom()
    for (let block = this.#blockAt(last); block !== undefined; block = this.#blockAt(block.firstId - 1n)) {
      block.collectDown(entries, first, last, limit)
      room.take(block.sizeBytes)
      if (entries.length >= limit || block.firstId <= first || (room.isFull && entries.length > 0)) break
    }
    return entries
  }

  append(entries: readonly Entry[]): void {
    const { watcher } = this.#home
    if (this.#length === 0) this.#firstId = entries[0]?.id ?? null
    let watched: Block | null = null
    for (const { id, fields } of entries) {
      let block = this.#tail
      const isNew = block === null || !block.accepts(fields.length)
      if (block === null || isNew) block = this.#nextBlock()
      else if (block !== watched) watcher.block(this, block)
      block.add(id, fields)
      if (isNew) {
        this.#resident.add(block)
        watcher.block(this, block)
      }
      watched = block
      this.#sizeBytes += fields.length
      this.lastId = id
    }
    this.#length += entries.length
    // It may have been set to any count, and one that cannot be told from the next is of no use.
    this.entriesAdded = Math.min(this.entriesAdded + entries.length, Number.MAX_SAFE_INTEGER)
  }

  delete(ids: readonly EntryId[]): void {
    for (const id of ids) {
      const block = this.#blockAt(id)
      const fields = block?.get(id)
      if (block === undefined || fields === undefined) continue
      this.#alter(block)
      block.delete(id)
      if (block.live === 0) this.#empty(block)
      this.#length--
      this.#sizeBytes -= fields.length
      if (id > this.maxDeletedId) this.maxDeletedId = id
      if (id > this.#deletedUpTo) this.#deletedUpTo = id
      if (id === this.#firstId) this.#firstId = undefined
    }
  }

  /** Removes the first `count` entries and gives the range they lay in. */
  trim(count: number): IdRange {
    const from = this.firstId
    for (let left = count; left > 0; ) {
      const block = this.#blockAfter(this.#floor)
      if (block === undefined) break
      if (block.live > left) {
        this.#alter(block)
        this.#sizeBytes -= block.deleteFirst(left)
        break
      }
      left -= block.live
      this.#sizeBytes -= block.liveBytes
      this.#drop(block)
      this.#floor = block.firstId
    }
    this.#length -= count
    this.#firstId = this.#length === 0 ? null : undefined
    return { from, to: (this.#length === 0 ? this.lastId + 1n : this.firstId) - 1n }
  }

  /** How many of the first entries a trim would remove, after `appended` further ones were appended. */
  countToTrim(trim: Trim, appended: readonly Entry[]): number {
    const blocks = this.#blocksFrom(MIN_ID)
    return countToTrim({ blocks, length: this.#length, growing: this.#tail }, trim, appended)
  }

  /** Lets go of a block that is on the shelf, or gone from there, as it is here. */
  evict(block: Block): boolean {
    if (!this.#resident.delete(block)) return false
    if (block.firstId >= this.#residentFrom) {
      this.#residentFrom = this.#resident.atOrAfter(startsFrom(block.firstId))?.firstId ?? this.lastId + 1n
    }
    return true
  }

  /** A new block, which is to get an entry and its place at once. */
  #nextBlock(): Block {
    const filled = this.#tail
    if (filled !== null) {
      filled.seal()
      this.#home.watcher.blockHeld(this, filled)
    }
    this.#tail = Block.make(filled !== null)
    return this.#tail
  }

  /** The block is about to change, which it can only do here. */
  #alter(block: Block): void {
    this.#home.watcher.block(this, block)
    if (this.#resident.find(startsFrom(block.firstId)) !== undefined) return
    this.#resident.add(block)
    this.#home.watcher.blockHeld(this, block)
  }

  /** Nothing is left in a block. One that is stored stays, as the news that it is to be removed there. */
  #empty(block: Block): void {
    if (!block.stored) this.#drop(block)
    else if (block === this.#tail) this.#tail = null
  }

  #startOver(shelf: number): void {
    this.#dropAll()
    this.#home.watcher.shelfCleared(this.#shelf)
    this.#shelf = shelf
    this.#tail = null
    this.#deletedUpTo = MIN_ID
    this.#floor = MIN_ID - 1n
    this.#residentFrom = MIN_ID
  }

  #dropAll(): void {
    for (const block of [...this.#resident.ascend()]) this.#drop(block)
  }

  #drop(block: Block): void {
    if (block === this.#tail) this.#tail = null
    if (this.evict(block)) this.#home.watcher.blockDropped(block)
  }

  /** The range without what lies outside of all ids that were given. */
  #within(from: EntryId, to: EntryId): [from: EntryId, to: EntryId] {
    return [from > MIN_ID ? from : MIN_ID, to < this.lastId ? to : this.lastId]
  }

  /** From the block that holds an id, or would, upwards. */
  *#blocksFrom(id: EntryId): Generator<Block, undefined> {
    let block = this.#blockAt(id) ?? this.#blockAfter(id)
    for (; block !== undefined; block = this.#blockAfter(block.firstId)) yield block
  }

  /** The last block that begins at or before an id. */
  #blockAt(id: EntryId): Block | undefined {
    const here = this.#resident.atOrBefore(startsFrom(id))
    const isHere = here !== undefined && here.firstId >= this.#residentFrom
    if (isHere || this.#residentFrom === MIN_ID) return here
    const shelved = this.#home.shelf.atOrBefore(this, id)
    if (shelved === null || shelved.firstId <= this.#floor) return here
    return here !== undefined && here.firstId >= shelved.firstId ? here : shelved
  }

  /** The first block that begins after an id. */
  #blockAfter(id: EntryId): Block | undefined {
    const here = this.#resident.atOrAfter(startsFrom(id + 1n))
    const from = id > this.#floor ? id : this.#floor
    if (from + 1n >= this.#residentFrom) return here
    const shelved = this.#home.shelf.after(this, from)
    if (shelved === null) return here
    return here !== undefined && here.firstId <= shelved.firstId ? here : shelved
  }
}

function startsFrom(id: EntryId): (block: Block) => number {
  return (block) => compareIds(block.firstId, id)
}
