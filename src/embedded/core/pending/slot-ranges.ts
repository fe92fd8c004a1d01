import type { Slot } from './slot.ts'

/** Ranges that a run holds at most. Few enough to move, many enough that runs are few. */
export const RUN_RANGES = 64

const FIRST_CAPACITY = 4

/**
 * Runs take their room out of slabs of so many: with memory of its own for each, what comes with an array costs more
 * than a tenth of what is in it.
 */
const SLAB_RUNS = 32
let slab = new Int32Array(0)
let slabUsed = 0

function roomForARun(): Int32Array {
  if (slabUsed === slab.length) {
    slab = new Int32Array(SLAB_RUNS * 2 * RUN_RANGES)
    slabUsed = 0
  }
  const from = slabUsed
  slabUsed += 2 * RUN_RANGES
  return slab.subarray(from, slabUsed)
}

/**
 * Ranges side by side, each a first and a last slot with all that are between them. Integers in flat arrays: the
 * garbage collector has nothing to walk through, and what comes and goes leaves it nothing behind.
 */
export class SlotRangeRun {
  /** First and last, in turns. */
  #bounds: Int32Array
  #count = 0

  /** Makes room for all that a run can hold at once, if it is likely to. */
  constructor(isLikelyToFill: boolean) {
    this.#bounds = isLikelyToFill ? roomForARun() : new Int32Array(2 * FIRST_CAPACITY)
  }

  /** Of ranges. */
  get count(): number {
    return this.#count
  }

  first(slotRange: number): Slot {
    return this.#bounds[2 * slotRange] as Slot
  }

  last(slotRange: number): Slot {
    return this.#bounds[2 * slotRange + 1] as Slot
  }

  setFirst(slotRange: number, slot: Slot): void {
    this.#bounds[2 * slotRange] = slot
  }

  setLast(slotRange: number, slot: Slot): void {
    this.#bounds[2 * slotRange + 1] = slot
  }

  /** The range that has a slot; -1 when none has. */
  indexOf(slot: Slot): number {
    const bounds = this.#bounds
    for (let at = 0; at < 2 * this.#count; at += 2)
      if ((bounds[at] as Slot) <= slot && slot <= (bounds[at + 1] as Slot)) return at >> 1
    return -1
  }

  /** There must be room for it. */
  insert(slotRange: number, first: Slot, last: Slot): void {
    if (2 * this.#count === this.#bounds.length) this.#grow()
    const bounds = this.#bounds
    const from = 2 * slotRange
    // For so few, faster than copyWithin.
    for (let to = 2 * this.#count + 1; to > from + 1; to--) bounds[to] = bounds[to - 2] as number
    bounds[from] = first
    bounds[from + 1] = last
    this.#count++
  }

  remove(slotRange: number): void {
    const bounds = this.#bounds
    this.#count--
    for (let to = 2 * slotRange; to < 2 * this.#count; to++) bounds[to] = bounds[to + 2] as number
  }

  /** Keeps the lower half, and gives the upper one. */
  split(): SlotRangeRun {
    const kept = this.#count >> 1
    const upper = new SlotRangeRun(true)
    upper.#bounds.set(this.#bounds.subarray(2 * kept, 2 * this.#count))
    upper.#count = this.#count - kept
    this.#count = kept
    return upper
  }

  #grow(): void {
    const grown = new Int32Array(this.#bounds.length * 2)
    grown.set(this.#bounds)
    this.#bounds = grown
  }
}
