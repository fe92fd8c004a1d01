/** Items in a run before it is cut in two. Small enough to move, large enough that runs are few. */
const RUN_LENGTH = 512

/**
 * Items in the order of a comparison, which must tell any two of them apart. Kept as sorted runs, each non-empty and
 * each below the next, so that adding and removing anywhere costs the same among millions as among hundreds. Adding at
 * the end, the common case, leaves full runs behind.
 *
 * A *probe* says where an item lies seen from a place: below 0 before it, 0 at it, above 0 after it.
 */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number
  readonly #runs: T[][] = []
  #size = 0

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
    const probe = (other: T) => this.#compare(other, item)
    const at = this.#runOf(probe)
    const run = this.#runs[at] as T[]
    run.splice(lowerBound(run, probe), 0, item)
    if (run.length > RUN_LENGTH) this.#runs.splice(at + 1, 0, run.splice(RUN_LENGTH >> 1))
  }

  /** Removes the item that compares equal; false when there is none. */
  delete(item: T): boolean {
    const probe = (other: T) => this.#compare(other, item)
    const at = this.#runOf(probe)
    const run = this.#runs[at]
    if (run === undefined) return false
    const index = lowerBound(run, probe)
    if (index === run.length || probe(run[index] as T) !== 0) return false
    if (run.length === 1) this.#runs.splice(at, 1)
    else if (index === 0) run.shift()
    else run.splice(index, 1)
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
    const run = this.#runs[this.#runOf(probe)]
    const item = run?.[lowerBound(run, probe)]
    return item !== undefined && probe(item) === 0 ? item : undefined
  }

  /** Items at or after a place, in order. The list must not change meanwhile. */
  *ascend(probe: (item: T) => number = () => 1): Generator<T, undefined> {
    let at = this.#runOf(probe)
    let index = at < this.#runs.length ? lowerBound(this.#runs[at] as T[], probe) : 0
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

  /** The first run whose last item is not before the place; the number of runs when there is none. */
  #runOf(probe: (item: T) => number): number {
    let low = 0
    let high = this.#runs.length
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
