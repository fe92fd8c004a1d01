import type { Entry, FieldsJson } from '../../contract/entries.ts'
import { type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import {
  arraysIn,
  type BlockArrays,
  END_BYTES,
  HEADER_BYTES,
  ID_BYTES,
  newArrays,
  sizeOf
} from './block-arrays.ts'
import { BlockIndex, type Head } from './block-index.ts'
import { entryDamaged } from './damage.ts'
import { alignedToWords } from './id-words.ts'

/** A block takes no further entry beyond one of these. One entry always fits, whatever its size. */
export const BLOCK_ENTRIES = 128
/** Encoded, four pages of the store but for what is added there: a header of 16 bytes, two summaries of 44, a checksum of 4. */
export const BLOCK_BYTES = 4 * 4096 - 16 - 2 * 44 - 4

/**
 * Consecutive entries of a stream, in flat arrays: a hundred entries cost the garbage collector a handful of objects,
 * and reading one is a view on its bytes. Entries are only ever added at the end; one that is deleted keeps its place
 * until the whole block goes.
 *
 *     #ids     | words of id 0 | words of id 1 | …         four u32 each
 *     #ends    | where entry 0 ends in #bytes | … 1 | …    u32 each, the top bit set once deleted
 *     #bytes   | fields of 0 | fields of 1 | …             JSON text
 *
 * All three stand in #memory.
 */
export class Block {
  #memory: Uint8Array
  readonly #index: BlockIndex
  #bytes: Uint8Array
  /** For how many entries the memory has room. */
  #capacity: number
  #firstId: EntryId = MIN_ID
  /** Whether the store has, or is about to have, some version of it. */
  stored = false
  /** The stream that it is damaged in: its ids are as they were, and its fields cannot be read. */
  #damage: string | null = null

  protected constructor({ memory, ids, ends, bytes }: BlockArrays, count = 0, live = 0) {
    this.#memory = memory
    this.#index = new BlockIndex(ids, ends, count, live)
    this.#bytes = bytes
    this.#capacity = ends.length
  }

  /** An empty one. Likely to be filled, it has room for all that it can hold at once, and otherwise makes it bit by bit. */
  static create(isLikelyToFill: boolean): Block {
    return new Block(isLikelyToFill ? newArrays(BLOCK_ENTRIES, BLOCK_BYTES) : newArrays(8, 512))
  }

  /**
   * Encoded, a block is its arrays, cut to size, in the byte order of the machine:
   *
   *     | count | live | ids | ends | bytes |
   *
   * A block that is cut to size gives its own memory: copy what is kept for longer than until it changes.
   */
  encode(): Uint8Array {
    const { count, live, end } = this.#index
    const isShrunk = this.#memory.length === this.sizeBytes
    const memory = isShrunk ? this.#memory : this.#copyTo(newArrays(count, end)).memory
    new Uint32Array(memory.buffer, memory.byteOffset, 2).set([count, live])
    return memory
  }

  /**
   * Takes the bytes over: nobody else may change them. `damage` is the stream where only what stands before the fields is
   * as it was. Throws a RangeError when this is no block.
   */
  static decode(encoded: Uint8Array, damage: string | null = null): Block {
    const own = alignedToWords(encoded)
    if (own.length < HEADER_BYTES) throw new RangeError('Not a block')
    const [count = 0, live = 0] = new Uint32Array(own.buffer, own.byteOffset, 2)
    if (count === 0 || own.length < sizeOf(count, 0)) throw new RangeError('Not a block')
    const block = new Block(arraysIn(own, count), count, live)
    block.#firstId = block.#index.idAt(0)
    block.stored = true
    block.#damage = damage
    if (live > count || block.#index.end !== block.#bytes.length) throw new RangeError('Not a block')
    return block
  }

  /** The stream that it is damaged in; null when it is as it was written. */
  get damage(): string | null {
    return this.#damage
  }

  /** Whether its entries cannot be told apart any more, so that it can only go as a whole. */
  get isOpaque(): boolean {
    return false
  }

  /** Whether it is known how many entries it has, how large they are, and where they end. */
  get isCounted(): boolean {
    return true
  }

  /** Entries that are not deleted. */
  get live(): number {
    return this.#index.live
  }

  /** Of the fields of those. */
  get liveBytes(): number {
    return this.#index.liveBytes
  }

  /** The first id ever put here, deleted or not: what the block goes by. */
  get firstId(): EntryId {
    return this.#firstId
  }

  /** The highest id ever put here, deleted or not. */
  get lastId(): EntryId {
    return this.#index.idAt(this.#index.count - 1)
  }

  /** What it takes to keep it, here or in the store. */
  get sizeBytes(): number {
    return sizeOf(this.#index.count, this.#index.end)
  }

  /** Whether another entry with so many bytes belongs here. */
  accepts(bytes: number): boolean {
    const { count } = this.#index
    if (count === 0) return true
    return count < BLOCK_ENTRIES && this.sizeBytes + ID_BYTES + END_BYTES + bytes <= BLOCK_BYTES
  }

  add(id: EntryId, fields: FieldsJson): void {
    if (this.#index.count === 0) this.#firstId = id
    const start = this.#index.end
    const end = start + fields.length
    this.#grow(end)
    this.#bytes.set(fields, start)
    this.#index.add(id, end)
  }

  has(id: EntryId): boolean {
    return this.#index.find(id) >= 0
  }

  /** Throws entry-damaged when its fields cannot be read. */
  get(id: EntryId): FieldsJson | undefined {
    const index = this.#index.find(id)
    return index < 0 ? undefined : this.#fieldsAt(index)
  }

  /** False when there is no such entry. */
  delete(id: EntryId): boolean {
    const index = this.#index.find(id)
    if (index < 0) return false
    this.#index.deleteAt(index)
    return true
  }

  /** Deletes all entries up to an id. */
  deleteUpTo(id: EntryId): void {
    const end = this.#index.upperBound(id)
    for (let index = 0; index < end; index++) if (!this.#index.isDeleted(index)) this.#index.deleteAt(index)
  }

  /** The bytes of an entry's fields; undefined when there is no such entry. */
  bytesOf(id: EntryId): number | undefined {
    const index = this.#index.find(id)
    return index < 0 ? undefined : this.#index.bytesAt(index)
  }

  /** The first entry at or after an id; null when there is none. */
  firstFrom(id: EntryId): EntryId | null {
    return this.#index.firstAt(this.#index.lowerBound(id))
  }

  /** Its first entries: at most so many, and all of them below an id. */
  head(most: number, below: EntryId): Head {
    return this.#index.head(most, below)
  }

  /** Adds to `into` entries from `from` to `to`, in order, until it holds `limit`. Throws entry-damaged. */
  collect(into: Entry[], from: EntryId, to: EntryId, limit: number): void {
    const end = this.#index.upperBound(to)
    for (let index = this.#index.lowerBound(from); index < end && into.length < limit; index++) {
      if (!this.#index.isDeleted(index)) into.push(this.#entryAt(index))
    }
  }

  /** The same from `to` down to `from`. */
  collectDown(into: Entry[], from: EntryId, to: EntryId, limit: number): void {
    const end = this.#index.lowerBound(from)
    for (let index = this.#index.upperBound(to) - 1; index >= end && into.length < limit; index--) {
      if (!this.#index.isDeleted(index)) into.push(this.#entryAt(index))
    }
  }

  /** The last entry; null when there is none. */
  lastLive(): EntryId | null {
    return this.#index.last()
  }

  /** Gives back what was held for entries to come. */
  shrink(): void {
    this.#moveTo(newArrays(this.#index.count, this.#index.end))
  }

  /** For another entry, whose fields end there. */
  #grow(end: number): void {
    let entries = this.#capacity
    let bytes = this.#bytes.length
    const { count } = this.#index
    if (count < entries && end <= bytes) return
    if (count === entries) entries *= 2
    if (end > bytes) bytes = Math.max(end, bytes * 2)
    this.#moveTo(newArrays(entries, bytes))
  }

  #moveTo(arrays: BlockArrays): void {
    const { memory, ids, ends, bytes } = this.#copyTo(arrays)
    this.#memory = memory
    this.#index.moveTo(ids, ends)
    this.#bytes = bytes
    this.#capacity = ends.length
  }

  #copyTo(arrays: BlockArrays): BlockArrays {
    this.#index.copyTo(arrays.ids, arrays.ends)
    arrays.bytes.set(this.#bytes.subarray(0, this.#index.end))
    return arrays
  }

  #entryAt(index: number): Entry {
    return { id: this.#index.idAt(index), fields: this.#fieldsAt(index) }
  }

  #fieldsAt(index: number): FieldsJson {
    if (this.#damage !== null) throw entryDamaged(this.#damage, this.firstId, this.lastId)
    return this.#bytes.subarray(this.#index.startAt(index), this.#index.endAt(index))
  }
}
