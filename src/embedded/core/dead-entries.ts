import { compareIds, type EntryId, formatId } from '../../contract/entry-id.ts'
import { SortedList } from './sorted-list.ts'

/** An entry that is delivered to nobody any more. Its fields are in the stream. */
export interface Death {
  readonly id: EntryId
  readonly deliveries: number
  /** The name of the consumer that had it last; null if it was in nobody's hands. */
  readonly consumer: string | null
  /** Null if the worker gave none. */
  readonly reason: string | null
  /** Milliseconds since the epoch. */
  readonly deadAt: number
}

/** The dead entries of a group. */
export class DeadEntries {
  readonly #deaths = new Map<string, Death>()
  readonly #ids = new SortedList<EntryId>(compareIds)

  get size(): number {
    return this.#ids.size
  }

  get(id: EntryId): Death | undefined {
    return this.size === 0 ? undefined : this.#deaths.get(formatId(id))
  }

  has(id: EntryId): boolean {
    return this.get(id) !== undefined
  }

  /** Adds an entry, or replaces it. */
  set(death: Death): void {
    const key = formatId(death.id)
    if (!this.#deaths.has(key)) this.#ids.add(death.id)
    this.#deaths.set(key, death)
  }

  delete(id: EntryId): void {
    if (this.#deaths.delete(formatId(id))) this.#ids.delete(id)
  }

  /** In the order of their ids, from an id on. Must not change meanwhile. */
  *from(id: EntryId): Generator<Death, undefined> {
    for (const each of this.#ids.ascend((other) => compareIds(other, id))) {
      yield this.#deaths.get(formatId(each)) as Death
    }
  }
}
