import { compareNames } from '../../semantics/name-order.ts'
import { SortedList } from './sorted-list.ts'

/** So few are put in order when they are listed: most streams have one group, and most groups few consumers. */
const FEW = 64

/** Items by their names, in the byte order of names. A page of a million costs what a page of a hundred does. */
export class Named<T extends { readonly name: string }> {
  readonly #items = new Map<string, T>()
  /** Null as long as they are few. */
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

  /** Adds an item whose name no other one has. */
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

  /** In the order they were added. */
  values(): IterableIterator<T> {
    return this.#items.values()
  }

  /** In the byte order of names, from a name on. Nothing must be added or removed meanwhile. */
  from(name: string): Iterable<T> {
    const isBefore = (item: T) => compareNames(item.name, name)
    if (this.#order !== null) return this.#order.ascend(isBefore)
    return [...this.#items.values()].filter((item) => isBefore(item) >= 0).sort(compareItems)
  }
}

function compareItems(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareNames(a.name, b.name)
}
