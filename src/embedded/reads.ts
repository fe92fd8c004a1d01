import { EngineError } from '../contract/errors.ts'
import { Group } from './core/group.ts'
import type { Streams } from './core/streams.ts'
import type { Place } from './core/wait-queues.ts'
import { GroupReads, type GroupReadsParts } from './group-reads.ts'
import type { LongPolls } from './long-polls.ts'
import type { Changed } from './quotas.ts'
import { StreamReads } from './stream-reads.ts'

/** All reads that may wait, and the changes that wake them. */
export class Reads {
  readonly streams: StreamReads
  readonly groups: GroupReads
  readonly #longPolls: LongPolls

  constructor(streams: Streams, parts: GroupReadsParts) {
    this.streams = new StreamReads(streams, parts)
    this.groups = new GroupReads(streams, parts)
    this.#longPolls = parts.longPolls
  }

  /** Wakes readers after a change. */
  notify({ change, stream, group }: Changed): void {
    this.groups.wakeAtLimit()
    switch (change.kind) {
      case 'appended':
        this.#longPolls.wake(stream)
        for (const reader of stream.groups.values()) this.#longPolls.wake(reader)
        return
      case 'streamDeleted':
        for (const place of [stream, ...stream.groups.values()]) {
          this.#refuse(place, 'stream-not-found', `Stream "${stream.name}" was deleted`)
        }
        return
      case 'groupDeleted':
        this.#refuse(group, 'group-not-found', `Group "${change.group}" was deleted`)
        return
      case 'groupSet':
      case 'returned':
      case 'policySet':
      case 'nacked':
        if (group !== undefined) this.#longPolls.wake(group)
        return
      case 'delivered':
        if (group !== undefined) this.#longPolls.watch(group)
        return
      case 'claimed':
        if (group === undefined) return
        // A claim may set a delivery time at which the entry is due already.
        if (group.policy === null) this.#longPolls.watch(group)
        else this.#longPolls.wake(group)
        return
      case 'acked':
      case 'died':
      case 'consumerDeleted':
        // There may be room for new entries now.
        if (group !== undefined && limitsPending(group)) this.#longPolls.wake(group)
        return
      // No reader waits for these changes.
      case 'streamCreated':
      case 'streamIdSet':
      case 'entriesDeleted':
      case 'entriesDeletedV1':
      case 'trimmed':
      case 'trimmedV1':
      case 'consumerSeen':
        return
      default:
        change satisfies never
    }
  }

  #refuse(place: Place | undefined, code: 'stream-not-found' | 'group-not-found', message: string): void {
    if (place instanceof Group) this.groups.forget(place)
    if (place !== undefined) this.#longPolls.refuse(place, new EngineError(code, message))
  }
}

function limitsPending({ policy }: Group): boolean {
  return policy?.maxPending !== undefined || policy?.maxPendingPerConsumer !== undefined
}
