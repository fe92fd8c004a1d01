import { ArrayRun, RUN_LENGTH, type Run } from './run.ts'

/**
 * Items in the order of a comparison, which must tell any two of them apart. Kept as sorted runs, each non-empty and
 * each below the next, so that adding and removing anywhere costs the same among millions as among hundreds. Adding at
 * the end, the common case, leaves full runs behind.
 *
 * A *probe* says where an item lies seen from a place: below 0 before it, 0 at it, above 0 after it.
 *
 * Places that are asked for one after the other mostly are neighbours, as those of a batch of entries are. So each
 * search looks first where the last one ended, and only then everywhere. Adding has a finger of its own: what moves from
 * one end of a list to the other is taken out in one place and put in in another, in turns.
 */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number
  readonly #newRun: (isLikelyToFill: boolean) => Run<T>
  readonly #runs: Run<T>[] = []
  /** The last item of each run, side by side: what a search among all of them looks at. */
  readonly #lasts: T[] = []
  #size = 0
  readonly #found: Finger = { at: 0, index: 0 }
  readonly #added: Finger = { at: 0, index: 0 }

  /** `newRun` makes an empty run for items of a kind of their own. */
  constructor(
    compare: (a: T, b: T) => number,
    newRun: (isLikelyToFill: boolean) => Run<T> = () => new ArrayRun<T>()
  ) {
    this.#compare = compare
    this.#newRun = newRun
  }

  get size(): number {
    return this.#size
  }

  first(): T | undefined {
    return this.#runs[0]?.at(0)
  }

  last(): T | undefined {
    return this.#lasts[this.#lasts.length - 1]
  }

  /** Adds an item that is not there yet. */
  add(item: T): void {
    const last = this.last()
    this.#size++
    if (last === undefined || this.#compare(last, item) < 0) {
      const run = this.#runWithRoom()
      run.insert(run.length, item)
      this.#lasts[this.#runs.length - 1] = item
      return
    }
    const { at, index } = this.#seek((other) => this.#compare(other, item), this.#added)
    const run = this.#runs[at] as Run<T>
    if (run.length < RUN_LENGTH) run.insert(index, item)
    else this.#splitAndInsert(at, index, item)
  }

  /** Adds items that are in order and lie behind all others. Gives false, and adds none, when they do not. */
  extend(items: ArrayLike<T>): boolean {
    let last = this.last()
    for (let at = 0; at < items.length; at++) {
      const item = items[at] as T
      if (last !== undefined && this.#compare(last, item) >= 0) return false
      last = item
    }
    for (let at = 0, end = 0; at < items.length; at = end) {
      const run = this.#runWithRoom()
      end = Math.min(items.length, at + RUN_LENGTH - run.length)
      run.extend(items, at, end)
      this.#lasts[this.#runs.length - 1] = items[end - 1] as T
    }
    this.#size += items.length
    return true
  }

  /** Adds items that are not there yet, in whatever order they come. */
  addAll(items: readonly T[]): void {
    if (items.length * FEW < this.#size) {
      for (const item of items) this.add(item)
      return
    }
    // Stretches that are in order cost a sort no more than to go through them.
    const all = [...this.ascend(), ...items].sort(this.#compare)
    this.clear()
    this.extend(all)
  }

  /** Removes the item that compares equal; false when there is none. */
  delete(item: T): boolean {
    if (this.find((other) => this.#compare(other, item)) === undefined) return false
    const { at, index } = this.#found
    const run = this.#runs[at] as Run<T>
    if (run.length === 1) {
      this.#runs.splice(at, 1)
      this.#lasts.splice(at, 1)
    } else {
      run.remove(index)
      if (index === run.length) this.#lasts[at] = run.at(index - 1)
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
    const { at, index } = this.#seek(probe, this.#found)
    return this.#runs[at]?.at(index)
  }

  /** The last item at or before a place. */
  atOrBefore(probe: (item: T) => number): T | undefined {
    const { at, index } = this.#seek(probe, this.#found)
    const item = this.#runs[at]?.at(index)
    if (item !== undefined && probe(item) === 0) return item
    return index > 0 ? this.#runs[at]?.at(index - 1) : this.#lasts[at - 1]
  }

  /** Items at or after a place, in order. The list must not change meanwhile. */
  *ascend(probe: (item: T) => number = () => 1): Generator<T, undefined> {
    let { at, index } = this.#seek(probe, this.#found)
    for (; at < this.#runs.length; at++, index = 0) {
      const run = this.#runs[at] as Run<T>
      for (; index < run.length; index++) yield run.at(index)
    }
  }

  /** Items at or before a place, from the highest down. The list must not change meanwhile. */
  *descend(probe: (item: T) => number = () => -1): Generator<T, undefined> {
    const above = (item: T) => (probe(item) > 0 ? 1 : -1)
    let at = this.#runOf(above)
    let index = at < this.#runs.length ? lowerBound(this.#runs[at] as Run<T>, above) - 1 : -1
    for (;;) {
      for (const run = this.#runs[at]; run !== undefined && index >= 0; index--) yield run.at(index)
      if (--at < 0) return
      index = (this.#runs[at] as Run<T>).length - 1
    }
  }

  /** The last run, or another one behind it when that is full. */
  #runWithRoom(): Run<T> {
    const last = this.#runs[this.#runs.length - 1]
    if (last !== undefined && last.length < RUN_LENGTH) return last
    const run = this.#newRun(last !== undefined)
    this.#runs.push(run)
    return run
  }

  /** Adds an item that is not the last one to a run that is full. */
  #splitAndInsert(at: number, index: number, item: T): void {
    const lower = this.#runs[at] as Run<T>
    const upper = lower.split()
    this.#runs.splice(at + 1, 0, upper)
    this.#lasts.splice(at, 0, lower.at(lower.length - 1))
    if (index < lower.length) lower.insert(index, item)
    else upper.insert(index - lower.length, item)
  }

  /** Puts a finger at the first item that is not before the place, or behind the last run. */
  #seek(probe: (item: T) => number, finger: Finger): Finger {
    if (this.#seekNear(probe, finger)) return finger
    if (!this.#isWithin(finger.at, probe)) finger.at = this.#runOf(probe)
    const run = this.#runs[finger.at]
    finger.index = run === undefined ? 0 : lowerBound(run, probe)
    return finger
  }

  /** The same at the item where the finger is and at the next one; false when it is neither. */
  #seekNear(probe: (item: T) => number, finger: Finger): boolean {
    const run = this.#runs[finger.at]
    if (run === undefined) return false
    const end = Math.min(finger.index + 2, run.length)
    for (let index = finger.index; index < end; index++) {
      const side = probe(run.at(index))
      if (side < 0) continue
      const before = index > 0 ? run.at(index - 1) : this.#lasts[finger.at - 1]
      if (side > 0 && before !== undefined && probe(before) >= 0) return false
      finger.index = index
      return true
    }
    return false
  }

  /** Whether a place is at or after the first item of a run and at or before its last one. */
  #isWithin(at: number, probe: (item: T) => number): boolean {
    const run = this.#runs[at]
    return run !== undefined && probe(run.at(0)) <= 0 && probe(this.#lasts[at] as T) >= 0
  }

  /** The first run whose last item is not before the place; the number of runs when there is none. */
  #runOf(probe: (item: T) => number): number {
    const last = this.last()
    // What is new mostly comes behind everything else.
    if (last === undefined || probe(last) < 0) return this.#runs.length
    let low = 0
    let high = this.#runs.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (probe(this.#lasts[middle] as T) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** One in so many is added by itself: to look for its place takes as long as to go through so many others. */
const FEW = 16

/** Where a search ended: a run, and an index in it. No more than a hint for the next one, since the list changes. */
interface Finger {
  at: number
  index: number
}

/** The index of the first item of a run that is not before the place. */
function lowerBound<T>(run: Run<T>, probe: (item: T) => number): number {
  let low = 0
  let high = run.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (probe(run.at(middle)) < 0) low = middle + 1
    else high = middle
  }
  return low
}
