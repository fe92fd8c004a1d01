import { lowerBound } from './lower-bound.ts'

/** Maximum number of items in a run: few enough to move, and enough to keep the number of runs low. */
const RUN_LENGTH = 128

/**
 * Items in the order of a comparison function, which must distinguish any two items. They are kept in sorted
 * runs. No run is empty, and each run lies below the next, so adding and removing costs the same in a list of
 * millions as in a list of hundreds. Adding at the end is the common case, and leaves full runs.
 *
 * A *probe* compares an item with the position to find: negative if the item lies before it, 0 if at it,
 * positive if after it.
 *
 * Successive searches are mostly close to each other, for example those for a batch of entries. So each
 * search starts where the last one ended, and only then searches the whole list.
 */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number
  readonly #runs: T[][] = []
  /** The last items of all runs in one array, for a search among the runs. */
  readonly #lasts: T[] = []
  #size = 0
  readonly #found: Finger = { at: 0, index: 0 }

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#size
  }

  first(): T | undefined {
    return this.#runs[0]?.[0]
  }

  last(): T | undefined {
    return this.#lasts[this.#lasts.length - 1]
  }

  /** Adds an item that is not in the list. */
  add(item: T): void {
    const last = this.last()
    this.#size++
    if (last === undefined || this.#compare(last, item) < 0) {
      this.#runWithRoom().push(item)
      this.#lasts[this.#runs.length - 1] = item
      return
    }
    const { at, index } = this.#seek((other) => this.#compare(other, item))
    const run = this.#runs[at] as T[]
    if (run.length < RUN_LENGTH) run.splice(index, 0, item)
    else this.#splitAndInsert(at, index, item)
  }

  /** Removes the item that compares equal. Returns false if there is none. */
  delete(item: T): boolean {
    if (this.find((other) => this.#compare(other, item)) === undefined) return false
    const { at, index } = this.#found
    const run = this.#runs[at] as T[]
    if (run.length === 1) {
      this.#runs.splice(at, 1)
      this.#lasts.splice(at, 1)
    } else {
      run.splice(index, 1)
      if (index === run.length) this.#lasts[at] = run[index - 1] as T
    }
    this.#size--
    return true
  }

  clear(): void {
    this.#runs.length = 0
    this.#lasts.length = 0
    this.#size = 0
  }

  find(probe: (item: T) => number): T | undefined {
    const item = this.atOrAfter(probe)
    return item !== undefined && probe(item) === 0 ? item : undefined
  }

  /** Returns the first item at or after a position. */
  atOrAfter(probe: (item: T) => number): T | undefined {
    const { at, index } = this.#seek(probe)
    return this.#runs[at]?.[index]
  }

  /** Returns the last item at or before a position. */
  atOrBefore(probe: (item: T) => number): T | undefined {
    const { at, index } = this.#seek(probe)
    const item = this.#runs[at]?.[index]
    if (item !== undefined && probe(item) === 0) return item
    return index > 0 ? this.#runs[at]?.[index - 1] : this.#lasts[at - 1]
  }

  /** Yields the items at or after a position, in order. The list must not change during the iteration. */
  *ascend(probe: (item: T) => number = () => 1): Generator<T, undefined> {
    let { at, index } = this.#seek(probe)
    for (; at < this.#runs.length; at++, index = 0) {
      const run = this.#runs[at] as T[]
      for (; index < run.length; index++) yield run[index] as T
    }
  }

  /** Returns the last run, or a new one if that is full. */
  #runWithRoom(): T[] {
    const last = this.#runs[this.#runs.length - 1]
    if (last !== undefined && last.length < RUN_LENGTH) return last
    const run: T[] = []
    this.#runs.push(run)
    return run
  }

  /** Adds an item to a full run, before its last item. */
  #splitAndInsert(at: number, index: number, item: T): void {
    const lower = this.#runs[at] as T[]
    const upper = lower.splice(lower.length >> 1)
    this.#runs.splice(at + 1, 0, upper)
    this.#lasts.splice(at, 0, lower[lower.length - 1] as T)
    if (index < lower.length) lower.splice(index, 0, item)
    else upper.splice(index - lower.length, 0, item)
  }

  /** Moves the finger to the first item at or after the position, or to the end of the list. */
  #seek(probe: (item: T) => number): Finger {
    const found = this.#found
    if (this.#seekNear(probe, found)) return found
    if (!this.#isWithin(found.at, probe)) found.at = this.#runOf(probe)
    const run = this.#runs[found.at]
    found.index = run === undefined ? 0 : indexIn(run, probe)
    return found
  }

  /** Tries the item at the finger and the next one. Returns false if it is neither. */
  #seekNear(probe: (item: T) => number, finger: Finger): boolean {
    const run = this.#runs[finger.at]
    if (run === undefined) return false
    const end = Math.min(finger.index + 2, run.length)
    for (let index = finger.index; index < end; index++) {
      const side = probe(run[index] as T)
      if (side < 0) continue
      const before = index > 0 ? run[index - 1] : this.#lasts[finger.at - 1]
      if (side > 0 && before !== undefined && probe(before) >= 0) return false
      finger.index = index
      return true
    }
    return false
  }

  /** Whether a position is between the first and the last item of a run. */
  #isWithin(at: number, probe: (item: T) => number): boolean {
    const run = this.#runs[at]
    return run !== undefined && probe(run[0] as T) <= 0 && probe(this.#lasts[at] as T) >= 0
  }

  /**
   * Returns the first run whose last item is not before the position; the number of runs if there is none.
   */
  #runOf(probe: (item: T) => number): number {
    const last = this.last()
    // New items mostly come after all others.
    if (last === undefined || probe(last) < 0) return this.#runs.length
    return indexIn(this.#lasts, probe)
  }
}

/**
 * Where a search ended: a run, and an index in it. It is only a hint for the next search, because the list
 * changes.
 */
interface Finger {
  at: number
  index: number
}

/** Returns the index of the first item that is not before the position. */
function indexIn<T>(items: readonly T[], probe: (item: T) => number): number {
  return lowerBound(0, items.length, (index) => probe(items[index] as T))
}
