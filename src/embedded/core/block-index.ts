import { type EntryId, MAX_ID } from '../../contract/entry-id.ts'
import { compareWords, idOf, setWords, WORDS } from './id-words.ts'

/**
 * The ids of a block's entries, and where the fields of each entry end in the block's bytes. A deleted entry
 * keeps its index.
 */
export class BlockIndex {
  #ids: Uint32Array
  #ends: Uint32Array
  #count: number
  #live: number
  /**
   * Where the last search ended. A caller that looks up one entry after the other finds each at the finger,
   * or just after it.
   */
  #finger = 0

  constructor(ids: Uint32Array, ends: Uint32Array, count = 0, live = 0) {
    this.#ids = ids
    this.#ends = ends
    this.#count = count
    this.#live = live
  }

  /** Number of entries, including deleted ones. */
  get count(): number {
    return this.#count
  }

  /** Number of entries that are not deleted. */
  get live(): number {
    return this.#live
  }

  /** Bytes of the fields of entries that are not deleted. */
  get liveBytes(): number {
    if (this.#live === this.#count) return this.end
    let bytes = 0
    for (let index = 0; index < this.#count; index++) if (!this.isDeleted(index)) bytes += this.bytesAt(index)
    return bytes
  }

  /** Where the fields of the last entry end. */
  get end(): number {
    return this.#count === 0 ? 0 : this.endAt(this.#count - 1)
  }

  add(id: EntryId, end: number): void {
    setWords(this.#ids, WORDS * this.#count, id)
    this.#ends[this.#count] = end
    this.#count++
    this.#live++
  }

  copyTo(ids: Uint32Array, ends: Uint32Array): void {
    ids.set(this.#ids.subarray(0, WORDS * this.#count))
    ends.set(this.#ends.subarray(0, this.#count))
  }

  /** Continues in other arrays, which already contain the same entries. */
  moveTo(ids: Uint32Array, ends: Uint32Array): void {
    this.#ids = ids
    this.#ends = ends
  }

  /** Returns the index of an entry; -1 if it does not exist or is deleted. */
  find(id: EntryId): number {
    setWords(sought, 0, id)
    for (let index = this.#finger; index < this.#finger + 2 && index < this.#count; index++) {
      if (compareWords(this.#ids, WORDS * index, sought, 0) === 0) return this.#foundAt(index)
    }
    const index = this.lowerBound(id)
    if (index === this.#count || compareWords(this.#ids, WORDS * index, sought, 0) !== 0) return -1
    return this.#foundAt(index)
  }

  #foundAt(index: number): number {
    this.#finger = index
    return this.isDeleted(index) ? -1 : index
  }

  /** Returns the index of the first id at or after this one. */
  lowerBound(id: EntryId): number {
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

  /** Returns the index of the first id after this one. */
  upperBound(id: EntryId): number {
    setWords(sought, 0, id)
    const last = this.#count - 1
    // Most ranges reach beyond the block.
    if (last < 0 || compareWords(this.#ids, WORDS * last, sought, 0) <= 0) return this.#count
    const index = this.lowerBound(id)
    return compareWords(this.#ids, WORDS * index, sought, 0) === 0 ? index + 1 : index
  }

  idAt(index: number): EntryId {
    return idOf(this.#ids, WORDS * index)
  }

  startAt(index: number): number {
    return index === 0 ? 0 : this.endAt(index - 1)
  }

  endAt(index: number): number {
    return (this.#ends[index] as number) & ~DELETED
  }

  bytesAt(index: number): number {
    return this.endAt(index) - this.startAt(index)
  }

  isDeleted(index: number): boolean {
    return ((this.#ends[index] as number) & DELETED) !== 0
  }

  deleteAt(index: number): void {
    this.#ends[index] = (this.#ends[index] as number) | DELETED
    this.#live--
  }

  /** Returns the first entry at or after an index; null if there is none. */
  firstAt(index: number): EntryId | null {
    for (let at = index; at < this.#count; at++) if (!this.isDeleted(at)) return this.idAt(at)
    return null
  }

  /** Returns the last entry; null if there is none. */
  last(): EntryId | null {
    for (let at = this.#count - 1; at >= 0; at--) if (!this.isDeleted(at)) return this.idAt(at)
    return null
  }

  /** Returns the first entries, at most `maxCount`, all below an id. */
  head(maxCount: number, below: EntryId): Head {
    const end = below > MAX_ID ? this.#count : this.lowerBound(below)
    let [index, count, bytes] = [0, 0, 0]
    for (; index < end && count < maxCount; index++) {
      if (this.isDeleted(index)) continue
      count++
      bytes += this.bytesAt(index)
    }
    return { count, bytes, next: this.firstAt(index) }
  }
}

/**
 * The first entries of a block: their number, the bytes of their fields, and the next entry if there is one.
 */
export interface Head {
  readonly count: number
  readonly bytes: number
  readonly next: EntryId | null
}

/** The id to search for. Each search sets it first. */
const sought = new Uint32Array(WORDS)

/** The flag of a deleted entry. The other 31 bits are far more than the size of an entry needs. */
const DELETED = 0x8000_0000
