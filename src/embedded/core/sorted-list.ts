import { lowerBound } from './lower-bound.ts'

/** Items that a run holds at most. Few enough to move, many enough that runs are few. */
const RUN_LENGTH = 128

/**
 * Items in the order of a comparison, which must tell any two of them apart. Kept as sorted runs, each non-empty and
 * each below the next, so that adding and removing anywhere costs the same among millions as among hundreds. Adding at
 * the end, the common case, leaves full runs behind.
 *
 * A *probe* says where an item lies seen from a place: below 0 before it, 0 at it, above 0 after it.
 *
 * Places that are asked for one after the other mostly are neighbours, as those of a batch of entries are. So each
 * search looks first where the last one ended, and only then everywhere.
 */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number
  readonly #runs: T[][] = []
  /** The last item of each run, side by side: what a search among all of them looks at. */
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

  /** Adds an item that is not there yet. */
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

  /** Removes the item that compares equal; false when there is none. */
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

  /** The first item at or after a place. */
  atOrAfter(probe: (item: T) => number): T | undefined {
    const { at, index } = this.#seek(probe)
    return this.#runs[at]?.[index]
  }

  /** The last item at or before a place. */
  atOrBefore(probe: (item: T) => number): T | undefined {
    const { at, index } = this.#seek(probe)
    const item = this.#runs[at]?.[index]
    if (item !== undefined && probe(item) === 0) return item
    return index > 0 ? this.#runs[at]?.[index - 1] : this.#lasts[at - 1]
  }

  /** Items at or after a place, in order. The list must not change meanwhile. */
  *ascend(probe: (item: T) => number = () => 1): Generator<T, undefined> {
    let { at, index } = this.#seek(probe)
    for (; at < this.#runs.length; at++, index = 0) {
      const run = this.#runs[at] as T[]
      for (; index < run.length; index++) yield run[index] as T
    }
  }

  /** The last run, or another one behind it when that is full. */
  #runWithRoom(): T[] {
    const last = this.#runs[this.#runs.length - 1]
    if (last !== undefined && last.length < RUN_LENGTH) return last
    const run: T[] = []
    this.#runs.push(run)
    return run
  }

  /** Adds an item that is not the last one to a run that is full. */
  #splitAndInsert(at: number, index: number, item: T): void {
    const lower = this.#runs[at] as T[]
    const upper = lower.splice(lower.length >> 1)
    this.#runs.splice(at + 1, 0, upper)
    this.#lasts.splice(at, 0, lower[lower.length - 1] as T)
    if (index < lower.length) lower.splice(index, 0, item)
    else upper.splice(index - lower.length, 0, item)
  }

  /** Puts a finger at the first item that is not before the place, or behind the last run. */
  #seek(probe: (item: T) => number): Finger {
    const found = this.#found
    if (this.#seekNear(probe, found)) return found
    if (!this.#isWithin(found.at, probe)) found.at = this.#runOf(probe)
    const run = this.#runs[found.at]
    found.index = run === undefined ? 0 : indexIn(run, probe)
    return found
  }

  /** The same at the item where the finger is and at the next one; false when it is neither. */
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

  /** Whether a place is at or after the first item of a run and at or before its last one. */
  #isWithin(at: number, probe: (item: T) => number): boolean {
    const run = this.#runs[at]
    return run !== undefined && probe(run[0] as T) <= 0 && probe(this.#lasts[at] as T) >= 0
  }

  /** The first run whose last item is not before the place; the number of runs when there is none. */
  #runOf(probe: (item: T) => number): number {
    const last = this.last()
    // What is new mostly comes behind everything else.
    if (last === undefined || probe(last) < 0) return this.#runs.length
    return indexIn(this.#lasts, probe)
  }
}

/** Where a search ended: a run, and an index in it. No more than a hint for the next one, since the list changes. */
interface Finger {
  at: number
  index: number
}

/** The index of the first item that is not before the place. */
function indexIn<T>(items: readonly T[], probe: (item: T) => number): number {
  return lowerBound(0, items.length, (index) => probe(items[index] as T))
}
