/**
 * A small set of short-lived items, such as requests in flight. A `Set` allocates a new table after every few
 * additions. Once one of its tables is in the old generation, V8 allocates the next ones there as well. Each
 * of them keeps its last items alive until the next major collection. That cost 2.6 kB per request, and three
 * quarters of the time of minor collections.
 */
export class IndexedSet<T extends object> {
  readonly #items: (T | null)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#items.length - this.#free.length
  }

  /** Returns the index of the item, which makes it fast to delete. */
  add(item: T): number {
    const index = this.#free.pop() ?? this.#items.length
    this.#items[index] = item
    return index
  }

  /** Returns false if the item is not in the set. Without its index, searches all items. */
  delete(item: T, index = this.#items.indexOf(item)): boolean {
    if (this.#items[index] !== item) return false
    this.#items[index] = null
    this.#free.push(index)
    return true
  }

  /** Removes all items, and returns them. */
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
