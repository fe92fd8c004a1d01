import { type EntryId, MIN_ID } from '../../../contract/entry-id.ts'
import type { Nack, NackAnswer, NackRequest } from '../../../contract/pending.ts'
import type { ConsumerRef } from '../../../contract/refs.ts'
import { retryDelayMs } from '../../../semantics/delivery-policy.ts'
import { consumerNotFound } from '../../../semantics/refusals.ts'
import type { Change } from '../change.ts'
import { distinct } from '../distinct.ts'
import type { Group } from '../group.ts'
import { isLastDelivery } from '../leases.ts'
import type { PendingState } from '../pending/pending-list.ts'
import type { Streams } from '../streams.ts'
import { Deaths } from './deaths.ts'
import type { Decision } from './decision.ts'

type Nacked = Extract<Change, { kind: 'nacked' }>['nacks'][number]

/** Entries that one step releases. */
const RELEASED_AT_ONCE = 1000

/** Returns a number from 0 to 1, to vary delays. */
export type Random = () => number

export function nackEntries(
  streams: Streams,
  request: NackRequest,
  now: number,
  random: Random
): Decision<NackAnswer> {
  const group = streams.group(request)
  const nacking = new Nacking(group, new Deaths(streams, now), now, random)
  const notPending: EntryId[] = []
  let nacked = 0
  for (const id of distinct(request.ids)) {
    const state = group.pending.get(id)
    if (state === undefined || !isOwnedBy(state, request.consumer)) notPending.push(id)
    else {
      nacking.add(state, request)
      nacked++
    }
  }
  const { deaths } = nacking
  const changes = [...nacking.changes(), ...deaths.changes()]
  return { changes, answer: { nacked, notPending }, ...deaths.members }
}

/** Whether a request that may name a consumer concerns an entry. */
export function isOwnedBy({ owner }: PendingState, consumer: string | undefined): boolean {
  return consumer === undefined || owner?.name === consumer
}

/** The nacks of one group in one decision. The deaths may be those of several groups. */
export class Nacking {
  readonly deaths: Deaths
  readonly #group: Group
  readonly #now: number
  readonly #random: Random
  readonly #nacks: Nacked[] = []

  constructor(group: Group, deaths: Deaths, now: number, random: Random) {
    this.#group = group
    this.deaths = deaths
    this.#now = now
    this.#random = random
  }

  add(state: PendingState, { outcome, delayMs, reason }: Omit<Nack, 'ids'>): void {
    const { id, owner, deliveries } = state
    if (outcome === 'reject' || (outcome === 'retry' && isLastDelivery(this.#group, deliveries))) {
      this.deaths.add(this.#group, state, reason ?? null)
    } else if (outcome === 'release') {
      // The delivery of an entry that is in nobody's hands is over, and stays counted.
      const counted = owner === null ? deliveries : Math.max(0, deliveries - 1)
      this.#nacks.push({ id, dueAt: this.#now, deliveries: counted })
    } else {
      const { policy } = this.#group
      const ms = delayMs ?? (policy === null ? 0 : retryDelayMs(policy, deliveries, this.#random()))
      this.#nacks.push({ id, dueAt: this.#now + ms, deliveries })
    }
  }

  /** The nacks, without the deaths. */
  changes(): Change[] {
    if (this.#nacks.length === 0) return []
    return [{ kind: 'nacked', stream: this.#group.stream.name, group: this.#group.name, nacks: this.#nacks }]
  }
}

/** What one step of a release has done. */
export interface ReleaseStep {
  readonly released: number
  /** Whether the consumer is deleted now. Otherwise it owns more. */
  readonly isDeleted: boolean
}

/**
 * Releases the first entries that a consumer owns, and deletes the consumer if these are all. Throws
 * consumer-not-found.
 */
export function releaseAndDelete(streams: Streams, request: ConsumerRef, now: number): Decision<ReleaseStep> {
  const { stream, group: name, consumer } = request
  const group = streams.group(request)
  const owner = group.consumer(consumer)
  if (owner === undefined) throw consumerNotFound(name, consumer)
  const nacks: Nacked[] = []
  for (const { id, deliveries } of group.pending.ascend(MIN_ID, owner)) {
    if (nacks.length === RELEASED_AT_ONCE) break
    nacks.push({ id, dueAt: now, deliveries: Math.max(0, deliveries - 1) })
  }
  const isDeleted = group.pending.sizeOf(owner) === nacks.length
  const changes: Change[] = []
  if (nacks.length > 0) changes.push({ kind: 'nacked', stream, group: name, nacks })
  if (isDeleted) changes.push({ kind: 'consumerDeleted', stream, group: name, consumer })
  return { changes, answer: { released: nacks.length, isDeleted } }
}
