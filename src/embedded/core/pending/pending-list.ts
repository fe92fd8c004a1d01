import type { IdRange } from '../../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../../contract/entry-id.ts'
import type { Consumer } from '../consumer.ts'
import { NOBODY } from './slot-array.ts'
import { SlotList } from './slot-list.ts'
import { firstOf, type Slot } from './slot-range.ts'
import { Slots, type StoredPage } from './slots.ts'

/** A pending entry as it was when it was read. */
export interface PendingState {
  readonly id: EntryId
  /** Null if the entry was nacked. */
  readonly owner: Consumer | null
  /** Milliseconds since the epoch: the last delivery or extension. For a nacked entry, when it falls due. */
  readonly deliveredAt: number
  readonly deliveries: number
  /** Whether the entry itself was deleted or trimmed. */
  readonly isOrphan: boolean
}

/**
 * The pending entries of a group: who was given each entry, when, and how often. Redis calls it the pending entries list.
 * It has these orders: by id, by id for each consumer, and by delivery time. Two more have entries only where somebody nacks
 * or deletes some: nacked entries by the time when they fall due, and orphans by delivery time. An operation costs about the same among
 * millions of entries as among a thousand. A million entries take 41 bytes each as they were delivered, and 69 if each was
 * claimed by itself, in random order.
 *
 * The values of an entry are in a slot. The orders are lists of slots, which contain them as ranges of consecutive slots:
 *
 *     slot               0        1        2        3        4        5
 *                    ┌────────┬────────┬────────┬────────┬────────┬────────┬───
 *     id             │  1-0   │  7-0   │  3-0   │  4-0   │  5-0   │        │
 *     owner          │  ann   │  bob   │  ann   │  ann   │  bob   │        │
 *     delivered at   │   10   │   40   │   10   │   30   │   20   │  free  │
 *     deliveries     │    1   │    1   │    1   │    2   │    1   │        │
 *     orphan         │        │        │        │        │  yes   │        │
 *                    └────────┴────────┴────────┴────────┴────────┴────────┴───
 *                    └── Slots: arrays of 4096; the store has pages of 64 ─────
 *
 *     by id          0 │ 2–4 │ 1
 *     of ann         0 │ 2–3
 *     of bob         4 │ 1              by id as well
 *     by time        0 │ 2–3 │ 1        without orphans and nacked entries
 *     nacked                            by the time when they fall due
 *     orphans        4                  by time
 *     free           5                  through the free slots themselves
 *
 * Here ann read 1-0 to 3-0, and bob read 4-0 to 6-0. Ann acked 2-0. Bob read 7-0, which got its slot, and acked 6-0. Ann
 * claimed 4-0, and 5-0 was deleted from the stream.
 *
 * Invariant: every slot of the list by id is either in the list of nacked entries, or in the list of exactly one owner and
 * in one of the lists by time and of orphans. Orphans stay pending until they are acked or claimed, or until their lease
 * ends. But nobody gets them for being idle, so they do not stand in the way of other entries. A nacked entry that is
 * deleted is no longer pending, since nobody could ack it.
 */
export class PendingList {
  readonly #slots: Slots
  readonly #byId: SlotList
  readonly #byTime: SlotList
  readonly #nacked: SlotList
  readonly #orphans: SlotList
  /** By the numbers of the consumers. */
  readonly #owners = new Map<number, Owner>()

  /** `watch` is called with the number of a page before one of its slots changes. */
  constructor(watch: (slotPage: number) => void) {
    this.#slots = new Slots(watch)
    this.#byId = new SlotList(this.#slots.byId)
    this.#byTime = new SlotList(this.#slots.byTime)
    this.#nacked = new SlotList(this.#slots.byTime)
    this.#orphans = new SlotList(this.#slots.byTime)
  }

  /** Loads the pages that `encode` returned, in the order of their numbers. Throws a RangeError if they are none. */
  load(pages: Iterable<StoredPage>, consumerOf: (number: number) => Consumer): void {
    const ranges = this.#slots.load(pages)
    const { byId, byTime } = this.#slots
    // In order, each range goes to the end of its list. Sorting what is in order already costs no more than a pass.
    for (const range of ranges.sort((a, b) => byId.compare(firstOf(a), firstOf(b)))) {
      this.#byId.addRange(range)
      const number = this.#slots.owner(firstOf(range))
      if (number === NOBODY) continue
      const owner = this.#owners.get(number) ?? this.#newOwner(consumerOf(number))
      owner.slots.addRange(range)
    }
    for (const range of ranges.sort((a, b) => byTime.compare(firstOf(a), firstOf(b)))) {
      this.#timesOf(firstOf(range)).addRange(range)
    }
  }

  /** A page as it is stored; null if nothing of it is pending. */
  encode(slotPage: number): Uint8Array | null {
    return this.#slots.encode(slotPage)
  }

  get size(): number {
    return this.#byId.size
  }

  /** How many entries are in nobody's hands. */
  get nackedSize(): number {
    return this.#nacked.size
  }

  /** How many entries consumers own. */
  get ownedSize(): number {
    return this.#byId.size - this.#nacked.size
  }

  /** How many nacked entries fall due after this time. */
  delayedAfter(now: number): number {
    if (this.#nacked.size === 0) return 0
    return this.#nacked.size - this.#nacked.countBefore(this.#slots.soughtAt(now + 1, MIN_ID))
  }

  /** How many entries a consumer owns. */
  sizeOf(consumer: Consumer): number {
    return this.#owners.get(consumer.number)?.slots.size ?? 0
  }

  firstId(): EntryId | null {
    const slot = this.#byId.first()
    return slot === undefined ? null : this.#slots.id(slot)
  }

  lastId(): EntryId | null {
    const slot = this.#byId.last()
    return slot === undefined ? null : this.#slots.id(slot)
  }

  /** Delivery time of the entry that is idle longest; null if none can be claimed for being idle. */
  oldestDeliveredAt(): number | null {
    const slot = this.#byTime.first()
    return slot === undefined ? null : this.#slots.deliveredAt(slot)
  }

  get(id: EntryId): PendingState | undefined {
    const slot = this.#find(id)
    return slot === undefined ? undefined : this.#state(slot)
  }

  /** Makes an entry pending, or changes the owner, delivery time and count of one that is. */
  set(id: EntryId, consumer: Consumer, deliveredAt: number, deliveries: number): void {
    const { number } = consumer
    const owner = this.#owners.get(number) ?? this.#newOwner(consumer)
    let slot = this.#find(id)
    if (slot === undefined) {
      slot = this.#slots.allocate(id)
      this.#slots.setDelivery(slot, number, deliveredAt, deliveries)
      this.#byId.add(slot)
      this.#byTime.add(slot)
      owner.slots.add(slot)
      return
    }
    const before = this.#slots.owner(slot)
    // Removed before the values change that the list is ordered by.
    this.#timesOf(slot).delete(slot)
    this.#slots.setDelivery(slot, number, deliveredAt, deliveries)
    this.#timesOf(slot).add(slot)
    if (before === number) return
    this.#owners.get(before)?.slots.delete(slot)
    owner.slots.add(slot)
  }

  /** Takes an entry out of the hands of its owner, or makes it pending without one. An orphan is removed. */
  nack(id: EntryId, dueAt: number, deliveries: number): void {
    let slot = this.#find(id)
    if (slot === undefined) {
      slot = this.#slots.allocate(id)
      this.#byId.add(slot)
    } else if (this.#slots.isOrphan(slot)) {
      this.#remove(slot)
      return
    } else {
      this.#timesOf(slot).delete(slot)
      this.#owners.get(this.#slots.owner(slot))?.slots.delete(slot)
    }
    this.#slots.setDelivery(slot, NOBODY, dueAt, deliveries)
    this.#nacked.add(slot)
  }

  /** Returns false if it was not pending. */
  delete(id: EntryId): boolean {
    const slot = this.#find(id)
    if (slot === undefined) return false
    this.#remove(slot)
    return true
  }

  /** Deletes all that a consumer owns. */
  deleteOwnedBy(consumer: Consumer): void {
    const owner = this.#owners.get(consumer.number)
    if (owner === undefined) return
    for (const slot of [...owner.slots.ascend()]) this.#remove(slot)
    this.#owners.delete(consumer.number)
  }

  /**
   * The entries of a range were deleted. Owned ones stay pending, but can no longer be claimed for being idle. Nacked
   * ones are removed.
   */
  orphan(range: IdRange): void {
    const nacked: Slot[] = []
    for (const slot of this.#byId.ascend(this.#slots.sought(range.from))) {
      if (this.#slots.id(slot) > range.to) break
      if (this.#slots.isOrphan(slot)) continue
      if (this.#slots.owner(slot) === NOBODY) {
        nacked.push(slot)
        continue
      }
      this.#byTime.delete(slot)
      this.#slots.setOrphan(slot, true)
      this.#orphans.add(slot)
    }
    for (const slot of nacked) this.#remove(slot)
  }

  /** An entry with this id exists again. */
  adopt(id: EntryId): void {
    const slot = this.#find(id)
    if (slot === undefined || !this.#slots.isOrphan(slot)) return
    this.#orphans.delete(slot)
    this.#slots.setOrphan(slot, false)
    this.#byTime.add(slot)
  }

  /** In the order of ids, from `from` on; only those of `consumer`, if given. The list must not change meanwhile. */
  *ascend(from: EntryId, consumer?: Consumer): Generator<PendingState, undefined> {
    const list = consumer === undefined ? this.#byId : this.#owners.get(consumer.number)?.slots
    if (list === undefined || from > MAX_ID) return
    for (const slot of list.ascend(this.#slots.sought(from > MIN_ID ? from : MIN_ID))) yield this.#state(slot)
  }

  /** Longest idle first, without orphans and nacked ones. The list must not change meanwhile. */
  byTime(from?: TimePlace): Generator<PendingState, undefined> {
    return this.#inTime(this.#byTime, from)
  }

  /** Nacked entries, earliest due first. The list must not change meanwhile. */
  nacked(from?: TimePlace): Generator<PendingState, undefined> {
    return this.#inTime(this.#nacked, from)
  }

  /** Orphans that consumers own, oldest delivery first. The list must not change meanwhile. */
  orphans(): Generator<PendingState, undefined> {
    return this.#inTime(this.#orphans)
  }

  /** From the first entry at or after a place. */
  *#inTime(list: SlotList, from?: TimePlace): Generator<PendingState, undefined> {
    const start = from === undefined ? list.first() : this.#slots.soughtAt(from.at, from.id)
    for (const slot of list.ascend(start)) yield this.#state(slot)
  }

  #remove(slot: Slot): void {
    this.#byId.delete(slot)
    this.#timesOf(slot).delete(slot)
    this.#owners.get(this.#slots.owner(slot))?.slots.delete(slot)
    this.#slots.free(slot)
  }

  /** The list that has a slot in the order of time. */
  #timesOf(slot: Slot): SlotList {
    if (this.#slots.isOrphan(slot)) return this.#orphans
    return this.#slots.owner(slot) === NOBODY ? this.#nacked : this.#byTime
  }

  #find(id: EntryId): Slot | undefined {
    return this.#byId.find(this.#slots.sought(id))
  }

  #newOwner(consumer: Consumer): Owner {
    const owner = { consumer, slots: new SlotList(this.#slots.byId) }
    this.#owners.set(consumer.number, owner)
    return owner
  }

  #state(slot: Slot): PendingState {
    return {
      id: this.#slots.id(slot),
      owner: this.#owners.get(this.#slots.owner(slot))?.consumer ?? null,
      deliveredAt: this.#slots.deliveredAt(slot),
      deliveries: this.#slots.deliveries(slot),
      isOrphan: this.#slots.isOrphan(slot)
    }
  }
}

/** A place in the order of time: the id decides between entries of the same millisecond. */
export interface TimePlace {
  readonly at: number
  readonly id: EntryId
}

/** A consumer that owns or owned entries, and their slots. */
interface Owner {
  readonly consumer: Consumer
  readonly slots: SlotList
}
