import type { IdRange } from '../../../contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../../contract/entry-id.ts'
import type { Consumer } from '../consumer.ts'
import type { Slot } from './slot.ts'
import { SlotList } from './slot-list.ts'
import { PendingSlots } from './slots.ts'

/** A pending entry as it stood when it was asked for. */
export interface PendingState {
  readonly id: EntryId
  readonly owner: Consumer
  readonly deliveredAt: number
  readonly deliveries: number
  /** Whether the entry itself was deleted or trimmed. */
  readonly isOrphan: boolean
}

/** How long ago it was delivered; 0 when the clock has gone back since. */
export function idleMs(state: { readonly deliveredAt: number }, now: number): number {
  return Math.max(0, now - state.deliveredAt)
}

/** Deliveries after one more. A claim may have set the highest count that can be kept, and there it stays. */
export function deliveredOnceMore(deliveries: number): number {
  return Math.min(deliveries + 1, Number.MAX_SAFE_INTEGER)
}

/**
 * The pending entries of a group, in three orders: by id, by consumer and id, and by delivery time. Each operation
 * costs the same with a million of them as with a thousand.
 *
 * Invariant: every slot in `#byId` is in exactly one consumer's `pending`, and in `#byTime` unless it is an orphan,
 * that is, its entry was deleted. Orphans stay pending until they are acked or claimed, but nobody can be given them
 * for being idle, and so they do not stand in the way of those who can.
 */
export class PendingList {
  readonly #slots: PendingSlots
  readonly #byId: SlotList
  readonly #byTime: SlotList

  /** `watch` is called before an entry of a page of slots changes. */
  constructor(watch: (slotPage: number) => void) {
    this.#slots = new PendingSlots(watch)
    this.#byId = this.newOwnList()
    this.#byTime = new SlotList(this.#slots.byTime)
  }

  /** Takes in the pages of slots that `encode` gave, in the order of their numbers. */
  load(
    slotPages: Iterable<{ slotPage: number; bytes: Uint8Array }>,
    ownerOf: (number: number) => Consumer
  ): void {
    // Ranges mostly come in the order of ids and of time, those aside whose slots were used again.
    const strays: Slot[] = []
    const late: Slot[] = []
    for (const { slotPage, bytes } of slotPages) {
      for (const { first, last } of this.#slots.decode(slotPage, bytes, ownerOf)) {
        if (this.#byId.extend(first, last)) this.#slots.owner(first).pending.extend(first, last)
        else strays.push(...slotsOf(first, last))
        if (this.#slots.isOrphan(first) || this.#byTime.extend(first, last)) continue
        late.push(...slotsOf(first, last))
      }
    }
    this.#byId.addAll(strays)
    this.#byTime.addAll(late)
    const ofOwners = new Map<Consumer, Slot[]>()
    for (const slot of strays) {
      const owner = this.#slots.owner(slot)
      const slots = ofOwners.get(owner)
      if (slots === undefined) ofOwners.set(owner, [slot])
      else slots.push(slot)
    }
    for (const [owner, slots] of ofOwners) owner.pending.addAll(slots)
  }

  /** A page of slots as it is stored; null when nothing of it is pending. */
  encode(slotPage: number): Uint8Array | null {
    return this.#slots.encode(slotPage)
  }

  get size(): number {
    return this.#byId.size
  }

  firstId(): EntryId | null {
    const slot = this.#byId.first()
    return slot === undefined ? null : this.#slots.id(slot)
  }

  lastId(): EntryId | null {
    const slot = this.#byId.last()
    return slot === undefined ? null : this.#slots.id(slot)
  }

  /** When the entry that is idle longest was delivered; null when none can be claimed for being idle. */
  oldestDeliveredAt(): number | null {
    const slot = this.#byTime.first()
    return slot === undefined ? null : this.#slots.deliveredAt(slot)
  }

  /** The pending list of a consumer to be. */
  newOwnList(): SlotList {
    return new SlotList(this.#slots.byId)
  }

  get(id: EntryId): PendingState | undefined {
    const slot = this.#find(id)
    return slot === undefined ? undefined : this.#state(slot)
  }

  /** Makes an entry pending, or gives one that is pending another owner, moment and count. */
  set(id: EntryId, owner: Consumer, deliveredAt: number, deliveries: number): void {
    let slot = this.#find(id)
    if (slot === undefined) {
      slot = this.#slots.allocate(id)
      this.#slots.setDelivery(slot, owner, deliveredAt, deliveries)
      this.#byId.add(slot)
      this.#byTime.add(slot)
      owner.pending.add(slot)
      return
    }
    const orphan = this.#slots.isOrphan(slot)
    const before = this.#slots.owner(slot)
    // Out of its places before the values that these are ordered by change.
    if (!orphan) this.#byTime.delete(slot)
    if (before !== owner) before.pending.delete(slot)
    this.#slots.setDelivery(slot, owner, deliveredAt, deliveries)
    if (!orphan) this.#byTime.add(slot)
    if (before !== owner) owner.pending.add(slot)
  }

  /** False when it was not pending. */
  delete(id: EntryId): boolean {
    const slot = this.#find(id)
    if (slot === undefined) return false
    this.#remove(slot)
    return true
  }

  /** Drops all that a consumer owns. */
  deleteOwnedBy(owner: Consumer): void {
    for (const slot of [...owner.pending.ascend()]) this.#remove(slot)
    this.#slots.forget(owner)
  }

  /** The entry was deleted: still pending, but not to be had for being idle. */
  orphan(range: IdRange): void {
    for (const slot of this.#byId.ascend(this.#slots.placeOf(range.from))) {
      if (this.#slots.id(slot) > range.to) return
      if (this.#slots.isOrphan(slot)) continue
      this.#byTime.delete(slot)
      this.#slots.setOrphan(slot, true)
    }
  }

  /** There is an entry with this id again. */
  adopt(id: EntryId): void {
    const slot = this.#find(id)
    if (slot === undefined || !this.#slots.isOrphan(slot)) return
    this.#slots.setOrphan(slot, false)
    this.#byTime.add(slot)
  }

  /** In the order of ids from `from` on; with `owner`, only its own. The list must not change meanwhile. */
  *ascend(from: EntryId, owner?: Consumer): Generator<PendingState, undefined> {
    if (from > MAX_ID) return
    const list = owner?.pending ?? this.#byId
    for (const slot of list.ascend(this.#slots.placeOf(from > MIN_ID ? from : MIN_ID)))
      yield this.#state(slot)
  }

  /** Longest idle first, without orphans. The list must not change meanwhile. */
  *byTime(): Generator<PendingState, undefined> {
    for (const slot of this.#byTime.ascend()) yield this.#state(slot)
  }

  #remove(slot: Slot): void {
    this.#byId.delete(slot)
    if (!this.#slots.isOrphan(slot)) this.#byTime.delete(slot)
    this.#slots.owner(slot).pending.delete(slot)
    this.#slots.free(slot)
  }

  #find(id: EntryId): Slot | undefined {
    return this.#byId.find(this.#slots.placeOf(id))
  }

  #state(slot: Slot): PendingState {
    return {
      id: this.#slots.id(slot),
      owner: this.#slots.owner(slot),
      deliveredAt: this.#slots.deliveredAt(slot),
      deliveries: this.#slots.deliveries(slot),
      isOrphan: this.#slots.isOrphan(slot)
    }
  }
}

function slotsOf(first: Slot, last: Slot): Slot[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
