import type { EntryId } from '../../../contract/entry-id.ts'
import { alignedToWords, compareWords, idOf, msAt, setWords } from '../id-words.ts'
import {
  ARRAY_BITS,
  ARRAY_SLOTS,
  copySlot,
  DELIVERED_AT,
  DELIVERIES,
  doubleAt,
  FLAGS,
  FREE_LAST,
  FREE_NEXT,
  newArray,
  ORPHAN,
  OWNER,
  SLOT_BYTES,
  SLOT_WORDS,
  type SlotArray,
  wordAt
} from './slot-array.ts'
import type { Order } from './slot-list.ts'
import { firstOf, isContinued, rangeOf, type Slot, type SlotRange } from './slot-range.ts'

const PAGE_BITS = 6
/** Slots that are stored together. */
const PAGE_SLOTS = 1 << PAGE_BITS

const FREE = 0
const NONE: Slot = 0xffff_ffff

/** The slot of an id that is sought. It has an array of its own, before all others. */
const SOUGHT: Slot = -ARRAY_SLOTS

/**
 * The values of pending entries, by the numbers of their slots. Growing adds an array and copies nothing.
 *
 * The slot freed last is used first. So few pages change, and a page is what a checkpoint stores. Slots that were freed
 * one after the other are used again in this order, so entries that are delivered together have consecutive slots.
 */
export class Slots {
  readonly #watch: (page: number) => void
  readonly #arrays: SlotArray[] = [newArray(1)]
  /** All slots from this one on were never used. */
  #used = 0
  /** The first slot of the free range that is used next. */
  #free: Slot = NONE
  readonly byId: Order = {
    compare: (a, b) => this.#compareIds(a, b),
    rank: (slot) => msAt(this.#array(slot).words, wordAt(slot))
  }
  /** Oldest delivery first; within a millisecond by id. */
  readonly byTime: Order = {
    compare: (a, b) => this.deliveredAt(a) - this.deliveredAt(b) || this.#compareIds(a, b),
    rank: (slot) => this.deliveredAt(slot)
  }

  /** `watch` is called with the number of a page before one of its slots changes. */
  constructor(watch: (page: number) => void) {
    this.#watch = watch
  }

  allocate(id: EntryId): Slot {
    const slot = this.#free === NONE ? this.#used++ : this.#takeFree()
    if (slot >> ARRAY_BITS === this.#arrays.length - 1) this.#arrays.push(newArray(ARRAY_SLOTS))
    this.#watch(slot >> PAGE_BITS)
    const { words } = this.#array(slot)
    const at = wordAt(slot)
    setWords(words, at, id)
    words[at + FLAGS] = slot & (PAGE_SLOTS - 1)
    return slot
  }

  free(slot: Slot): void {
    this.#watch(slot >> PAGE_BITS)
    this.#setWord(slot, OWNER, FREE)
    this.#addFree(slot, slot)
  }

  /** A slot that has only an id, to search for it at once: there is one such slot, and the next call overwrites it. */
  sought(id: EntryId): Slot {
    setWords(this.#array(SOUGHT).words, 0, id)
    return SOUGHT
  }

  /** Such a slot with a delivery time, too, to search in the order of time. */
  soughtAt(at: number, id: EntryId): Slot {
    this.#array(SOUGHT).doubles[DELIVERED_AT] = at
    return this.sought(id)
  }

  id(slot: Slot): EntryId {
    return idOf(this.#array(slot).words, wordAt(slot))
  }

  owner(slot: Slot): number {
    return this.#word(slot, OWNER)
  }

  deliveredAt(slot: Slot): number {
    return this.#double(slot, DELIVERED_AT)
  }

  deliveries(slot: Slot): number {
    return this.#double(slot, DELIVERIES)
  }

  /** Whether the entry itself was deleted or trimmed. */
  isOrphan(slot: Slot): boolean {
    return this.#word(slot, FLAGS) >= ORPHAN
  }

  setOrphan(slot: Slot, isOrphan: boolean): void {
    this.#watch(slot >> PAGE_BITS)
    const place = this.#word(slot, FLAGS) % ORPHAN
    this.#setWord(slot, FLAGS, isOrphan ? place + ORPHAN : place)
  }

  setDelivery(slot: Slot, owner: number, deliveredAt: number, deliveries: number): void {
    this.#watch(slot >> PAGE_BITS)
    const { doubles } = this.#array(slot)
    const at = doubleAt(slot)
    doubles[at + DELIVERED_AT] = deliveredAt
    doubles[at + DELIVERIES] = deliveries
    this.#setWord(slot, OWNER, owner)
  }

  /** The slots of a page that are in use, one after the other; null if none is. */
  encode(page: number): Uint8Array | null {
    const first = page << PAGE_BITS
    const end = Math.min(first + PAGE_SLOTS, this.#used)
    const encoded = new Uint32Array(PAGE_SLOTS * SLOT_WORDS)
    let length = 0
    for (let slot = first; slot < end; slot++) {
      if (this.#word(slot, OWNER) === FREE) continue
      copySlot(this.#array(slot).words, wordAt(slot), encoded, length)
      length += SLOT_WORDS
    }
    return length === 0 ? null : new Uint8Array(encoded.buffer, 0, 4 * length)
  }

  /**
   * Loads pages in the order of their numbers. Returns their slots as ranges, each of one owner, of orphans only or of
   * none, and in order both by id and by time. Throws a RangeError if the bytes are not pages.
   */
  load(pages: Iterable<StoredPage>): SlotRange[] {
    const ranges: SlotRange[] = []
    for (const { slotPage, bytes } of pages) {
      if (bytes.length % SLOT_BYTES !== 0) throw new RangeError('Not pending entries')
      const { buffer, byteOffset, length } = alignedToWords(bytes)
      const words = new Uint32Array(buffer, byteOffset, length / 4)
      const start = slotPage << PAGE_BITS
      while (start >> ARRAY_BITS >= this.#arrays.length - 1) this.#arrays.push(newArray(ARRAY_SLOTS))
      const array = this.#array(start)
      const isFull = words.length === PAGE_SLOTS * SLOT_WORDS
      if (isFull) array.words.set(words, wordAt(start))
      for (let at = 0; at < words.length; at += SLOT_WORDS) {
        const place = (words[at + FLAGS] as number) % ORPHAN
        const slot = start + place
        if (place >= PAGE_SLOTS || slot < this.#used) throw new RangeError('Not pending entries')
        if (slot > this.#used) this.#addFree(this.#used, slot - 1)
        this.#used = slot + 1
        if (!isFull) copySlot(words, at, array.words, wordAt(slot))
        const one = rangeOf(slot, slot)
        const last = ranges[ranges.length - 1]
        if (last === undefined || !isContinued(last, one) || !this.#belongTogether(slot - 1, slot)) {
          ranges.push(one)
        } else {
          ranges[ranges.length - 1] = rangeOf(firstOf(last), slot)
        }
      }
    }
    return ranges
  }

  #belongTogether(a: Slot, b: Slot): boolean {
    return (
      this.owner(a) === this.owner(b) &&
      this.isOrphan(a) === this.isOrphan(b) &&
      this.#compareIds(a, b) < 0 &&
      this.deliveredAt(a) <= this.deliveredAt(b)
    )
  }

  #compareIds(a: Slot, b: Slot): number {
    return compareWords(this.#array(a).words, wordAt(a), this.#array(b).words, wordAt(b))
  }

  #addFree(first: Slot, last: Slot): void {
    const top = this.#free
    if (top !== NONE && this.#word(top, FREE_LAST) === first - 1) {
      this.#setWord(top, FREE_LAST, last)
    } else {
      this.#free = first
      this.#setFree(first, last, top)
    }
  }

  #takeFree(): Slot {
    const slot = this.#free
    const last = this.#word(slot, FREE_LAST)
    const next = this.#word(slot, FREE_NEXT)
    this.#free = slot === last ? next : slot + 1
    if (slot < last) this.#setFree(slot + 1, last, next)
    return slot
  }

  #setFree(first: Slot, last: Slot, next: Slot): void {
    this.#setWord(first, FREE_LAST, last)
    this.#setWord(first, FREE_NEXT, next)
  }

  #word(slot: Slot, field: number): number {
    return this.#array(slot).words[wordAt(slot) + field] as number
  }

  #setWord(slot: Slot, field: number, value: number): void {
    this.#array(slot).words[wordAt(slot) + field] = value
  }

  #double(slot: Slot, field: number): number {
    return this.#array(slot).doubles[doubleAt(slot) + field] as number
  }

  #array(slot: Slot): SlotArray {
    return this.#arrays[(slot >> ARRAY_BITS) + 1] as SlotArray
  }
}

/** The slots of a page that are in use, as bytes. */
export interface StoredPage {
  readonly slotPage: number
  readonly bytes: Uint8Array
}
