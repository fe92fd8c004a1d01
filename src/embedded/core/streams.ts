import type { GroupRef, IdRange, StreamRef } from '../../engine.ts'
import { EngineError } from '../../errors.ts'
import type { Change } from './change.ts'
import { Group } from './group.ts'
import { compareNames } from './name-order.ts'
import { SortedList } from './sorted-list.ts'
import { Stream } from './stream.ts'

/**
 * All streams: the state that the journal's changes add up to. `apply` alone alters it and cannot fail, since whoever
 * decided a change has looked that it fits; recovery applies the same changes again.
 */
export class Streams {
  readonly #streams = new Map<string, Stream>()
  readonly #names = new SortedList<string>(compareNames)

  get(name: string): Stream | undefined {
    return this.#streams.get(name)
  }

  /** Throws stream-not-found. */
  stream({ stream }: StreamRef): Stream {
    const found = this.#streams.get(stream)
    if (found === undefined) throw new EngineError('stream-not-found', `There is no stream "${stream}"`)
    return found
  }

  /** Throws stream-not-found, group-not-found. */
  group(ref: GroupRef): Group {
    const found = this.stream(ref).groups.get(ref.group)
    if (found === undefined) {
      throw new EngineError('group-not-found', `Stream "${ref.stream}" has no group "${ref.group}"`)
    }
    return found
  }

  has(name: string): boolean {
    return this.#streams.has(name)
  }

  /** Streams in the byte order of their names, from a name on. */
  *from(name: string): Generator<Stream, undefined> {
    for (const found of this.#names.ascend((other) => compareNames(other, name))) {
      yield this.stream({ stream: found })
    }
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'streamCreated':
        this.#streams.set(change.stream, new Stream(change.stream))
        this.#names.add(change.stream)
        return
      case 'streamDeleted':
        this.#streams.delete(change.stream)
        this.#names.delete(change.stream)
        return
      case 'streamIdSet': {
        const stream = this.stream(change)
        stream.lastId = change.lastId
        stream.entriesAdded = change.entriesAdded
        stream.maxDeletedId = change.maxDeletedId
        return
      }
      case 'appended':
        this.stream(change).append(change.entries)
        return
      case 'entriesDeleted': {
        const stream = this.stream(change)
        stream.delete(change.ids)
        for (const id of change.ids) forget(stream, { from: id, to: id })
        return
      }
      case 'trimmed': {
        const stream = this.stream(change)
        forget(stream, stream.trim(change.count))
        return
      }
      default:
        this.#applyToGroup(change)
    }
  }

  #applyToGroup(change: Exclude<Change, { kind: StreamKind }>): void {
    const stream = this.stream(change)
    if (change.kind === 'groupSet') {
      const group = stream.groups.get(change.group) ?? new Group(stream, change.group)
      stream.groups.set(change.group, group)
      group.moveTo(change)
      return
    }
    const group = this.group(change)
    switch (change.kind) {
      case 'groupDeleted':
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
        for (const id of change.ids) group.pending.delete(id)
        return
      case 'returned':
        group.takeBack(change.ids)
        return
      default:
        change satisfies never
    }
  }
}

type StreamKind =
  | 'streamCreated'
  | 'streamDeleted'
  | 'streamIdSet'
  | 'appended'
  | 'entriesDeleted'
  | 'trimmed'

/** Entries of this range are gone: what is pending of them has no entry, and nothing of them is to be delivered. */
function forget(stream: Stream, range: IdRange): void {
  for (const group of stream.groups.values()) group.forget(range)
}
