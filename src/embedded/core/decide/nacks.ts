import { EXTEND_AT_ONCE } from '../../../contract/delivery-policy.ts'
import { type EntryId, formatId, MIN_ID } from '../../../contract/entry-id.ts'
import type { ExtendAnswer, ExtendRequest, Nack, NackAnswer, NackRequest } from '../../../contract/pending.ts'
import type { ConsumerRef } from '../../../contract/refs.ts'
import { retryDelayMs } from '../../../semantics/delivery-policy.ts'
import { consumerNotFound } from '../../../semantics/refusals.ts'
import type { Change } from '../change.ts'
import type { Consumer } from '../consumer.ts'
import { distinct } from '../distinct.ts'
import type { Group } from '../group.ts'
import { isLastDelivery, leaseEnd } from '../leases.ts'
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

/** Without ids, at most so many entries of other consumers are passed over. */
const MAX_EXAMINED = 10_000
/** An entry whose time started anew less than this before counts as extended. */
const LATELY_MS = 1000

export function extendEntries(streams: Streams, request: ExtendRequest, now: number): Decision<ExtendAnswer> {
  const group = streams.group(request)
  const consumer = group.consumer(request.consumer)
  const endsAt = leaseEnd(group, now)
  const ackBeforeMs = endsAt === null ? null : endsAt - now
  if (consumer === undefined) {
    const notPending = [...distinct(request.ids ?? [])]
    return { changes: [], answer: { extended: 0, notPending, ackBeforeMs } }
  }
  const states: PendingState[] = []
  const notPending: EntryId[] = []
  for (const id of distinct(request.ids ?? [])) {
    const state = group.pending.get(id)
    if (state !== undefined && state.owner === consumer) states.push(state)
    else notPending.push(id)
  }
  if (request.ids === undefined) states.push(...earliestOf(group, consumer))
  const ref = { stream: group.stream.name, group: group.name, consumer: consumer.name }
  const changes: Change[] = [{ kind: 'consumerSeen', ...ref, at: now }]
  if (states.length > 0) {
    const claims = states.map(({ id, deliveries }) => ({ id, deliveredAt: now, deliveries }))
    changes.push({ kind: 'claimed', ...ref, activeAt: null, claims })
  }
  const answer = { extended: states.length, notPending, ackBeforeMs }
  const isComplete = request.ids !== undefined || group.pending.sizeOf(consumer) === states.length
  return {
    changes,
    answer: isComplete || !hasOlder(group, consumer, states, now) ? answer : { ...answer, more: true }
  }
}

/** The entries of a consumer that were delivered first, at most `EXTEND_AT_ONCE`. */
function earliestOf(group: Group, consumer: Consumer): PendingState[] {
  const { pending } = group
  const all = pending.sizeOf(consumer)
  const wanted = Math.min(EXTEND_AT_ONCE, all)
  const found: PendingState[] = []
  let examined = 0
  if (all > EXTEND_AT_ONCE) {
    for (const state of pending.byTime()) {
      if (found.length === wanted || examined++ === MAX_EXAMINED) break
      if (state.owner === consumer) found.push(state)
    }
    if (found.length === wanted) return found
  }
  // Many older entries of others are in the way, or the consumer holds few entries: look at its own.
  const own: PendingState[] = []
  for (const state of pending.ascend(MIN_ID, consumer)) {
    if (own.length === MAX_EXAMINED) break
    own.push(state)
  }
  return own.sort((a, b) => a.deliveredAt - b.deliveredAt).slice(0, wanted)
}

/** Whether the consumer holds an entry that is not among these, and whose time did not start anew lately. */
function hasOlder(group: Group, consumer: Consumer, extended: readonly PendingState[], now: number): boolean {
  const timeoutMs = group.policy?.ackTimeoutMs ?? Number.POSITIVE_INFINITY
  const before = now - Math.min(LATELY_MS, timeoutMs / 2)
  const ids = new Set(extended.map(({ id }) => formatId(id)))
  let examined = 0
  for (const state of group.pending.ascend(MIN_ID, consumer)) {
    if (state.deliveredAt <= before && !ids.has(formatId(state.id))) return true
    if (examined++ === MAX_EXAMINED) return false
  }
  return false
}
