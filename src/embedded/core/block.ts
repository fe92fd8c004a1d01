import type { Entry, FieldsJson } from '../../engine.ts'
import { type EntryId, MIN_ID } from '../../entry-id.ts'
import { alignedToWords, compareWords, idOf, setWords, WORDS } from './id-words.ts'

/** A block takes no further entry beyond one of these. One entry always fits, whatever its size. */
export const BLOCK_ENTRIES = 128
/** Encoded, four pages of the store but for what it adds to them: a header of 16 bytes and a checksum of 4. */
export const BLOCK_BYTES = 4 * 4096 - 16 - 4

const HEADER_BYTES = 8
const ID_BYTES = 4 * WORDS
const END_BYTES = 4

/**
 * Consecutive entries of a stream, in flat arrays: a hundred entries cost the garbage collector a handful of objects,
 * and reading one is a view on its bytes. Entries are only ever added at the end; one that is deleted keeps its place
 * until the whole block goes.
 *
 *     #ids     | words of id 0 | words of id 1 | …         four u32 each
 *     #ends    | where entry 0 ends in #bytes | … 1 | …    u32 each, the top bit set once deleted
 *     #bytes   | fields of 0 | fields of 1 | …             JSON text
 */
export class Block {
  #ids: Uint32Array
  #ends: Uint32Array
  #bytes: Uint8Array
  #firstId: EntryId = MIN_ID
  #count = 0
  #live = 0
  /** Where the last search ended. Whoever asks for one entry after the other asks for what stands there, or next. */
  #index = 0
  /** Whether the store has, or is about to have, some version of it. */
  stored = false

  /** Made to hold some entries that are added, or with those it has already. */
  constructor(
    ids: Uint32Array = new Uint32Array(WORDS * 8),
    ends: Uint32Array = new Uint32Array(8),
    bytes: Uint8Array = new Uint8Array(512)
  ) {
    this.#ids = ids
    this.#ends = ends
    this.#bytes = bytes
  }

  /**
   * Encoded, a block is its arrays, cut to size, in the byte order of the machine:
   *
   *     | count | live | ids | ends | bytes |
   */
  encode(): Uint8Array<ArrayBuffer> {
    const bytesAt = HEADER_BYTES + this.#count * (ID_BYTES + END_BYTES)
    const encoded = new Uint8Array(bytesAt + this.#used)
    new Uint32Array(encoded.buffer, 0, 2).set([this.#count, this.#live])
    const { ids, ends } = arraysOf(encoded, this.#count)
    ids.set(this.#ids.subarray(0, WORDS * this.#count))
    ends.set(this.#ends.subarray(0, this.#count))
    encoded.set(this.#bytes.subarray(0, this.#used), bytesAt)
    return encoded
  }

  /** Takes the bytes over: nobody else may change them. Throws a RangeError when this is no block. */
  static decode(encoded: Uint8Array): Block {
    const own = alignedToWords(encoded)
    if (own.length < HEADER_BYTES) throw new RangeError('This is no block')
    const [count = 0, live = 0] = new Uint32Array(own.buffer, own.byteOffset, 2)
    const bytesAt = HEADER_BYTES + count * (ID_BYTES + END_BYTES)
    if (count === 0 || own.length < bytesAt) throw new RangeError('This is no block')
    const { ids, ends } = arraysOf(own, count)
    const bytes = new Uint8Array(own.buffer, own.byteOffset + bytesAt, own.length - bytesAt)
    const block = new Block(ids, ends, bytes)
    block.#count = count
    block.#live = live
    block.#firstId = block.#idAt(0)
    block.stored = true
    if (live > count || block.#used !== block.#bytes.length) throw new RangeError('This is no block')
    return block
  }

  /** Entries that are not deleted. */
  get live(): number {
    return this.#live
  }

  /** Of the fields of those. */
  get liveBytes(): number {
    if (this.#live === this.#count) return this.#used
    let bytes = 0
    for (let index = 0; index < this.#count; index++)
      if (!this.#isDeleted(index)) bytes += this.#bytesAt(index)
    return bytes
  }

  /** The first id ever put here, deleted or not: what the block goes by. */
  get firstId(): EntryId {
    return this.#firstId
  }

  /** The highest id ever put here, deleted or not. */
  get lastId(): EntryId {
    return this.#idAt(this.#count - 1)
  }

  /** What it takes to keep it, here or in the store. */
  get sizeBytes(): number {
    return HEADER_BYTES + this.#count * (ID_BYTES + END_BYTES) + this.#used
  }

  /** Whether another entry with so many bytes belongs here. */
  accepts(bytes: number): boolean {
    if (this.#count === 0) return true
    return this.#count < BLOCK_ENTRIES && this.sizeBytes + ID_BYTES + END_BYTES + bytes <= BLOCK_BYTES
  }

  add(id: EntryId, fields: FieldsJson): void {
    if (this.#count === 0) this.#firstId = id
    const start = this.#used
    const end = start + fields.length
    this.#makeRoom(end)
    setWords(this.#ids, WORDS * this.#count, id)
    this.#bytes.set(fields, start)
    this.#ends[this.#count] = end
    this.#count++
    this.#live++
  }

  has(id: EntryId): boolean {
    return this.#find(id) >= 0
  }

  get(id: EntryId): FieldsJson | undefined {
    const index = this.#find(id)
    return index < 0 ? undefined : this.#fieldsAt(index)
  }

  /** False when there is no such entry. */
  delete(id: EntryId): boolean {
    const index = this.#find(id)
    if (index < 0) return false
    this.#deleteAt(index)
    return true
  }

  /** Deletes the first `count` entries, and gives the bytes of their fields. */
  deleteFirst(count: number): number {
    let bytes = 0
    for (let index = 0, left = count; left > 0 && index < this.#count; index++) {
      if (this.#isDeleted(index)) continue
      bytes += this.#bytesAt(index)
      this.#deleteAt(index)
      left--
    }
    return bytes
  }

  /** How many entries have an id below this one. */
  countBelow(id: EntryId): number {
    let count = 0
    const end = this.#lowerBound(id)
    for (let index = 0; index < end; index++) if (!this.#isDeleted(index)) count++
    return count
  }

  /** Adds to `into` entries from `from` to `to`, in order, until it holds `limit`. */
  collect(into: Entry[], from: EntryId, to: EntryId, limit: number): void {
    setWords(bound, 0, to)
    for (let index = this.#lowerBound(from); index < this.#count && into.length < limit; index++) {
      if (this.#isDeleted(index)) continue
      if (compareWords(this.#ids, WORDS * index, bound, 0) > 0) return
      into.push({ id: this.#idAt(index), fields: this.#fieldsAt(index) })
    }
  }

  /** The same from `to` down to `from`. */
  collectDown(into: Entry[], from: EntryId, to: EntryId, limit: number): void {
    setWords(bound, 0, from)
    for (let index = this.#upperBound(to) - 1; index >= 0 && into.length < limit; index--) {
      if (this.#isDeleted(index)) continue
      if (compareWords(this.#ids, WORDS * index, bound, 0) < 0) return
      into.push({ id: this.#idAt(index), fields: this.#fieldsAt(index) })
    }
  }

  /** Gives back what was held for entries to come. */
  seal(): void {
    this.#ids = this.#ids.slice(0, WORDS * this.#count)
    this.#ends = this.#ends.slice(0, this.#count)
    this.#bytes = this.#bytes.slice(0, this.#used)
  }

  get #used(): number {
    return this.#count === 0 ? 0 : this.#endAt(this.#count - 1)
  }

  #makeRoom(bytes: number): void {
    if (this.#count === this.#ends.length) {
      const ids = new Uint32Array(this.#ids.length * 2)
      ids.set(this.#ids)
      this.#ids = ids
      const ends = new Uint32Array(this.#ends.length * 2)
      ends.set(this.#ends)
      this.#ends = ends
    }
    if (bytes > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(bytes, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
  }

  #find(id: EntryId): number {
    setWords(sought, 0, id)
    for (let index = this.#index; index < this.#index + 2 && index < this.#count; index++) {
      if (compareWords(this.#ids, WORDS * index, sought, 0) === 0) return this.#foundAt(index)
    }
    const index = this.#lowerBound(id)
    if (index === this.#count || compareWords(this.#ids, WORDS * index, sought, 0) !== 0) return -1
    return this.#foundAt(index)
  }

  #foundAt(index: number): number {
    this.#index = index
    return this.#isDeleted(index) ? -1 : index
  }

  #lowerBound(id: EntryId): number {
    setWords(sought, 0, id)
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareWords(this.#ids, WORDS * middle, sought, 0) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The index of the first id after this one. */
  #upperBound(id: EntryId): number {
    const index = this.#lowerBound(id)
    return index < this.#count && compareWords(this.#ids, WORDS * index, sought, 0) === 0 ? index + 1 : index
  }

  #idAt(index: number): EntryId {
    return idOf(this.#ids, WORDS * index)
  }

  #endAt(index: number): number {
    return (this.#ends[index] as number) & ~DELETED
  }

  #startAt(index: number): number {
    return index === 0 ? 0 : this.#endAt(index - 1)
  }

  #bytesAt(index: number): number {
    return this.#endAt(index) - this.#startAt(index)
  }

  #fieldsAt(index: number): FieldsJson {
    return this.#bytes.subarray(this.#startAt(index), this.#endAt(index))
  }

  #isDeleted(index: number): boolean {
    return ((this.#ends[index] as number) & DELETED) !== 0
  }

  #deleteAt(index: number): void {
    this.#ends[index] = (this.#ends[index] as number) | DELETED
    this.#live--
  }
}

/** Ids that are compared with, each of them set just before. */
const sought = new Uint32Array(WORDS)
const bound = new Uint32Array(WORDS)

function arraysOf({ buffer, byteOffset }: Uint8Array, count: number) {
  const idsAt = byteOffset + HEADER_BYTES
  return {
    ids: new Uint32Array(buffer, idsAt, WORDS * count),
    ends: new Uint32Array(buffer, idsAt + count * ID_BYTES, count)
  }
}

/** The mark of a deleted entry. `& ~DELETED` leaves 31 bits, far more than an entry's bytes can be. */
const DELETED = 0x8000_0000
