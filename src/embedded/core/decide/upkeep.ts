import { DEATH_REASONS } from '../../../contract/delivery-policy.ts'
import { MIN_ID } from '../../../contract/entry-id.ts'
import type { Change } from '../change.ts'
import type { Group } from '../group.ts'
import { earlier, isLastDelivery, lapsed, lapsedOrphans, leaseEnd, nextLeaseEnd } from '../leases.ts'
import type { PendingState, TimePlace } from '../pending/pending-list.ts'
import type { Streams } from '../streams.ts'
import { Deaths } from './deaths.ts'
import type { Decision } from './decision.ts'

/*
 * What time does to a group with a policy: entries die, orphans leave, consumers are deleted. Each function decides
 * one step of bounded size.
 */

/** Entries or consumers that one step looks at. */
const EXAMINED_AT_ONCE = 1000
/** Entries that die in one step, and the bytes of their letters. */
const DEATHS_AT_ONCE = 100
const LETTERS_AT_ONCE_BYTES = 1 << 20

/** Up to where the entries of a group have been looked at. What falls due later comes after these places. */
export interface Examined {
  /** For each run of leases. */
  readonly lapsed: readonly (TimePlace | undefined)[]
  /** Undefined if all nacked entries were looked at since the policy was set. */
  readonly nacked: TimePlace | undefined
}

/** Nothing has been looked at since the policy was set. */
export const NOTHING_EXAMINED: Examined = { lapsed: [], nacked: { at: 0, id: MIN_ID } }

export interface UpkeepStep {
  readonly examined: Examined
  /** Whether another step has something to do now. */
  readonly isCut: boolean
}

/** Lets entries die whose last delivery has failed, and removes orphans whose lease has ended. */
export function buryLapsed(
  streams: Streams,
  group: Group,
  examined: Examined,
  now: number
): Decision<UpkeepStep> {
  const deaths = new Deaths(streams, now)
  const burying = new Burying(group, deaths)
  const places = [...examined.lapsed]
  let { nacked } = examined
  if (group.policy?.maxDeliveries !== undefined) {
    if (nacked !== undefined) {
      nacked = burying.all(group.pending.nacked(nacked), DEATH_REASONS.limit)
    }
    for (const { state, run } of burying.isCut ? [] : lapsed(group, now, places)) {
      if (!burying.examine(state, DEATH_REASONS.timeout)) break
      places[run] = placeAfter(state)
    }
  } else {
    nacked = undefined
  }
  const orphans: PendingState[] = []
  for (const orphan of lapsedOrphans(group, now)) {
    if (orphans.length === EXAMINED_AT_ONCE) break
    orphans.push(orphan)
  }
  const ref = { stream: group.stream.name, group: group.name }
  const changes = deaths.changes()
  if (orphans.length > 0) changes.push({ kind: 'acked', ...ref, ids: orphans.map(({ id }) => id) })
  const isCut = burying.isCut || orphans.length === EXAMINED_AT_ONCE
  return { changes, answer: { examined: { lapsed: places, nacked }, isCut }, ...deaths.members }
}

/** Looks at entries until a step is full. */
class Burying {
  readonly #group: Group
  readonly #deaths: Deaths
  #examined = 0
  isCut = false

  constructor(group: Group, deaths: Deaths) {
    this.#group = group
    this.#deaths = deaths
  }

  /** Returns false, and does nothing, if the step is full. */
  examine(state: PendingState, reason: string): boolean {
    const { count, letterBytes } = this.#deaths
    const isFull = count >= DEATHS_AT_ONCE || letterBytes >= LETTERS_AT_ONCE_BYTES
    if (isFull || this.#examined === EXAMINED_AT_ONCE) {
      this.isCut = true
      return false
    }
    this.#examined++
    if (isLastDelivery(this.#group, state.deliveries)) this.#deaths.add(this.#group, state, reason)
    return true
  }

  /** Returns the place of the first entry that the step had no room for; undefined if there is none. */
  all(states: Iterable<PendingState>, reason: string): TimePlace | undefined {
    for (const state of states) {
      if (!this.examine(state, reason)) return { at: state.deliveredAt, id: state.id }
    }
    return undefined
  }
}

function placeAfter({ deliveredAt, id }: PendingState): TimePlace {
  return { at: deliveredAt, id: id + 1n }
}

/** Returns the first time after `now` at which `buryLapsed` may have something to do; null if there is none. */
export function nextBurial(group: Group, now: number): number | null {
  const orphan = group.pending.orphans().next().value
  const orphanEnd = orphan === undefined ? null : leaseEnd(group, orphan.deliveredAt)
  const deathAt = group.policy?.maxDeliveries === undefined ? null : nextLeaseEnd(group, now)
  return earlier(deathAt, orphanEnd)
}

export interface ConsumersStep {
  /** The name after which the next step continues; null at the end. */
  readonly last: string | null
  /** The first time at which one of the consumers may be deleted; null if none may. */
  readonly nextAt: number | null
}

/** Deletes consumers that hold nothing and were not seen for long, from the one after a name on. */
export function deleteUnseen(group: Group, after: string | null, now: number): Decision<ConsumersStep> {
  const ttlMs = group.policy?.consumerTtlMs
  if (ttlMs === undefined) return { changes: [], answer: { last: null, nextAt: null } }
  const ref = { stream: group.stream.name, group: group.name }
  const changes: Change[] = []
  let nextAt: number | null = null
  let examined = 0
  for (const consumer of group.consumers.from(after ?? '')) {
    const { name, seenAt } = consumer
    if (name === after) continue
    if (examined++ === EXAMINED_AT_ONCE) return { changes, answer: { last: after, nextAt } }
    after = name
    const isIdle = group.pending.sizeOf(consumer) === 0
    if (isIdle && seenAt + ttlMs <= now) changes.push({ kind: 'consumerDeleted', ...ref, consumer: name })
    else nextAt = earlier(nextAt, isIdle ? seenAt + ttlMs : now + ttlMs)
  }
  return { changes, answer: { last: null, nextAt } }
}
