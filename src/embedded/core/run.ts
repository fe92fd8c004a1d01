/** Items that a run of a sorted list holds at most. Few enough to move, many enough that runs are few. */
export const RUN_LENGTH = 128

/** Items of a sorted list that stand side by side. */
export interface Run<T> {
  readonly length: number
  at(index: number): T
  /** Adds some items of a list at the end. There must be room for all of them. */
  extend(items: ArrayLike<T>, from: number, to: number): void
  /** There must be room for it. */
  insert(index: number, item: T): void
  remove(index: number): void
  /** Keeps the lower half, and gives the upper one. */
  split(): Run<T>
}

/** A run of anything. */
export class ArrayRun<T> implements Run<T> {
  readonly #items: T[]

  constructor(items: T[] = []) {
    this.#items = items
  }

  get length(): number {
    return this.#items.length
  }

  at(index: number): T {
    return this.#items[index] as T
  }

  extend(items: ArrayLike<T>, from: number, to: number): void {
    for (let at = from; at < to; at++) this.#items.push(items[at] as T)
  }

  insert(index: number, item: T): void {
    if (index === this.#items.length) this.#items.push(item)
    else this.#items.splice(index, 0, item)
  }

  remove(index: number): void {
    this.#items.splice(index, 1)
  }

  split(): ArrayRun<T> {
    return new ArrayRun(this.#items.splice(this.#items.length >> 1))
  }
}

const FIRST_CAPACITY = 8

/**
 * Runs take their room out of slabs of so many: with a million pending entries there are 24,000 of them, and with memory
 * of its own for each, a pending entry took 77 bytes instead of 57.
 */
const SLAB_RUNS = 32
let slab = new Int32Array(0)
let slabUsed = 0

function roomForARun(): Int32Array {
  if (slabUsed === slab.length) {
    slab = new Int32Array(SLAB_RUNS * RUN_LENGTH)
    slabUsed = 0
  }
  const from = slabUsed
  slabUsed += RUN_LENGTH
  return slab.subarray(from, slabUsed)
}

/**
 * A run of integers below 2^31, in four bytes each. The garbage collector has nothing to walk through, and what comes
 * and goes leaves it nothing behind: with a million of them pending, a full collection for every thousand claims.
 */
export class IntegerRun implements Run<number> {
  #items: Int32Array
  #length = 0

  /** Makes room for all that a run can hold at once, if it is likely to. */
  constructor(isLikelyToFill: boolean) {
    this.#items = isLikelyToFill ? roomForARun() : new Int32Array(FIRST_CAPACITY)
  }

  get length(): number {
    return this.#length
  }

  at(index: number): number {
    return this.#items[index] as number
  }

  extend(items: ArrayLike<number>, from: number, to: number): void {
    while (this.#length + to - from > this.#items.length) this.#grow()
    const own = this.#items
    for (let at = from; at < to; at++) own[this.#length++] = items[at] as number
  }

  insert(index: number, item: number): void {
    if (this.#length === this.#items.length) this.#grow()
    const items = this.#items
    // For so few, faster than copyWithin.
    for (let to = this.#length; to > index; to--) items[to] = items[to - 1] as number
    items[index] = item
    this.#length++
  }

  remove(index: number): void {
    const items = this.#items
    this.#length--
    for (let to = index; to < this.#length; to++) items[to] = items[to + 1] as number
  }

  split(): IntegerRun {
    const kept = this.#length >> 1
    const upper = new IntegerRun(true)
    upper.#items.set(this.#items.subarray(kept, this.#length))
    upper.#length = this.#length - kept
    this.#length = kept
    return upper
  }

  #grow(): void {
    const grown = new Int32Array(this.#items.length * 2)
    grown.set(this.#items)
    this.#items = grown
  }
}
