import { EXTEND_AT_ONCE } from '../../../contract/delivery-policy.ts'
import { type EntryId, formatId, MIN_ID } from '../../../contract/entry-id.ts'
import type { ExtendAnswer, ExtendRequest } from '../../../contract/pending.ts'
import type { Change } from '../change.ts'
import type { Consumer } from '../consumer.ts'
import { distinct } from '../distinct.ts'
import type { Group } from '../group.ts'
import { leaseEnd } from '../leases.ts'
import type { PendingState } from '../pending/pending-list.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

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
