import type { EntryId } from '../../entry-id.ts'
import type { Consumer } from './consumer.ts'
import { compareWords, idOf, setWords, WORDS } from './id-words.ts'

/** Number of a slot: where one pending entry's values stand. */
export type Slot = number

const PAGE_BITS = 12
const PAGE_SLOTS = 1 << PAGE_BITS
const PAGE_MASK = PAGE_SLOTS - 1

/** So many slots are stored together. */
const CLUSTER_BITS = 6
const CLUSTER_SLOTS = 1 << CLUSTER_BITS

/**
 * The values of pending entries, in flat pages: 41 bytes an entry and nothing for the garbage collector to walk
 * through. Growing adds a page and copies nothing. A freed slot is the next to be used, so that of the clusters, which
 * are what a checkpoint stores, few change.
 */
export class PendingSlots {
  readonly #watch: (cluster: number) => void
  readonly #pages: Page[] = []
  readonly #free: Slot[] = []
  readonly #sought = new Uint32Array(WORDS)
  #used = 0

  /** `watch` is called before a slot of a cluster changes. */
  constructor(watch: (cluster: number) => void) {
    this.#watch = watch
  }

  allocate(id: EntryId): Slot {
    const slot = this.#free.pop() ?? this.#used++
    if (slot >> PAGE_BITS === this.#pages.length) this.#pages.push(newPage())
    this.#watch(slot >> CLUSTER_BITS)
    const page = this.#page(slot)
    const index = slot & PAGE_MASK
    setWords(page.ids, index, id)
    page.orphans[index] = 0
    return slot
  }

  free(slot: Slot): void {
    this.#watch(slot >> CLUSTER_BITS)
    this.#page(slot).owners[slot & PAGE_MASK] = null
    this.#free.push(slot)
  }

  id(slot: Slot): EntryId {
    return idOf(this.#page(slot).ids, slot & PAGE_MASK)
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

  setOrphan(slot: Slot, isOrphan: boolean): void {
    this.#watch(slot >> CLUSTER_BITS)
    this.#page(slot).orphans[slot & PAGE_MASK] = isOrphan ? 1 : 0
  }

  setDelivery(slot: Slot, owner: Consumer, deliveredAt: number, deliveries: number): void {
    this.#watch(slot >> CLUSTER_BITS)
    const page = this.#page(slot)
    const index = slot & PAGE_MASK
    page.owners[index] = owner
    page.deliveredAt[index] = deliveredAt
    page.deliveries[index] = deliveries
  }

  /** What `compareToSought` compares to from now on. */
  seek(id: EntryId): void {
    setWords(this.#sought, 0, id)
  }

  /** Below 0 when the slot's id is below the one that is sought, 0 when it is the same. */
  compareToSought(slot: Slot): number {
    return compareWords(this.#page(slot).ids, slot & PAGE_MASK, this.#sought, 0)
  }

  compareById(a: Slot, b: Slot): number {
    return compareWords(this.#page(a).ids, a & PAGE_MASK, this.#page(b).ids, b & PAGE_MASK)
  }

  /** Oldest delivery first; within a millisecond by id. */
  compareByTime(a: Slot, b: Slot): number {
    return this.deliveredAt(a) - this.deliveredAt(b) || this.compareById(a, b)
  }

  /**
   * A cluster's slots that are in use, one after the other; null when none is. Little-endian:
   *
   *     | ms u64 | seq u64 | deliveredAt f64 | deliveries f64 | owner u32 | slot u16 | orphan u16 |
   */
  encode(cluster: number): Uint8Array | null {
    const first = cluster << CLUSTER_BITS
    const end = Math.min(first + CLUSTER_SLOTS, this.#used)
    const bytes = new Uint8Array(CLUSTER_SLOTS * SLOT_BYTES)
    const view = new DataView(bytes.buffer)
    let at = 0
    for (let slot = first; slot < end; slot++) {
      const { ids, owners, deliveredAt, deliveries, orphans } = this.#page(slot)
      const index = slot & PAGE_MASK
      const owner = owners[index] as Consumer | null
      if (owner === null) continue
      for (let i = 0; i < WORDS; i++) view.setUint32(at + 4 * i, ids[WORDS * index + i] as number, true)
      view.setFloat64(at + 16, deliveredAt[index] as number, true)
      view.setFloat64(at + 24, deliveries[index] as number, true)
      view.setUint32(at + 32, owner.number, true)
      view.setUint16(at + 36, slot - first, true)
      view.setUint16(at + 38, orphans[index] as number, true)
      at += SLOT_BYTES
    }
    return at === 0 ? null : bytes.subarray(0, at)
  }

  /**
   * Takes in a cluster, each after those of a lower number, and adds its slots to `into`. Throws a RangeError when
   * this is none.
   */
  decode(cluster: number, bytes: Uint8Array, ownerOf: (number: number) => Consumer, into: Slot[]): void {
    if (bytes.length % SLOT_BYTES !== 0) throw new RangeError('These are no pending entries')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let owner: Consumer | undefined
    for (let at = 0; at < bytes.length; at += SLOT_BYTES) {
      const slot = (cluster << CLUSTER_BITS) + view.getUint16(at + 36, true)
      while (this.#used < slot) this.#free.push(this.#used++)
      this.#used = slot + 1
      while (slot >> PAGE_BITS >= this.#pages.length) this.#pages.push(newPage())
      const page = this.#page(slot)
      const index = slot & PAGE_MASK
      const number = view.getUint32(at + 32, true)
      if (owner?.number !== number) owner = ownerOf(number)
      for (let i = 0; i < WORDS; i++) page.ids[WORDS * index + i] = view.getUint32(at + 4 * i, true)
      page.deliveredAt[index] = view.getFloat64(at + 16, true)
      page.deliveries[index] = view.getFloat64(at + 24, true)
      page.owners[index] = owner
      page.orphans[index] = view.getUint16(at + 38, true)
      into.push(slot)
    }
  }

  #page(slot: Slot): Page {
    return this.#pages[slot >> PAGE_BITS] as Page
  }
}

const SLOT_BYTES = 40

interface Page {
  /** The words of one id after those of the other. */
  readonly ids: Uint32Array
  readonly owners: (Consumer | null)[]
  readonly deliveredAt: Float64Array
  /** A double, because a claim may set any count up to 2^53 - 1. */
  readonly deliveries: Float64Array
  readonly orphans: Uint8Array
}

function newPage(): Page {
  return {
    ids: new Uint32Array(WORDS * PAGE_SLOTS),
    owners: new Array<Consumer | null>(PAGE_SLOTS).fill(null),
    deliveredAt: new Float64Array(PAGE_SLOTS),
    deliveries: new Float64Array(PAGE_SLOTS),
    orphans: new Uint8Array(PAGE_SLOTS)
  }
}
