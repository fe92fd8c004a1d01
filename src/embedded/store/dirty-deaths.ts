import type { EntryId } from '../../contract/entry-id.ts'
import type { Death } from '../core/dead-entries.ts'
import type { Group } from '../core/group.ts'
import { deadKey } from './keys.ts'
import { encodeDeath } from './values.ts'
import type { Write } from './write.ts'

type Writes = Map<Group, Map<string, Write>>

/**
 * The dead entries that have changed since they were stored. A dead entry never changes, so it is encoded when it
 * dies, and a capture takes what was encoded.
 */
export class DirtyDeaths {
  #changed: Writes = new Map()
  #captured: Writes = new Map()

  get isEmpty(): boolean {
    return this.#changed.size === 0
  }

  /** Null: the entry is dead no more. */
  set(group: Group, id: EntryId, death: Death | null): void {
    const key = deadKey(group.number, id)
    const write = { key, value: death === null ? null : encodeDeath(death) }
    const writes = this.#changed.get(group)
    if (writes === undefined) this.#changed.set(group, new Map([[key.toString('latin1'), write]]))
    else writes.set(key.toString('latin1'), write)
  }

  groupDeleted(group: Group): void {
    this.#changed.delete(group)
  }

  capture(): void {
    this.#captured = this.#changed
    this.#changed = new Map()
  }

  *writes(): Generator<Write, undefined> {
    for (const writes of this.#captured.values()) yield* writes.values()
  }

  saved(): void {
    this.#captured = new Map()
  }

  /** What was captured counts as changed again, unless it has changed since or its group was deleted. */
  failed(isDeleted: (group: Group) => boolean): void {
    for (const [group, captured] of this.#captured) {
      if (isDeleted(group)) continue
      const since = this.#changed.get(group)
      if (since !== undefined) for (const [key, write] of since) captured.set(key, write)
      this.#changed.set(group, captured)
    }
    this.saved()
  }
}
