import { compareNames } from '../../semantics/name-order.ts'
import { SortedList } from './sorted-list.ts'

/**
 * Up to this number, items are sorted when they are listed. Most streams have one group, and most groups have
 * few consumers.
 */
const FEW = 64

/**
 * Items by their names, in the byte order of names. A page from a million items costs as much as a page
 * from a hundred.
 */
export class Named<T extends { readonly name: string }> {
  readonly #items = new Map<string, T>()
  /** Null as long as there are few items. */
  #order: SortedList<T> | null = null

  get size(): number {
    return this.#items.size
  }

  get(name: string): T | undefined {
    return this.#items.get(name)
  }

  has(name: string): boolean {
    return this.#items.has(name)
  }

  /** Adds an item. Its name must be unique. */
  add(item: T): void {
    this.#items.set(item.name, item)
    if (this.#order !== null) {
      this.#order.add(item)
    } else if (this.#items.size > FEW) {
      const order = new SortedList<T>(compareItems)
      for (const each of [...this.#items.values()].sort(compareItems)) order.add(each)
      this.#order = order
    }
  }

  delete(name: string): void {
    const item = this.#items.get(name)
    if (item === undefined) return
    this.#items.delete(name)
    this.#order?.delete(item)
  }

  /** Items in the order in which they were added. */
  values(): IterableIterator<T> {
    return this.#items.values()
  }

  /**
   * Items in the byte order of their names, from a name on. The items must not change during the iteration.
   */
  from(name: string): Iterable<T> {
    const isBefore = (item: T) => compareNames(item.name, name)
    if (this.#order !== null) return this.#order.ascend(isBefore)
    return [...this.#items.values()].filter((item) => isBefore(item) >= 0).sort(compareItems)
  }
}

function compareItems(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareNames(a.name, b.name)
}
