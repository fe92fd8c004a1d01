import { type EntryId, formatId, MIN_ID } from '../../../contract/entry-id.ts'
import type {
  AckAnswer,
  AckRequest,
  AutoClaimRequest,
  ClaimAnswer,
  ClaimRequest
} from '../../../contract/pending.ts'
import { idTooHigh } from '../../../semantics/refusals.ts'
import { AnswerBudget } from '../answer-budget.ts'
import type { Change } from '../change.ts'
import { deliveredOnceMore, idleMs } from '../delivery.ts'
import { distinct } from '../distinct.ts'
import type { Group } from '../group.ts'
import type { PendingState } from '../pending/pending-list.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

export function ack(streams: Streams, request: AckRequest): Decision<AckAnswer> {
  const { stream, group: name, consumer } = request
  const group = streams.group(request)
  const ids: EntryId[] = []
  const notPending: EntryId[] = []
  for (const id of distinct(request.ids)) {
    const owner = group.pending.get(id)?.owner
    const acked = owner !== undefined && (consumer === undefined || owner.name === consumer)
    ;(acked ? ids : notPending).push(id)
  }
  const changes: Change[] = ids.length === 0 ? [] : [{ kind: 'acked', stream, group: name, ids }]
  return { changes, answer: { acked: ids.length, notPending } }
}

/**
 * Decides a claim as XCLAIM does: ids in the given order; an id that is given twice is claimed twice. Entries
 * that do not fit into the answer are not claimed. Throws id-too-high.
 */
export function claim(streams: Streams, request: ClaimRequest, now: number): Decision<ClaimAnswer> {
  const group = streams.group(request)
  const { lastId } = request
  if (lastId !== undefined && lastId > group.stream.lastId) throw idTooHigh(formatId(group.stream.lastId))
  const repeats = distinct(request.ids).length < request.ids.length
  const claiming = new Claiming(group, request, repeats)
  const deliveredAt = claimedAt(request, now)
  for (const id of request.ids) {
    if (claiming.isFull) break
    const state = claiming.state(id)
    if (state === undefined) {
      if (!request.force || !group.stream.has(id)) continue
    } else if (state.isOrphan) {
      claiming.drop(id)
      continue
    } else if (idleMs(state, now) < request.minIdleMs) continue
    // Redis first makes the entry pending with one delivery. The claim then counts as another delivery.
    const { deliveries } = state ?? { deliveries: 1 }
    claiming.claim(id, deliveredAt, request.deliveries ?? raised(deliveries, request.justIds))
  }
  const decision = claiming.decide(now)
  if (lastId !== undefined && lastId > group.lastDeliveredId) {
    decision.changes.push({
      kind: 'delivered',
      ...claiming.ref,
      at: now,
      ids: [],
      noAck: false,
      lastDeliveredId: lastId,
      entriesRead: group.entriesRead
    })
  }
  return decision
}

/**
 * Decides a claim as XAUTOCLAIM does: scans at most ten times `count` entries, and returns where it stopped.
 */
export function autoClaim(
  streams: Streams,
  request: AutoClaimRequest,
  now: number
): Decision<ClaimAnswer & { next: EntryId }> {
  const { count, justIds, minIdleMs } = request
  const group = streams.group(request)
  const claiming = new Claiming(group, request, false)
  let scanned = 0
  let next = MIN_ID
  for (const state of group.pending.ascend(request.from)) {
    if (scanned === count * 10 || claiming.size === count || claiming.isFull) {
      next = state.id
      break
    }
    scanned++
    if (state.isOrphan) claiming.drop(state.id)
    else if (idleMs(state, now) >= minIdleMs) {
      if (claiming.claim(state.id, now, raised(state.deliveries, justIds))) continue
      next = state.id
      break
    }
  }
  const { changes, answer } = claiming.decide(now)
  return { changes, answer: { ...answer, next } }
}

type Claim = Extract<Change, { kind: 'claimed' }>['claims'][number]
type ClaimState = Pick<PendingState, 'deliveredAt' | 'deliveries' | 'isOrphan'>

/** The result of a claim while it is being decided. */
class Claiming {
  readonly ref: { stream: string; group: string; consumer: string }
  readonly #group: Group
  readonly #justIds: boolean
  readonly #budget = new AnswerBudget()
  readonly #entries: ClaimAnswer['entries'] = []
  readonly #deletedIds: EntryId[] = []
  readonly #claims: Claim[] = []
  /** Only if ids repeat: the state of each id so far, null if it is no longer pending. */
  readonly #latest: Map<string, ClaimState | null> | null

  constructor(group: Group, request: Pick<ClaimRequest, 'consumer' | 'justIds'>, repeats: boolean) {
    this.ref = { stream: group.stream.name, group: group.name, consumer: request.consumer }
    this.#group = group
    this.#justIds = request.justIds
    this.#latest = repeats ? new Map() : null
  }

  /** Whether the answer has no room for another entry. */
  get isFull(): boolean {
    return this.#budget.isFull
  }

  get size(): number {
    return this.#entries.length + this.#deletedIds.length
  }

  state(id: EntryId): ClaimState | undefined {
    const latest = this.#latest?.get(formatId(id))
    return latest === undefined ? this.#group.pending.get(id) : (latest ?? undefined)
  }

  /** Returns false if the answer has no room for the entry. The entry is then not claimed. */
  claim(id: EntryId, deliveredAt: number, deliveries: number): boolean {
    const fields = this.#justIds ? undefined : this.#group.stream.get(id)?.fields
    if (!this.#budget.take(fields?.length ?? 0)) return false
    this.#claims.push({ id, deliveredAt, deliveries })
    this.#latest?.set(formatId(id), { deliveredAt, deliveries, isOrphan: false })
    this.#entries.push(fields === undefined ? { id, deliveries } : { id, fields, deliveries })
    return true
  }

  drop(id: EntryId): void {
    this.#latest?.set(formatId(id), null)
    this.#deletedIds.push(id)
  }

  decide(now: number): Decision<ClaimAnswer> {
    const { stream, group } = this.ref
    const changes: Change[] = [{ kind: 'consumerSeen', ...this.ref, at: now }]
    if (this.#claims.length > 0)
      changes.push({ kind: 'claimed', ...this.ref, activeAt: now, claims: this.#claims })
    if (this.#deletedIds.length > 0) changes.push({ kind: 'acked', stream, group, ids: this.#deletedIds })
    return { changes, answer: { entries: this.#entries, deletedIds: this.#deletedIds } }
  }
}

/** As in Redis, a time in the future means now. A time before 1970 means 1970, the earliest possible time. */
function claimedAt(request: ClaimRequest, now: number): number {
  const at = request.idleMs === undefined ? (request.deliveredAt ?? now) : now - request.idleMs
  return Math.min(Math.max(0, at), now)
}

/** Increments a delivery count, unless only ids are requested. */
function raised(deliveries: number, justIds: boolean): number {
  return justIds ? deliveries : deliveredOnceMore(deliveries)
}
