import type { Entry, FieldsJson } from '../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../contract/entry-id.ts'
import { END_BYTES, HEADER_BYTES, ID_BYTES, newRoom, type Room, roomIn, sizeOf } from './block-room.ts'
import { entryDamaged } from './damage.ts'
import { alignedToWords, compareWords, idOf, setWords, WORDS } from './id-words.ts'

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
  /** The stream that it is damaged in: its ids are as they were, and its fields cannot be read. */
  #damage: string | null = null

  protected constructor({ memory, ids, ends, bytes }: Room) {
    this.#memory = memory
    this.#ids = ids
    this.#ends = ends
    this.#bytes = bytes
  }

  /** An empty one. Likely to be filled, it has room for all that it can hold at once, and otherwise makes it bit by bit. */
  static make(isLikelyToFill: boolean): Block {
    return new Block(isLikelyToFill ? newRoom(BLOCK_ENTRIES, BLOCK_BYTES) : newRoom(8, 512))
  }

  /**
   * Encoded, a block is its arrays, cut to size, in the byte order of the machine:
   *
   *     | count | live | ids | ends | bytes |
   *
   * A block that is cut to size gives its own memory: copy what is kept for longer than until it changes.
   */
  encode(): Uint8Array {
    const isCut = this.#memory.length === this.sizeBytes
    const memory = isCut ? this.#memory : this.#copyTo(newRoom(this.#count, this.#used)).memory
    new Uint32Array(memory.buffer, memory.byteOffset, 2).set([this.#count, this.#live])
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
    const block = new Block(roomIn(own, count))
    block.#count = count
    block.#live = live
    block.#firstId = block.#idAt(0)
    block.stored = true
    block.#damage = damage
    if (live > count || block.#used !== block.#bytes.length) throw new RangeError('Not a block')
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
    return sizeOf(this.#count, this.#used)
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

  /** Throws entry-damaged when its fields cannot be read. */
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

  /** Deletes all entries up to an id. */
  deleteUpTo(id: EntryId): void {
    const end = this.#upperBound(id)
    for (let index = 0; index < end; index++) if (!this.#isDeleted(index)) this.#deleteAt(index)
  }

  /** The bytes of an entry's fields; undefined when there is no such entry. */
  bytesOf(id: EntryId): number | undefined {
    const index = this.#find(id)
    return index < 0 ? undefined : this.#bytesAt(index)
  }

  /** The first entry at or after an id; null when there is none. */
  firstFrom(id: EntryId): EntryId | null {
    return this.#firstAt(this.#lowerBound(id))
  }

  /** Its first entries: at most so many, and all of them below an id. */
  head(most: number, below: EntryId): Head {
    const end = below > MAX_ID ? this.#count : this.#lowerBound(below)
    let [index, count, bytes] = [0, 0, 0]
    for (; index < end && count < most; index++) {
      if (this.#isDeleted(index)) continue
      count++
      bytes += this.#bytesAt(index)
    }
    return { count, bytes, next: this.#firstAt(index) }
  }

  /** Adds to `into` entries from `from` to `to`, in order, until it holds `limit`. Throws entry-damaged. */
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

  /** The last entry; null when there is none. */
  lastLive(): EntryId | null {
    for (let at = this.#count - 1; at >= 0; at--) if (!this.#isDeleted(at)) return this.#idAt(at)
    return null
  }

  /** Gives back what was held for entries to come. */
  seal(): void {
    this.#moveTo(newRoom(this.#count, this.#used))
  }

  get #used(): number {
    return this.#count === 0 ? 0 : this.#endAt(this.#count - 1)
  }

  /** For another entry, whose fields end there. */
  #makeRoom(bytes: number): void {
    let entries = this.#ends.length
    let room = this.#bytes.length
    if (this.#count < entries && bytes <= room) return
    if (this.#count === entries) entries *= 2
    if (bytes > room) room = Math.max(bytes, room * 2)
    this.#moveTo(newRoom(entries, room))
  }

  #moveTo(room: Room): void {
    const { memory, ids, ends, bytes } = this.#copyTo(room)
    this.#memory = memory
    this.#ids = ids
    this.#ends = ends
    this.#bytes = bytes
  }

  #copyTo(room: Room): Room {
    room.ids.set(this.#ids.subarray(0, WORDS * this.#count))
    room.ends.set(this.#ends.subarray(0, this.#count))
    room.bytes.set(this.#bytes.subarray(0, this.#used))
    return room
  }

  /** The first entry at or after an index. */
  #firstAt(index: number): EntryId | null {
    for (let at = index; at < this.#count; at++) if (!this.#isDeleted(at)) return this.#idAt(at)
    return null
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
    if (this.#damage !== null) throw entryDamaged(this.#damage, this.firstId, this.lastId)
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

/** The first entries of a block: how many, the bytes of their fields, and the entry after them, where there is one. */
export interface Head {
  readonly count: number
  readonly bytes: number
  readonly next: EntryId | null
}

/** Ids that are compared with, each of them set just before. */
const sought = new Uint32Array(WORDS)
const bound = new Uint32Array(WORDS)

/** The mark of a deleted entry. `& ~DELETED` leaves 31 bits, far more than an entry's bytes can be. */
const DELETED = 0x8000_0000
