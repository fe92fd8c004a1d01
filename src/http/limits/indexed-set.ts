/**
 * A small set of what comes and goes quickly, such as requests in flight. A `Set` makes a new table after every few that
 * come. Once one of its tables is old, V8 makes the next among the old objects as well, where each keeps alive what was
 * in it in the end, until all old objects are collected: that was 2.6 kB of every request, and three quarters of what
 * collecting the young ones took.
 */
export class IndexedSet<T extends object> {
  readonly #items: (T | null)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#items.length - this.#free.length
  }

  /** Gives the place that the item has from now on, for whoever wants to delete it among many. */
  add(item: T): number {
    const index = this.#free.pop() ?? this.#items.length
    this.#items[index] = item
    return index
  }

  /** False when it is not there. Without its place, it is looked for among all. */
  delete(item: T, index = this.#items.indexOf(item)): boolean {
    if (this.#items[index] !== item) return false
    this.#items[index] = null
    this.#free.push(index)
    return true
  }

  /** Leaves nothing in it, and gives what was there. */
  clear(): T[] {
    const items = [...this]
    this.#items.length = 0
    this.#free.length = 0
    return items
  }

  *[Symbol.iterator](): Generator<T, undefined> {
    for (const item of this.#items) if (item !== null) yield item
  }
}
