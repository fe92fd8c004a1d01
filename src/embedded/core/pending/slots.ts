import type { EntryId } from '../../../contract/entry-id.ts'
import type { Consumer } from '../consumer.ts'
import { alignedToWords, compareWords, idOf, msAt, setWords, WORDS } from '../id-words.ts'
import type { Slot } from './slot.ts'
import type { Order, SlotPosition } from './slot-list.ts'

const PAGE_BITS = 12
const PAGE_SLOTS = 1 << PAGE_BITS
const PAGE_MASK = PAGE_SLOTS - 1

/** So many slots are stored together. */
const SLOT_PAGE_BITS = 6
const SLOT_PAGE_SLOTS = 1 << SLOT_PAGE_BITS

/*
 * A slot, in memory as in the store, in the byte order of the machine, which is little-endian:
 *
 *     | ms u64 | seq u64 | deliveredAt f64 | deliveries f64 | owner u32 | place u16 | orphan u16 |
 *
 * Deliveries are a double, because a claim may set any count up to 2^53 - 1. An owner is a consumer's number, 0 when
 * the slot is free. Its place is the slot's in its page of slots, since pages of slots are stored without the free ones.
 *
 * Free slots, in memory alone, are a list of ranges. The first one of each says in the place of its id where the
 * range ends, and with which slot the next one begins:
 *
 *     | last u32 | next u32, 2^32 - 1 for none |
 */
const SLOT_BYTES = 40
const SLOT_WORDS = SLOT_BYTES / 4
const SLOT_DOUBLES = SLOT_BYTES / 8
const DELIVERED_AT = 2
const DELIVERIES = 3
const OWNER = 8
const FLAGS = 9
const ORPHAN = 0x1_0000
const FREE = 0
const FREE_LAST = 0
const FREE_NEXT = 1
const NONE: Slot = 0xffff_ffff

/**
 * The values of pending entries, in flat pages: 40 bytes an entry, side by side, so that the processor fetches one or
 * two lines for it, and nothing for the garbage collector to walk through. Growing adds a page and copies nothing. A
 * freed slot is the next to be used, so that of the pages of slots, which are what a checkpoint stores, few change; and what
 * was freed one after the other is used again in that order, so that what is delivered together stands together.
 */
export class PendingSlots {
  readonly #watch: (slotPage: number) => void
  readonly #pages: Page[] = []
  /** Consumers that own or owned something, by their numbers. */
  readonly #owners = new Map<number, Consumer>()
  /** The first of those that are free. */
  #free: Slot = NONE
  readonly #sought = new Uint32Array(WORDS)
  readonly #place = {
    probe: (slot: Slot) => compareWords(this.#page(slot).words, wordAt(slot), this.#sought, 0),
    rank: 0
  }
  readonly byId: Order = {
    compare: (a, b) => this.#compareIds(a, b),
    rank: (slot) => msAt(this.#page(slot).words, wordAt(slot))
  }
  /** Oldest delivery first; within a millisecond by id. */
  readonly byTime: Order = {
    compare: (a, b) => this.deliveredAt(a) - this.deliveredAt(b) || this.#compareIds(a, b),
    rank: (slot) => this.deliveredAt(slot)
  }
  #used = 0

  /** `watch` is called before a slot of a page of slots changes. */
  constructor(watch: (slotPage: number) => void) {
    this.#watch = watch
  }

  allocate(id: EntryId): Slot {
    const slot = this.#free === NONE ? this.#used++ : this.#takeFree()
    if (slot >> PAGE_BITS === this.#pages.length) this.#pages.push(newPage())
    this.#watch(slot >> SLOT_PAGE_BITS)
    const { words } = this.#page(slot)
    const at = wordAt(slot)
    setWords(words, at, id)
    words[at + FLAGS] = slot & (SLOT_PAGE_SLOTS - 1)
    return slot
  }

  free(slot: Slot): void {
    this.#watch(slot >> SLOT_PAGE_BITS)
    this.#setWord(slot, OWNER, FREE)
    this.#addFree(slot, slot)
  }

  /** A consumer is gone, and owns nothing any more. */
  forget(owner: Consumer): void {
    this.#owners.delete(owner.number)
  }

  id(slot: Slot): EntryId {
    return idOf(this.#page(slot).words, wordAt(slot))
  }

  owner(slot: Slot): Consumer {
    return this.#owners.get(this.#word(slot, OWNER)) as Consumer
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
    this.#watch(slot >> SLOT_PAGE_BITS)
    const place = this.#word(slot, FLAGS) % ORPHAN
    this.#setWord(slot, FLAGS, isOrphan ? place + ORPHAN : place)
  }

  setDelivery(slot: Slot, owner: Consumer, deliveredAt: number, deliveries: number): void {
    this.#watch(slot >> SLOT_PAGE_BITS)
    this.#owners.set(owner.number, owner)
    const { doubles } = this.#page(slot)
    const at = SLOT_DOUBLES * (slot & PAGE_MASK)
    doubles[at + DELIVERED_AT] = deliveredAt
    doubles[at + DELIVERIES] = deliveries
    this.#setWord(slot, OWNER, owner.number)
  }

  /** The place of an id in the order by id. To be used at once: there is but one, and the next call moves it. */
  placeOf(id: EntryId): SlotPosition {
    setWords(this.#sought, 0, id)
    this.#place.rank = msAt(this.#sought, 0)
    return this.#place
  }

  /** A page of slots's slots that are in use, one after the other; null when none is. */
  encode(slotPage: number): Uint8Array | null {
    const first = slotPage << SLOT_PAGE_BITS
    const end = Math.min(first + SLOT_PAGE_SLOTS, this.#used)
    const encoded = new Uint32Array(SLOT_PAGE_SLOTS * SLOT_WORDS)
    let length = 0
    for (let slot = first; slot < end; slot++) {
      if (this.#word(slot, OWNER) === FREE) continue
      copySlot(this.#page(slot).words, wordAt(slot), encoded, length)
      length += SLOT_WORDS
    }
    return length === 0 ? null : new Uint8Array(encoded.buffer, 0, 4 * length)
  }

  /**
   * Takes in a page of slots, each after those of a lower number. Gives its slots, by ranges whose entries have one owner,
   * are orphans all or none, and stand in the order of ids and of time alike.
   * Throws a RangeError when this is none.
   */
  decode(slotPage: number, encoded: Uint8Array, ownerOf: (number: number) => Consumer): SlotRange[] {
    if (encoded.length % SLOT_BYTES !== 0) throw new RangeError('Not pending entries')
    const { buffer, byteOffset, length } = alignedToWords(encoded)
    const words = new Uint32Array(buffer, byteOffset, length / 4)
    const start = slotPage << SLOT_PAGE_BITS
    while (start >> PAGE_BITS >= this.#pages.length) this.#pages.push(newPage())
    const page = this.#page(start)
    const isFull = words.length === SLOT_PAGE_SLOTS * SLOT_WORDS
    if (isFull) page.words.set(words, wordAt(start))
    const slotRanges: SlotRange[] = []
    let slotRange: SlotRange | null = null
    for (let at = 0; at < words.length; at += SLOT_WORDS) {
      const place = (words[at + FLAGS] as number) % ORPHAN
      const slot = start + place
      if (place >= SLOT_PAGE_SLOTS || slot < this.#used) throw new RangeError('Not pending entries')
      if (slot > this.#used) this.#addFree(this.#used, slot - 1)
      this.#used = slot + 1
      if (!isFull) copySlot(words, at, page.words, wordAt(slot))
      if (slotRange !== null && this.#continues(slotRange.last, slot)) {
        slotRange.last = slot
        continue
      }
      const owner = words[at + OWNER] as number
      if (!this.#owners.has(owner)) this.#owners.set(owner, ownerOf(owner))
      slotRange = { first: slot, last: slot }
      slotRanges.push(slotRange)
    }
    return slotRanges
  }

  /** Whether a slot belongs to the range that ends with another one. */
  #continues(last: Slot, slot: Slot): boolean {
    return (
      slot === last + 1 &&
      this.#word(slot, OWNER) === this.#word(last, OWNER) &&
      this.isOrphan(slot) === this.isOrphan(last) &&
      this.#compareIds(last, slot) < 0 &&
      this.deliveredAt(last) <= this.deliveredAt(slot)
    )
  }

  #compareIds(a: Slot, b: Slot): number {
    return compareWords(this.#page(a).words, wordAt(a), this.#page(b).words, wordAt(b))
  }

  #addFree(first: Slot, last: Slot): void {
    const begin = this.#free
    if (begin !== NONE && this.#word(begin, FREE_LAST) === first - 1) {
      this.#setWord(begin, FREE_LAST, last)
      return
    }
    this.#setWord(first, FREE_LAST, last)
    this.#setWord(first, FREE_NEXT, begin)
    this.#free = first
  }

  #takeFree(): Slot {
    const slot = this.#free
    const last = this.#word(slot, FREE_LAST)
    const next = this.#word(slot, FREE_NEXT)
    this.#free = next
    if (slot < last) {
      this.#setWord(slot + 1, FREE_LAST, last)
      this.#setWord(slot + 1, FREE_NEXT, next)
      this.#free = slot + 1
    }
    return slot
  }

  #word(slot: Slot, field: number): number {
    return this.#page(slot).words[wordAt(slot) + field] as number
  }

  #setWord(slot: Slot, field: number, value: number): void {
    this.#page(slot).words[wordAt(slot) + field] = value
  }

  #double(slot: Slot, field: number): number {
    return this.#page(slot).doubles[SLOT_DOUBLES * (slot & PAGE_MASK) + field] as number
  }

  #page(slot: Slot): Page {
    return this.#pages[slot >> PAGE_BITS] as Page
  }
}

/** Slots that follow one another, from the first to the last. */
export interface SlotRange {
  readonly first: Slot
  last: Slot
}

/** The same memory, seen in two ways. */
interface Page {
  readonly words: Uint32Array
  readonly doubles: Float64Array
}

function newPage(): Page {
  const words = new Uint32Array(SLOT_WORDS * PAGE_SLOTS)
  return { words, doubles: new Float64Array(words.buffer) }
}

/** The first word of a slot in its page. */
function wordAt(slot: Slot): number {
  return SLOT_WORDS * (slot & PAGE_MASK)
}

/** Word by word: for so few, faster than any other way. */
function copySlot(from: Uint32Array, at: number, to: Uint32Array, toAt: number): void {
  for (let word = 0; word < SLOT_WORDS; word++) to[toAt + word] = from[at + word] as number
}
