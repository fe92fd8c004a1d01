import type { IdRange } from '../../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../../contract/entry-id.ts'
import type { Consumer } from '../consumer.ts'
import { SlotList } from './slot-list.ts'
import { firstOf, type Slot } from './slot-range.ts'
import { Slots, type StoredPage } from './slots.ts'

/** A pending entry as it was when it was read. `deliveredAt` is in milliseconds since the epoch. */
export interface PendingState {
  readonly id: EntryId
  readonly owner: Consumer
  readonly deliveredAt: number
  readonly deliveries: number
  /** Whether the entry itself was deleted or trimmed. */
  readonly isOrphan: boolean
}

/**
 * The pending entries of a group: who was given each entry, when, and how often. Redis calls it the pending entries list.
 * It has three orders: by id, by id for each consumer, and by delivery time. An operation costs about the same among
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
 *     by time        0 │ 2–3 │ 1        without orphans
 *     free           5                  through the free slots themselves
 *
 * Here ann read 1-0 to 3-0, and bob read 4-0 to 6-0. Ann acked 2-0. Bob read 7-0, which got its slot, and acked 6-0. Ann
 * claimed 4-0, and 5-0 was deleted from the stream.
 *
 * Invariant: every slot of the list by id is in the list of exactly one owner, and in the list by time unless it is an
 * orphan. Orphans stay pending until they are acked or claimed. But nobody gets them for being idle, so they do not stand
 * in the way of other entries.
 */
export class PendingList {
  readonly #slots: Slots
  readonly #byId: SlotList
  readonly #byTime: SlotList
  /** By the numbers of the consumers. */
  readonly #owners = new Map<number, Owner>()

  /** `watch` is called with the number of a page before one of its slots changes. */
  constructor(watch: (slotPage: number) => void) {
    this.#slots = new Slots(watch)
    this.#byId = new SlotList(this.#slots.byId)
    this.#byTime = new SlotList(this.#slots.byTime)
  }

  /** Loads the pages that `encode` returned, in the order of their numbers. Throws a RangeError if they are none. */
  load(pages: Iterable<StoredPage>, consumerOf: (number: number) => Consumer): void {
    const ranges = this.#slots.load(pages)
    const { byId, byTime } = this.#slots
    // In order, each range goes to the end of its list. Sorting what is in order already costs no more than a pass.
    for (const range of ranges.sort((a, b) => byId.compare(firstOf(a), firstOf(b)))) {
      const number = this.#slots.owner(firstOf(range))
      const owner = this.#owners.get(number) ?? this.#newOwner(consumerOf(number))
      this.#byId.addRange(range)
      owner.slots.addRange(range)
    }
    for (const range of ranges.sort((a, b) => byTime.compare(firstOf(a), firstOf(b)))) {
      if (!this.#slots.isOrphan(firstOf(range))) this.#byTime.addRange(range)
    }
  }

  /** A page as it is stored; null if nothing of it is pending. */
  encode(slotPage: number): Uint8Array | null {
    return this.#slots.encode(slotPage)
  }

  get size(): number {
    return this.#byId.size
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
    const before = this.#ownerOf(slot)
    const orphan = this.#slots.isOrphan(slot)
    // Removed before the values change that the list is ordered by.
    if (!orphan) this.#byTime.delete(slot)
    this.#slots.setDelivery(slot, number, deliveredAt, deliveries)
    if (!orphan) this.#byTime.add(slot)
    if (before === owner) return
    before.slots.delete(slot)
    owner.slots.add(slot)
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

  /** The entries of a range were deleted. They stay pending, but can no longer be claimed for being idle. */
  orphan(range: IdRange): void {
    for (const slot of this.#byId.ascend(this.#slots.sought(range.from))) {
      if (this.#slots.id(slot) > range.to) return
      if (this.#slots.isOrphan(slot)) continue
      this.#byTime.delete(slot)
      this.#slots.setOrphan(slot, true)
    }
  }

  /** An entry with this id exists again. */
  adopt(id: EntryId): void {
    const slot = this.#find(id)
    if (slot === undefined || !this.#slots.isOrphan(slot)) return
    this.#slots.setOrphan(slot, false)
    this.#byTime.add(slot)
  }

  /** In the order of ids, from `from` on; only those of `consumer`, if given. The list must not change meanwhile. */
  *ascend(from: EntryId, consumer?: Consumer): Generator<PendingState, undefined> {
    const list = consumer === undefined ? this.#byId : this.#owners.get(consumer.number)?.slots
    if (list === undefined || from > MAX_ID) return
    for (const slot of list.ascend(this.#slots.sought(from > MIN_ID ? from : MIN_ID))) yield this.#state(slot)
  }

  /** Longest idle first, without orphans. The list must not change meanwhile. */
  *byTime(): Generator<PendingState, undefined> {
    for (const slot of this.#byTime.ascend()) yield this.#state(slot)
  }

  #remove(slot: Slot): void {
    this.#byId.delete(slot)
    if (!this.#slots.isOrphan(slot)) this.#byTime.delete(slot)
    this.#ownerOf(slot).slots.delete(slot)
    this.#slots.free(slot)
  }

  #find(id: EntryId): Slot | undefined {
    return this.#byId.find(this.#slots.sought(id))
  }

  #ownerOf(slot: Slot): Owner {
    return this.#owners.get(this.#slots.owner(slot)) as Owner
  }

  #newOwner(consumer: Consumer): Owner {
    const owner = { consumer, slots: new SlotList(this.#slots.byId) }
    this.#owners.set(consumer.number, owner)
    return owner
  }

  #state(slot: Slot): PendingState {
    return {
      id: this.#slots.id(slot),
      owner: this.#ownerOf(slot).consumer,
      deliveredAt: this.#slots.deliveredAt(slot),
      deliveries: this.#slots.deliveries(slot),
      isOrphan: this.#slots.isOrphan(slot)
    }
  }
}

/** A consumer that owns or owned entries, and their slots. */
interface Owner {
  readonly consumer: Consumer
  readonly slots: SlotList
}
