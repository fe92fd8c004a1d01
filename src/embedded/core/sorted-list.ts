/** Items in a run before it is cut in two. Small enough to move, large enough that runs are few. */
const RUN_LENGTH = 512

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
  #size = 0
  /** Where the last search ended: a run, and an index in it. No more than a hint, since the list changes. */
  #at = 0
  #index = 0

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
    return this.#runs.at(-1)?.at(-1)
  }

  /** Adds an item that is not there yet. */
  add(item: T): void {
    this.#size++
    const last = this.#runs.at(-1)
    if (last === undefined || this.#compare(last[last.length - 1] as T, item) < 0) {
      if (last !== undefined && last.length < RUN_LENGTH) last.push(item)
      else this.#runs.push([item])
      return
    }
    this.#seek((other) => this.#compare(other, item))
    const run = this.#runs[this.#at] as T[]
    run.splice(this.#index, 0, item)
    if (run.length > RUN_LENGTH) this.#runs.splice(this.#at + 1, 0, run.splice(RUN_LENGTH >> 1))
  }

  /** Removes the item that compares equal; false when there is none. */
  delete(item: T): boolean {
    if (this.find((other) => this.#compare(other, item)) === undefined) return false
    const run = this.#runs[this.#at] as T[]
    if (run.length === 1) this.#runs.splice(this.#at, 1)
    else if (this.#index === 0) run.shift()
    else run.splice(this.#index, 1)
    this.#size--
    return true
  }

  /** Takes in items that are in order already, instead of what there is. */
  fill(items: readonly T[]): void {
    this.clear()
    for (let at = 0; at < items.length; at += RUN_LENGTH) this.#runs.push(items.slice(at, at + RUN_LENGTH))
    this.#size = items.length
  }

  clear(): void {
    this.#runs.length = 0
    this.#size = 0
  }

  find(probe: (item: T) => number): T | undefined {
    this.#seek(probe)
    const item = this.#runs[this.#at]?.[this.#index]
    return item !== undefined && probe(item) === 0 ? item : undefined
  }

  /** The first item at or after a place. */
  atOrAfter(probe: (item: T) => number): T | undefined {
    this.#seek(probe)
    return this.#runs[this.#at]?.[this.#index]
  }

  /** The last item at or before a place. */
  atOrBefore(probe: (item: T) => number): T | undefined {
    this.#seek(probe)
    const item = this.#runs[this.#at]?.[this.#index]
    if (item !== undefined && probe(item) === 0) return item
    return this.#index > 0 ? this.#runs[this.#at]?.[this.#index - 1] : this.#runs[this.#at - 1]?.at(-1)
  }

  /** Items at or after a place, in order. The list must not change meanwhile. */
  *ascend(probe: (item: T) => number = () => 1): Generator<T, undefined> {
    this.#seek(probe)
    let at = this.#at
    let index = this.#index
    for (; at < this.#runs.length; at++, index = 0) {
      const run = this.#runs[at] as T[]
      for (; index < run.length; index++) yield run[index] as T
    }
  }

  /** Items at or before a place, from the highest down. The list must not change meanwhile. */
  *descend(probe: (item: T) => number = () => -1): Generator<T, undefined> {
    const above = (item: T) => (probe(item) > 0 ? 1 : -1)
    let at = this.#runOf(above)
    let index = at < this.#runs.length ? lowerBound(this.#runs[at] as T[], above) - 1 : -1
    for (;;) {
      for (const run = this.#runs[at]; run !== undefined && index >= 0; index--) yield run[index] as T
      if (--at < 0) return
      index = (this.#runs[at] as T[]).length - 1
    }
  }

  /** Ends at the first item that is not before the place, or behind the last run. */
  #seek(probe: (item: T) => number): void {
    if (this.#seekNear(probe)) return
    this.#at = this.#runOf(probe)
    this.#index = this.#at < this.#runs.length ? lowerBound(this.#runs[this.#at] as T[], probe) : 0
  }

  /** The same at the item where the last search ended and at the next one; false when it is neither. */
  #seekNear(probe: (item: T) => number): boolean {
    const run = this.#runs[this.#at]
    if (run === undefined) return false
    const end = Math.min(this.#index + 2, run.length)
    for (let index = this.#index; index < end; index++) {
      const side = probe(run[index] as T)
      if (side < 0) continue
      if (side > 0 && (index === 0 || probe(run[index - 1] as T) >= 0)) return false
      this.#index = index
      return true
    }
    return false
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
      const run = this.#runs[middle] as T[]
      if (probe(run[run.length - 1] as T) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The index of the first item of a run that is not before the place. */
function lowerBound<T>(run: T[], probe: (item: T) => number): number {
  let low = 0
  let high = run.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (probe(run[middle] as T) < 0) low = middle + 1
    else high = middle
  }
  return low
}
