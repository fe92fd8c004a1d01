import type { StreamEntries } from '../../src/contract/entries.ts'
import { type EntryId, entryId, MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import type { Streams } from '../../src/embedded/core/streams.ts'
import type { Call } from './crash-calls.ts'
import type { Random } from './random.ts'

/** How many of a stream's last ids are remembered. */
const KNOWN_IDS = 300

/**
 * Names and ids for random requests: few names, so that requests affect each other, and ids that exist or once
 * existed.
 */
export class KnownIds {
  readonly random: Random
  readonly #appended = new Map<string, EntryId[]>()
  readonly #delivered = new Map<string, EntryId[]>()

  /** Starts with the ids in `streams`. */
  constructor(random: Random, streams: Streams) {
    this.random = random
    for (const stream of streams.from('')) {
      learn(this.#appended, stream.name, stream.range(MIN_ID, MAX_ID, Number.POSITIVE_INFINITY))
      for (const group of stream.groups.values()) {
        learn(this.#delivered, stream.name, group.pending.ascend(MIN_ID))
      }
    }
  }

  get stream(): string {
    return this.random.oneOf('orders', 'orders', 'orders', 'returns')
  }

  get group(): { stream: string; group: string } {
    return { stream: this.stream, group: this.random.oneOf('billing', 'billing', 'audit') }
  }

  get consumer(): string {
    return this.random.oneOf('ann', 'bob', 'carl')
  }

  /** Usually the id of an entry that exists or existed. */
  id(stream: string): EntryId {
    const ids = this.#appended.get(stream)
    if (ids === undefined || this.random.once(20)) return entryId(this.random.integer(1, 2000), 0)
    return this.random.pick(ids)
  }

  /** Ids of up to `max` entries, most of which were delivered. */
  ids(stream: string, max: number): EntryId[] {
    const delivered = this.#delivered.get(stream)
    return Array.from({ length: this.random.integer(1, max) }, () =>
      delivered === undefined || this.random.once(6) ? this.id(stream) : this.random.pick(delivered)
    )
  }

  /** Remembers the ids of an answer. */
  learn({ name, request }: Call, answer: unknown): void {
    if (name === 'appendEntries') {
      const ids = answer as EntryId[]
      learn(
        this.#appended,
        request.stream,
        ids.map((id) => ({ id }))
      )
    } else if (name === 'readGroups') {
      for (const { stream, entries } of answer as StreamEntries<{ id: EntryId }>[]) {
        learn(this.#delivered, stream, entries)
      }
    }
  }
}

function learn(ids: Map<string, EntryId[]>, stream: string, found: Iterable<{ id: EntryId }>): void {
  const all = ids.get(stream) ?? []
  for (const { id } of found) all.push(id)
  if (all.length > 0) ids.set(stream, all.slice(-KNOWN_IDS))
}
