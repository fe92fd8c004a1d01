import { type EntryId, entryId } from '../../entry-id.ts'
import type { Consumer } from './consumer.ts'

/** Number of a slot: where one pending entry's values stand. */
export type Slot = number

const PAGE_BITS = 12
const PAGE_SLOTS = 1 << PAGE_BITS
const PAGE_MASK = PAGE_SLOTS - 1

/**
 * The values of pending entries, in flat pages: 41 bytes an entry and nothing for the garbage collector to walk
 * through. Growing adds a page and copies nothing. A freed slot is the next to be used.
 */
export class PendingSlots {
  readonly #pages: Page[] = []
  readonly #free: Slot[] = []
  #used = 0

  allocate(id: EntryId): Slot {
    const slot = this.#free.pop() ?? this.#used++
    if (slot >> PAGE_BITS === this.#pages.length) this.#pages.push(newPage())
    const page = this.#page(slot)
    const index = slot & PAGE_MASK
    page.ids[2 * index] = id >> 64n
    page.ids[2 * index + 1] = id
    page.orphans[index] = 0
    return slot
  }

  free(slot: Slot): void {
    this.#page(slot).owners[slot & PAGE_MASK] = null
    this.#free.push(slot)
  }

  id(slot: Slot): EntryId {
    const { ids } = this.#page(slot)
    const index = slot & PAGE_MASK
    return entryId(ids[2 * index] as bigint, ids[2 * index + 1] as bigint)
  }

  owner(slot: Slot): Consumer {
    return this.#page(slot).owners[slot & PAGE_MASK] as Consumer
  }

  deliveredAt(slot: Slot): number {
    return this.#page(slot).deliveredAt[slot & PAGE_MASK] as number
  }

  deliveries(slot: Slot): number {
    return this.#page(slot).deliveries[slot & PAGE_MASK] as number
  }

  /** Whether the entry itself was deleted or trimmed. */
  isOrphan(slot: Slot): boolean {
    return this.#page(slot).orphans[slot & PAGE_MASK] === 1
  }

  setOrphan(slot: Slot): void {
    this.#page(slot).orphans[slot & PAGE_MASK] = 1
  }

  setDelivery(slot: Slot, owner: Consumer, deliveredAt: number, deliveries: number): void {
    const page = this.#page(slot)
    const index = slot & PAGE_MASK
    page.owners[index] = owner
    page.deliveredAt[index] = deliveredAt
    page.deliveries[index] = deliveries
  }

  /** Below 0 when the slot's id is below this one, 0 when it is the same. */
  compareToId(slot: Slot, ms: bigint, seq: bigint): number {
    const { ids } = this.#page(slot)
    const at = 2 * (slot & PAGE_MASK)
    const slotMs = ids[at] as bigint
    if (slotMs !== ms) return slotMs < ms ? -1 : 1
    const slotSeq = ids[at + 1] as bigint
    return slotSeq < seq ? -1 : slotSeq > seq ? 1 : 0
  }

  compareById(a: Slot, b: Slot): number {
    const { ids } = this.#page(b)
    const at = 2 * (b & PAGE_MASK)
    return this.compareToId(a, ids[at] as bigint, ids[at + 1] as bigint)
  }

  /** Oldest delivery first; within a millisecond by id. */
  compareByTime(a: Slot, b: Slot): number {
    return this.deliveredAt(a) - this.deliveredAt(b) || this.compareById(a, b)
  }

  #page(slot: Slot): Page {
    return this.#pages[slot >> PAGE_BITS] as Page
  }
}

interface Page {
  /** ms and seq in turn. */
  readonly ids: BigUint64Array
  readonly owners: (Consumer | null)[]
  readonly deliveredAt: Float64Array
  /** A double, because a claim may set any count up to 2^53 - 1. */
  readonly deliveries: Float64Array
  readonly orphans: Uint8Array
}

function newPage(): Page {
  return {
    ids: new BigUint64Array(2 * PAGE_SLOTS),
    owners: new Array<Consumer | null>(PAGE_SLOTS).fill(null),
    deliveredAt: new Float64Array(PAGE_SLOTS),
    deliveries: new Float64Array(PAGE_SLOTS),
    orphans: new Uint8Array(PAGE_SLOTS)
  }
}
