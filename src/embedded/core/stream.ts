import type { Entry, IdRange, Trim } from '../../engine.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../entry-id.ts'
import { Block } from './block.ts'
import type { Group } from './group.ts'
import { SortedList } from './sorted-list.ts'

/** An append-only stream of entries, in blocks, and its groups. */
export class Stream {
  readonly name: string
  readonly groups = new Map<string, Group>()
  /** The highest id ever given; never goes down but by `setStreamId`. */
  lastId: EntryId = MIN_ID
  /** The highest id ever deleted by name. */
  maxDeletedId: EntryId = MIN_ID
  /** How many entries were ever appended. */
  entriesAdded = 0
  #length = 0
  /** No block is empty, and only the last one takes entries. */
  readonly #blocks = new SortedList<Block>((a, b) => (a.lastId < b.lastId ? -1 : a.lastId > b.lastId ? 1 : 0))

  constructor(name: string) {
    this.name = name
  }

  /** Entries that exist. */
  get length(): number {
    return this.#length
  }

  /** "0-0" while there is none, as Redis counts it. */
  get firstId(): EntryId {
    return this.first()?.id ?? MIN_ID
  }

  first(): Entry | null {
    return this.range(MIN_ID, MAX_ID, 1)[0] ?? null
  }

  last(): Entry | null {
    return this.rangeDown(MIN_ID, MAX_ID, 1)[0] ?? null
  }

  has(id: EntryId): boolean {
    return this.#blockOf(id)?.has(id) ?? false
  }

  get(id: EntryId): Entry | null {
    const fields = this.#blockOf(id)?.get(id)
    return fields === undefined ? null : { id, fields }
  }

  /** Whether an entry above this id exists. */
  hasAfter(id: EntryId): boolean {
    return this.lastId > id && this.range(id + 1n, MAX_ID, 1).length > 0
  }

  /** At most `limit` entries from `from` to `to`, both inclusive. */
  range(from: EntryId, to: EntryId, limit: number): Entry[] {
    const entries: Entry[] = []
    if (from > this.lastId) return entries
    for (const block of this.#blocks.ascend(reaches(from))) {
      block.collect(entries, from, to, limit)
      if (entries.length >= limit || block.lastId >= to) break
    }
    return entries
  }

  /** The same from `to` down. */
  rangeDown(from: EntryId, to: EntryId, limit: number): Entry[] {
    const entries: Entry[] = []
    const block = this.#blockOf(to)
    block?.collectDown(entries, from, to, limit)
    const below = (other: Block) => (block !== undefined && other.lastId >= block.lastId ? 1 : -1)
    for (const other of this.#blocks.descend(below)) {
      if (entries.length >= limit || other.lastId < from) break
      other.collectDown(entries, from, to, limit)
    }
    return entries
  }

  append(entries: readonly Entry[]): void {
    for (const { id, fields } of entries) {
      let block = this.#blocks.last()
      if (block === undefined || !block.accepts(fields.length)) {
        block?.seal()
        block = new Block()
        block.add(id, fields)
        this.#blocks.add(block)
      } else {
        block.add(id, fields)
      }
      this.lastId = id
    }
    this.#length += entries.length
    this.entriesAdded += entries.length
  }

  delete(ids: readonly EntryId[]): void {
    for (const id of ids) {
      const block = this.#blockOf(id)
      if (block === undefined) continue
      // The last entry of a block would take the block's place in the order with it, hence the block first.
      if (block.live === 1) this.#blocks.delete(block)
      block.delete(id)
      this.#length--
      if (id > this.maxDeletedId) this.maxDeletedId = id
    }
  }

  /** Removes the first `count` entries and gives the range they lay in. */
  trim(count: number): IdRange {
    const from = this.firstId
    for (let left = count; left > 0; ) {
      const block = this.#blocks.first() as Block
      if (block.live > left) {
        block.deleteFirst(left)
        break
      }
      left -= block.live
      this.#blocks.delete(block)
    }
    this.#length -= count
    return { from, to: (this.#length === 0 ? this.lastId + 1n : this.firstId) - 1n }
  }

  /** How many of the first entries a trim would remove, after `appended` further ones were appended. */
  countToTrim(trim: Trim, appended: readonly Entry[]): number {
    const length = this.#length + appended.length
    if (trim.approximate) return this.#countWholeBlocks(trim, length, appended.length > 0)
    if (trim.maxLength !== undefined) return Math.max(0, length - trim.maxLength)
    const minId = trim.minId ?? MIN_ID
    let count = 0
    for (const block of this.#blocks.ascend()) {
      count += block.lastId < minId ? block.live : block.countBelow(minId)
      if (block.lastId >= minId) break
    }
    for (const { id } of appended) if (id < minId) count++
    return count
  }

  /** With `growing`, entries may still go into the last block, so that it is not whole yet. */
  #countWholeBlocks(trim: Trim, length: number, growing: boolean): number {
    const newest = this.#blocks.last()
    let count = 0
    for (const block of this.#blocks.ascend()) {
      if (growing && block === newest) break
      if (trim.limit !== undefined && count + block.live > trim.limit) break
      if (trim.maxLength !== undefined && length - count - block.live < trim.maxLength) break
      if (trim.minId !== undefined && block.lastId >= trim.minId) break
      count += block.live
    }
    return count
  }

  /** The first block that reaches up to this id. */
  #blockOf(id: EntryId): Block | undefined {
    for (const block of this.#blocks.ascend(reaches(id))) return block
    return undefined
  }
}

function reaches(id: EntryId): (block: Block) => number {
  return (block) => (block.lastId < id ? -1 : 1)
}
