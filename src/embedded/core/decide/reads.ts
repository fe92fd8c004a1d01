import type { DeliveredEntry, ReadGroupsRequest } from '../../../contract/deliveries.ts'
import { DEATH_REASONS } from '../../../contract/delivery-policy.ts'
import type { EntryId } from '../../../contract/entry-id.ts'
import { EngineError } from '../../../contract/errors.ts'
import { claimInTimedGroup } from '../../../semantics/refusals.ts'
import { AnswerBudget } from '../answer-budget.ts'
import { deliveredOnceMore } from '../delivery.ts'
import type { Group } from '../group.ts'
import { isLastDelivery } from '../leases.ts'
import type { PendingState } from '../pending/pending-list.ts'
import type { Streams } from '../streams.ts'
import { Deaths } from './deaths.ts'
import type { Decision } from './decision.ts'
import type { Random } from './nacks.ts'
import { readNext } from './read-next.ts'
import { deliveredAgain, type GroupsReading, leaseMembers, type Reading } from './reading.ts'
import { hasSettlement, isSettled, NO_SETTLEMENT, type Settlement, settle } from './settle.ts'

/**
 * Makes at most `pendingLeft` entries pending. Throws stream-not-found, group-not-found, invalid-request (a
 * stream named twice, or `claimIdleMs` in a group with `ackTimeoutMs`).
 */
export function readGroups(
  streams: Streams,
  request: ReadGroupsRequest,
  now: number,
  pendingLeft = Number.POSITIVE_INFINITY,
  random: Random = Math.random
): Decision<Reading> {
  const reading: GroupsReading = {
    request,
    now,
    changes: [],
    streams: [],
    deliveries: [],
    budget: new AnswerBudget(),
    deaths: new Deaths(streams, now),
    pendingLeft: request.noAck ? Number.POSITIVE_INFINITY : pendingLeft,
    isAtPendingLimit: false
  }
  refuseRepeated(request.streams)
  const groups = request.streams.map(({ stream }) => streams.group({ stream, group: request.group }))
  if (request.claimIdleMs !== undefined) groups.forEach(refuseClaim)
  const settlements = settleAll(groups, reading, random)
  for (const { settled } of settlements ?? []) reading.pendingLeft += settled.acked
  for (const [index, { stream, after }] of request.streams.entries()) {
    if (reading.budget.isFull) break
    const group = groups[index] as Group
    const settlement = settlements?.[index] ?? NO_SETTLEMENT
    const entries =
      after === undefined ? readNext(group, settlement, reading) : readOwn(group, after, settlement, reading)
    if (entries.length > 0) reading.streams.push({ stream, entries })
  }
  // Letters come last, since they may trim a stream that was read.
  const settled = settlements?.flatMap(({ changes }) => changes) ?? []
  return {
    changes: [...settled, ...reading.changes, ...reading.deaths.changes()],
    answer: {
      streams: reading.streams,
      deliveries: reading.deliveries,
      ...(settlements !== null && { settled: settlements.map(({ settled }) => settled) }),
      isAtPendingLimit: reading.isAtPendingLimit && reading.streams.length === 0
    },
    died: reading.deaths.count
  }
}

/**
 * Each stream is read in the state before the request, so a stream named twice would deliver the same entries
 * twice.
 */
export function refuseRepeated(streams: ReadGroupsRequest['streams']): void {
  if (streams.length === 1) return
  const names = new Set<string>()
  for (const [index, { stream }] of streams.entries()) {
    if (names.has(stream)) {
      throw new EngineError('invalid-request', 'Each stream may appear only once', {
        pointer: `/streams/${index}/stream`
      })
    }
    names.add(stream)
  }
}

function refuseClaim({ policy, name }: Group): void {
  if (policy?.ackTimeoutMs !== undefined) throw claimInTimedGroup(name)
}

/** Returns null if the request settles nothing. */
function settleAll(
  groups: readonly Group[],
  { request, deaths, now }: GroupsReading,
  random: Random
): Settlement[] | null {
  const { streams, consumer } = request
  if (!streams.some(hasSettlement)) return null
  return streams.map((place, index) =>
    settle(groups[index] as Group, consumer, place, { deaths, now, random })
  )
}

/**
 * Reads the consumer's own pending entries after an id. An orphan is returned with null fields, and its state
 * does not change. An entry without a delivery left dies instead.
 */
function readOwn(
  group: Group,
  after: EntryId,
  settlement: Settlement,
  { request, now, changes, deliveries: made, budget, deaths }: GroupsReading
): DeliveredEntry[] {
  const { stream } = group
  const { consumer, count } = request
  const ref = { stream: stream.name, group: group.name, consumer }
  changes.push({ kind: 'consumerSeen', ...ref, at: now })
  const owner = group.consumer(consumer)
  if (owner === undefined) return []
  const lease = leaseMembers(group, now)
  const entries: DeliveredEntry[] = []
  const redelivered: PendingState[] = []
  for (const state of group.pending.ascend(after + 1n, owner)) {
    if (entries.length === count || deaths.count >= MAX_DEATHS) break
    const { id, deliveries } = state
    if (isSettled(settlement, id)) continue
    if (!state.isOrphan && isLastDelivery(group, deliveries)) {
      deaths.add(group, state, DEATH_REASONS.reread)
      continue
    }
    const fields = stream.get(id)?.fields
    if (!budget.take(fields?.length ?? 0)) break
    if (fields === undefined) {
      entries.push({ id, fields: null, deliveries })
    } else {
      entries.push({ id, fields, deliveries: deliveredOnceMore(deliveries), ...lease })
      redelivered.push(state)
    }
  }
  if (redelivered.length > 0) {
    changes.push({ kind: 'claimed', ...ref, activeAt: null, claims: deliveredAgain(redelivered, now) })
    made.push({ group, consumer, at: now, newIds: [], noAck: false, redelivered })
  }
  return entries
}

/** A read lets at most so many entries die. */
const MAX_DEATHS = 1000
