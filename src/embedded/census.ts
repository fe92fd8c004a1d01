import { EngineError } from '../errors.ts'
import type { Change } from './core/change.ts'
import type { Group } from './core/group.ts'
import type { Stream } from './core/stream.ts'
import type { Streams } from './core/streams.ts'

/** How many there may be in all. */
export interface MostOf {
  readonly streams: number
  readonly groups: number
  readonly consumers: number
}

export const UNBOUNDED: MostOf = {
  streams: Number.POSITIVE_INFINITY,
  groups: Number.POSITIVE_INFINITY,
  consumers: Number.POSITIVE_INFINITY
}

/** Counts streams, groups and consumers in all, so that nobody makes more of them than the server can bear. */
export class Census {
  readonly #streams: Streams
  readonly #most: MostOf
  readonly #counts = { streams: 0, groups: 0, consumers: 0 }

  constructor(streams: Streams, most: MostOf) {
    this.#streams = streams
    this.#most = most
    for (const stream of streams.from('')) {
      this.#counts.streams += 1
      for (const group of stream.groups.values()) {
        this.#counts.groups += 1
        this.#counts.consumers += group.consumers.size
      }
    }
  }

  get counts(): MostOf {
    return { ...this.#counts }
  }

  /** Throws limit-reached when the changes would make something of which there is as much as may be. */
  admit(changes: readonly Change[]): void {
    const { streams, groups, consumers } = this.#most
    const counts = this.#counts
    if (counts.streams < streams && counts.groups < groups && counts.consumers < consumers) return
    for (const change of changes) {
      const made = this.#madeBy(change)
      if (made === undefined || counts[made] < this.#most[made]) continue
      throw new EngineError(
        'limit-reached',
        `There are ${counts[made]} ${made} already, and no more may be made`
      )
    }
  }

  /** A change is applied: this is what it was made to before, and how many consumers its group has now. */
  note(
    { kind }: Change,
    stream: Stream | undefined,
    group: Group | undefined,
    consumersBefore: number
  ): void {
    const counts = this.#counts
    switch (kind) {
      case 'streamCreated':
        counts.streams += 1
        return
      case 'streamDeleted':
        counts.streams -= 1
        for (const { consumers } of stream?.groups.values() ?? []) {
          counts.groups -= 1
          counts.consumers -= consumers.size
        }
        return
      case 'groupSet':
        if (group === undefined) counts.groups += 1
        return
      case 'groupDeleted':
        counts.groups -= 1
        counts.consumers -= consumersBefore
        return
      case 'consumerSeen':
      case 'consumerDeleted':
      case 'delivered':
        counts.consumers += (group?.consumers.size ?? 0) - consumersBefore
    }
  }

  #madeBy(change: Change): keyof MostOf | undefined {
    if (change.kind === 'streamCreated') return 'streams'
    if (change.kind !== 'groupSet' && change.kind !== 'consumerSeen' && change.kind !== 'delivered')
      return undefined
    const group = this.#streams.get(change.stream)?.groups.get(change.group)
    if (change.kind === 'groupSet') return group === undefined ? 'groups' : undefined
    return group?.consumer(change.consumer) === undefined ? 'consumers' : undefined
  }
}
