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

/** A block is full when it reaches one of these limits. A single entry always fits, whatever its size. */
export const BLOCK_ENTRIES = 128
/**
 * Size of an encoded block: four pages of the store, minus what the store adds: a header of 16 bytes, two
 * summaries of 44, and a checksum of 4.
 */
export const BLOCK_BYTES = 4 * 4096 - 16 - 2 * 44 - 4

/**
 * Consecutive entries of a stream, in flat arrays. A hundred entries cost the garbage collector a handful of
 * objects, and the fields of an entry are a view of the block's bytes. Entries are only added at the end. A
 * deleted entry keeps its space until the whole block is removed.
 *
 *     ids     | words of id 0 | words of id 1 | …        four u32 each
 *     ends    | where entry 0 ends in bytes | … 1 | …    u32 each, with the top bit set if deleted
 *     bytes   | fields of 0 | fields of 1 | …            JSON text
 *
 * All three share one buffer, #memory. #index keeps the ids and the ends.
 */
export class Block {
  #memory: Uint8Array
  readonly #index: BlockIndex
  #bytes: Uint8Array
  /** Number of entries that fit into the buffer. */
  #capacity: number
  #firstId: EntryId = MIN_ID
  /** Whether the store has some version of the block, or is about to have one. */
  stored = false
  /** If the block is damaged, the name of its stream. Its ids are intact, but its fields cannot be read. */
  #damage: string | null = null

  protected constructor({ memory, ids, ends, bytes }: BlockArrays, count = 0, live = 0) {
    this.#memory = memory
    this.#index = new BlockIndex(ids, ends, count, live)
    this.#bytes = bytes
    this.#capacity = ends.length
  }

  /**
   * Creates an empty block. If it is likely to fill up, it gets its full size at once; otherwise it grows.
   */
  static create(isLikelyToFill: boolean): Block {
    return new Block(isLikelyToFill ? newArrays(BLOCK_ENTRIES, BLOCK_BYTES) : newArrays(8, 512))
  }

  /**
   * Encodes the block as its arrays, trimmed to size, in the byte order of the machine:
   *
   *     | count | live | ids | ends | bytes |
   *
   * If the arrays already have that size, returns the block's own buffer: copy what must outlive the next
   * change.
   */
  encode(): Uint8Array {
    const { count, live, end } = this.#index
    const isShrunk = this.#memory.length === this.sizeBytes
    const memory = isShrunk ? this.#memory : this.#copyTo(newArrays(count, end)).memory
    new Uint32Array(memory.buffer, memory.byteOffset, 2).set([count, live])
    return memory
  }

  /**
   * Takes ownership of the bytes: nobody else may change them. If only the part before the fields is intact,
   * `damage` is the name of the stream. Throws a RangeError if this is not a block.
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

  /** If the block is damaged, the name of its stream; null if it is intact. */
  get damage(): string | null {
    return this.#damage
  }

  /** Whether the ids are lost as well, so that the block can only be removed as a whole. */
  get isOpaque(): boolean {
    return false
  }

  /** Whether the number and size of its entries and its last id are known. */
  get isCounted(): boolean {
    return true
  }

  /** Number of entries that are not deleted. */
  get live(): number {
    return this.#index.live
  }

  /** Bytes of the fields of entries that are not deleted. */
  get liveBytes(): number {
    return this.#index.liveBytes
  }

  /** The first id ever added, deleted or not. It identifies the block. */
  get firstId(): EntryId {
    return this.#firstId
  }

  /** The highest id ever added, deleted or not. */
  get lastId(): EntryId {
    return this.#index.idAt(this.#index.count - 1)
  }

  /** Size of the block in bytes, in memory or in the store. */
  get sizeBytes(): number {
    return sizeOf(this.#index.count, this.#index.end)
  }

  /** Whether the block takes another entry with this many bytes. */
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

  /** Throws entry-damaged if its fields cannot be read. */
  get(id: EntryId): FieldsJson | undefined {
    const index = this.#index.find(id)
    return index < 0 ? undefined : this.#fieldsAt(index)
  }

  /** Returns false if there is no such entry. */
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

  /** Returns the size of an entry's fields in bytes; undefined if there is no such entry. */
  bytesOf(id: EntryId): number | undefined {
    const index = this.#index.find(id)
    return index < 0 ? undefined : this.#index.bytesAt(index)
  }

  /** Returns the first entry at or after an id; null if there is none. */
  firstFrom(id: EntryId): EntryId | null {
    return this.#index.firstAt(this.#index.lowerBound(id))
  }

  /** Returns the first entries, at most `maxCount`, all below an id. */
  head(maxCount: number, below: EntryId): Head {
    return this.#index.head(maxCount, below)
  }

  /**
   * Adds the entries from `from` up to `to` to a list, until the list has `limit` entries. Throws
   * entry-damaged.
   */
  collect(into: Entry[], from: EntryId, to: EntryId, limit: number): void {
    const end = this.#index.upperBound(to)
    for (let index = this.#index.lowerBound(from); index < end && into.length < limit; index++) {
      if (!this.#index.isDeleted(index)) into.push(this.#entryAt(index))
    }
  }

  /** Does the same from `to` down to `from`. */
  collectDown(into: Entry[], from: EntryId, to: EntryId, limit: number): void {
    const end = this.#index.lowerBound(from)
    for (let index = this.#index.upperBound(to) - 1; index >= end && into.length < limit; index--) {
      if (!this.#index.isDeleted(index)) into.push(this.#entryAt(index))
    }
  }

  /** Returns the last entry; null if there is none. */
  lastLive(): EntryId | null {
    return this.#index.last()
  }

  /** Frees the memory reserved for further entries. */
  shrink(): void {
    this.#moveTo(newArrays(this.#index.count, this.#index.end))
  }

  /** Makes space for another entry, whose fields end at `end`. */
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
