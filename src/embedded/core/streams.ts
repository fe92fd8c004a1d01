import type { IdRange } from '../../contract/entries.ts'
import type { GroupRef, StreamRef } from '../../contract/refs.ts'
import { groupNotFound, streamNotFound } from '../../semantics/refusals.ts'
import type { Change, OldChange } from './change.ts'
import { Group } from './group.ts'
import { Named } from './named.ts'
import { NO_STORAGE } from './no-storage.ts'
import type { StorageHooks } from './storage-hooks.ts'
import { Stream } from './stream.ts'

/** Blocks removed in one turn of the event loop. Each takes a microsecond or two. */
const BLOCKS_TO_LET_GO = 128

/**
 * All streams: the state that results from the changes in the journal. Only `apply` changes it. `apply`
 * cannot fail, because the decision has checked that the change fits, and it reads no block from the store.
 * Recovery applies the same changes again.
 */
export class Streams {
  readonly #hooks: StorageHooks
  readonly #streams = new Named<Stream>()
  /** Deleted streams that still have blocks in memory. */
  readonly #deleted = new Set<Stream>()
  /** The number of the next stream or group. */
  nextNumber = 1

  constructor(hooks: StorageHooks = NO_STORAGE) {
    this.#hooks = hooks
  }

  /** Adds a stored stream, with its groups. */
  load(stream: Stream): void {
    this.#streams.add(stream)
  }

  get(name: string): Stream | undefined {
    return this.#streams.get(name)
  }

  /** Throws stream-not-found. */
  stream({ stream }: StreamRef): Stream {
    const found = this.#streams.get(stream)
    if (found === undefined) throw streamNotFound(stream)
    return found
  }

  /** Throws stream-not-found, group-not-found. */
  group(ref: GroupRef): Group {
    const found = this.stream(ref).groups.get(ref.group)
    if (found === undefined) throw groupNotFound(ref.stream, ref.group)
    return found
  }

  has(name: string): boolean {
    return this.#streams.has(name)
  }

  /** Streams in the byte order of their names, from a name on. */
  from(name: string): Iterable<Stream> {
    return this.#streams.from(name)
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'streamCreated':
        this.load(new Stream(change.stream, this.nextNumber++, this.#hooks))
        this.#changing(change)
        return
      case 'streamDeleted':
        this.stream(change).markDeleted()
        this.#deleted.add(this.stream(change))
        this.#streams.delete(change.stream)
        return
      case 'streamIdSet': {
        const stream = this.#changing(change)
        stream.setLastId(change.lastId, () => this.nextNumber++)
        stream.entriesAdded = change.entriesAdded
        stream.maxDeletedId = change.maxDeletedId
        this.#capEntriesRead(stream)
        return
      }
      case 'appended': {
        const stream = this.#changing(change)
        stream.append(change.entries)
        for (const group of stream.groups.values()) group.entriesAppended(change.entries)
        return
      }
      case 'entriesDeleted': {
        const stream = this.#changing(change)
        stream.delete(change.ids, change.bytes)
        for (const id of change.ids) this.#entriesRemoved(stream, { from: id, to: id })
        return
      }
      case 'trimmed': {
        const stream = this.#changing(change)
        const from = stream.trimmedThrough + 1n
        stream.trim(change)
        this.#entriesRemoved(stream, { from, to: change.upTo })
        return
      }
      case 'entriesDeletedV1':
        this.apply(completedDeletion(change, this.stream(change)))
        return
      case 'trimmedV1':
        for (let left = change.count; left > 0; ) {
          const trimmed = completedTrim({ ...change, count: left }, this.stream(change))
          this.apply(trimmed)
          left -= trimmed.count
        }
        return
      default:
        this.#applyToGroup(change)
    }
  }

  /** Removes up to `blocks` blocks of deleted streams from memory. Returns false if none is left. */
  letGo(blocks = BLOCKS_TO_LET_GO): boolean {
    for (const stream of this.#deleted) {
      if (!stream.evictSome(blocks)) this.#deleted.delete(stream)
      break
    }
    return this.#deleted.size > 0
  }

  #applyToGroup(change: Exclude<Change, { kind: StreamKind }>): void {
    const stream = this.stream(change)
    if (change.kind === 'groupSet') {
      const existing = stream.groups.get(change.group)
      const group = existing ?? new Group(stream, change.group, this.nextNumber++, this.#hooks)
      if (existing === undefined) stream.groups.add(group)
      this.#hooks.tracker.group(group)
      group.moveTo(change)
      return
    }
    const group = this.group(change)
    // These changes affect consumers and pending entries, not the group's own values.
    if (!OF_CONSUMERS.has(change.kind)) this.#hooks.tracker.group(group)
    switch (change.kind) {
      case 'groupDeleted':
        this.#hooks.tracker.groupDeleted(group)
        stream.groups.delete(change.group)
        return
      case 'consumerSeen':
        group.seeConsumer(change.consumer, change.at)
        return
      case 'consumerDeleted':
        group.deleteConsumer(change.consumer)
        return
      case 'delivered':
        group.deliver(change)
        return
      case 'claimed':
        group.claim(change)
        return
      case 'acked':
        group.ack(change)
        return
      case 'policySet':
        group.setPolicy(change)
        return
      case 'nacked':
        group.nack(change)
        return
      case 'died':
        group.bury(change)
        return
      case 'returned':
        group.returnEntries(change.ids)
        return
      default:
        change satisfies never
    }
  }

  /** No group has read more entries than were appended. */
  #capEntriesRead(stream: Stream): void {
    for (const group of stream.groups.values()) {
      if (group.entriesRead === null || group.entriesRead <= stream.entriesAdded) continue
      this.#hooks.tracker.group(group)
      group.entriesRead = stream.entriesAdded
    }
  }

  /** Returns the stream, and notifies the tracker that its values are about to change. */
  #changing(ref: StreamRef): Stream {
    const stream = this.stream(ref)
    this.#hooks.tracker.stream(stream)
    return stream
  }

  /**
   * Adjusts all groups to the removal of entries: pending ones become orphans, and returned ones are not
   * delivered again.
   */
  #entriesRemoved(stream: Stream, range: IdRange): void {
    for (const group of stream.groups.values()) {
      if (group.returned.size > 0) this.#hooks.tracker.group(group)
      group.entriesRemoved(range)
    }
  }
}

const OF_CONSUMERS: ReadonlySet<Change['kind']> = new Set([
  'acked',
  'died',
  'consumerSeen',
  'consumerDeleted'
])

type StreamKind =
  | 'streamCreated'
  | 'streamDeleted'
  | 'streamIdSet'
  | 'appended'
  | 'entriesDeleted'
  | 'trimmed'
  | OldChange['kind']

/*
 * Old changes, converted to current ones. Both functions read blocks, and throw entry-damaged if a block
 * cannot be read.
 */

function completedDeletion(change: OldChangeOf<'entriesDeletedV1'>, stream: Stream): Change {
  const ids = change.ids.filter((id) => stream.has(id))
  const bytes = ids.map((id) => stream.bytesOf(id) ?? 0)
  return { kind: 'entriesDeleted', stream: stream.name, ids, bytes }
}

/** Returns the first part of the trim. */
function completedTrim(change: OldChangeOf<'trimmedV1'>, stream: Stream): Change & { kind: 'trimmed' } {
  const trim = { maxLength: stream.length - change.count, approximate: false }
  const trimmed = stream.planTrim(trim, [])
  if (trimmed === null)
    throw new RangeError(`Stream "${stream.name}" does not have ${change.count} entries to trim`)
  return { kind: 'trimmed', stream: stream.name, ...trimmed }
}

type OldChangeOf<K extends OldChange['kind']> = Extract<OldChange, { kind: K }>
