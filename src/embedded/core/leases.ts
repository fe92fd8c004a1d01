import { LEASE_AFTER_RESTART_MS } from '../../contract/delivery-policy.ts'
import { MIN_ID } from '../../contract/entry-id.ts'
import type { PendingEntryState } from '../../contract/pending.ts'
import type { Group } from './group.ts'
import type { PendingState, TimePlace } from './pending/pending-list.ts'

/*
 * When pending entries fall due. No change says that an entry is due: it follows from the delivery times, the
 * group's policy and the time now. All times are milliseconds since the epoch.
 *
 * A lease begins with the delivery, or when the policy was set if that was later, and lasts for `ackTimeoutMs`. Leases
 * that began before the engine was started last longer. So the order of delivery times is the order of leases in
 * two runs: before the start, and since.
 */

/** Pending entries whose leases end in the order of their delivery times. */
interface Run {
  /** Delivery times of the run: from here, */
  readonly from: number
  /** and before here. */
  readonly before: number
  /** How long leases of this run last. */
  readonly leaseMs: number
  /** No lease of the run ends before this. */
  readonly notBefore: number
}

const FOR_EVER = Number.POSITIVE_INFINITY

function runsOf({ policy, policyAt, startedAt }: Group): readonly Run[] {
  const leaseMs = policy?.ackTimeoutMs
  if (leaseMs === undefined) return []
  if (policyAt >= startedAt) return [{ from: 0, before: FOR_EVER, leaseMs, notBefore: policyAt + leaseMs }]
  const longerMs = leaseMs + LEASE_AFTER_RESTART_MS
  return [
    {
      from: 0,
      before: startedAt,
      leaseMs: longerMs,
      notBefore: Math.max(policyAt + longerMs, startedAt + LEASE_AFTER_RESTART_MS)
    },
    { from: startedAt, before: FOR_EVER, leaseMs, notBefore: 0 }
  ]
}

function endIn({ leaseMs, notBefore }: Run, deliveredAt: number): number {
  return Math.max(deliveredAt + leaseMs, notBefore)
}

/** Returns when a lease ends that began with this delivery; null if leases of the group do not end. */
export function leaseEnd(group: Group, deliveredAt: number): number | null {
  const run = runsOf(group).find(({ before }) => deliveredAt < before)
  return run === undefined ? null : endIn(run, deliveredAt)
}

/** Where the leases of a run begin that end after this time. */
function firstLeased({ from, leaseMs, notBefore }: Run, now: number): TimePlace {
  return { at: now < notBefore ? from : Math.max(from, now - leaseMs + 1), id: MIN_ID }
}

/** A pending entry that falls due, and when. */
export interface Due {
  readonly state: PendingState
  readonly dueAt: number
}

/** Yields the entries that are due, longest due first, without orphans. The pending list must not change meanwhile. */
export function* due(group: Group, now: number): Generator<Due, undefined> {
  const queues: Generator<Due, undefined>[] = runsOf(group).map((run) => lapsedIn(group, run, now))
  if (group.pending.nackedSize > 0) queues.push(dueNacked(group, now))
  const heads = queues.map((queue) => queue.next().value)
  for (;;) {
    let first = -1
    for (const [index, head] of heads.entries()) {
      if (head !== undefined && (first < 0 || head.dueAt < (heads[first] as Due).dueAt)) first = index
    }
    if (first < 0) return
    yield heads[first] as Due
    heads[first] = queues[first]?.next().value
  }
}

/**
 * Yields the entries whose lease has ended, with the index of their run, in the order of their delivery times.
 * `from` says for each run where to begin; by default at its beginning.
 */
export function* lapsed(
  group: Group,
  now: number,
  from: readonly (TimePlace | undefined)[]
): Generator<Due & { readonly run: number }, undefined> {
  for (const [index, run] of runsOf(group).entries()) {
    for (const each of lapsedIn(group, run, now, from[index])) yield { ...each, run: index }
  }
}

function* lapsedIn(
  group: Group,
  run: Run,
  now: number,
  from: TimePlace = { at: run.from, id: MIN_ID }
): Generator<Due, undefined> {
  for (const state of group.pending.byTime(from)) {
    const dueAt = endIn(run, state.deliveredAt)
    if (state.deliveredAt >= run.before || dueAt > now) return
    yield { state, dueAt }
  }
}

function* dueNacked(group: Group, now: number): Generator<Due, undefined> {
  for (const state of group.pending.nacked()) {
    if (state.deliveredAt > now) return
    yield { state, dueAt: state.deliveredAt }
  }
}

/** Whether an entry is due. It may be one that must die instead of being delivered. */
export function hasDue(group: Group, now: number): boolean {
  return mayHaveDue(group) && due(group, now).next().value !== undefined
}

/** Whether entries of the group can be due at all. In most groups they cannot, and then there is nothing to look for. */
export function mayHaveDue({ policy, pending }: Group): boolean {
  return policy?.ackTimeoutMs !== undefined || pending.nackedSize > 0
}

/** Returns the first time after `now` at which an entry falls due; null if none will. */
export function nextDueAt(group: Group, now: number): number | null {
  const leaseEndsAt = nextLeaseEnd(group, now)
  if (group.pending.nackedSize === 0) return leaseEndsAt
  const nacked = group.pending.nacked({ at: now + 1, id: MIN_ID }).next().value
  return earlier(leaseEndsAt, nacked?.deliveredAt ?? null)
}

/** Returns the first time after `now` at which a lease ends; null if none will. */
export function nextLeaseEnd(group: Group, now: number): number | null {
  let next: number | null = null
  for (const run of runsOf(group)) {
    const state = group.pending.byTime(firstLeased(run, now)).next().value
    if (state !== undefined && state.deliveredAt < run.before) {
      next = earlier(next, endIn(run, state.deliveredAt))
    }
  }
  return next
}

/** Returns the earlier of two times, where null is never. */
export function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

/** Orphans whose lease has ended. */
export function* lapsedOrphans(group: Group, now: number): Generator<PendingState, undefined> {
  for (const state of group.pending.orphans()) {
    const endsAt = leaseEnd(group, state.deliveredAt)
    if (endsAt === null || endsAt > now) return
    yield state
  }
}

/** Whose hands an entry is in, and when it falls due: null if it is due, or never falls due by itself. */
export function stateAt(
  group: Group,
  { owner, deliveredAt, isOrphan }: PendingState,
  now: number
): { readonly state: PendingEntryState; readonly dueAt: number | null } {
  if (owner === null) {
    return deliveredAt > now ? { state: 'delayed', dueAt: deliveredAt } : { state: 'due', dueAt: null }
  }
  const dueAt = leaseEnd(group, deliveredAt)
  if (dueAt === null || dueAt > now) return { state: 'leased', dueAt }
  return isOrphan ? { state: 'leased', dueAt: null } : { state: 'due', dueAt: null }
}

/** Whether a delivery of an entry was its last one. */
export function isLastDelivery({ policy }: Group, deliveries: number): boolean {
  return policy?.maxDeliveries !== undefined && deliveries >= policy.maxDeliveries
}
