import { DEATH_REASONS } from '../../../contract/delivery-policy.ts'
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
import { type Consumer, newConsumer } from '../consumer.ts'
import { deliveredOnceMore, idleMs } from '../delivery.ts'
import { distinct } from '../distinct.ts'
import type { Group } from '../group.ts'
import { isLastDelivery } from '../leases.ts'
import type { PendingState } from '../pending/pending-list.ts'
import type { Streams } from '../streams.ts'
import { Deaths } from './deaths.ts'
import type { Decision } from './decision.ts'
import { isOwnedBy } from './nacks.ts'

export function ackEntries(streams: Streams, request: AckRequest): Decision<AckAnswer> {
  const { stream, group: name, consumer } = request
  const group = streams.group(request)
  const ids: EntryId[] = []
  const notPending: EntryId[] = []
  for (const id of distinct(request.ids)) (mayAck(group, id, consumer) ? ids : notPending).push(id)
  const changes: Change[] = ids.length === 0 ? [] : [{ kind: 'acked', stream, group: name, ids }]
  return { changes, answer: { acked: ids.length, notPending } }
}

/** Whether an entry is pending or dead, and with `consumer`, whether it owns the entry or had it last. */
export function mayAck(group: Group, id: EntryId, consumer: string | undefined): boolean {
  const state = group.pending.get(id)
  if (state !== undefined) return isOwnedBy(state, consumer)
  const death = group.dead.get(id)
  return death !== undefined && (consumer === undefined || death.consumer === consumer)
}

/**
 * Decides a claim as XCLAIM does: ids in the given order; an id that is given twice is claimed twice. Entries
 * that do not fit into the answer are not claimed. Throws id-too-high.
 */
export function claimEntries(streams: Streams, request: ClaimRequest, now: number): Decision<ClaimAnswer> {
  const group = streams.group(request)
  const { lastId } = request
  if (lastId !== undefined && lastId > group.stream.lastId) throw idTooHigh(formatId(group.stream.lastId))
  const repeats = distinct(request.ids).length < request.ids.length
  const claiming = new Claiming(group, request, new Deaths(streams, now), repeats)
  const deliveredAt = claimedAt(request, now)
  for (const id of request.ids) {
    if (claiming.isFull) break
    if (claiming.hasKilled(id)) continue
    const state = claiming.state(id)
    if (state === undefined) {
      if (request.onlyFrom !== undefined || !request.force) continue
      if (group.dead.has(id) || !group.stream.has(id)) continue
    } else if (request.onlyFrom !== undefined && state.owner?.name !== request.onlyFrom) {
      continue
    } else if (state.isOrphan) {
      claiming.drop(id)
      continue
    } else if (isDelayed(state, now) || idleMs(state, now) < request.minIdleMs) {
      continue
    } else if (!request.justIds && isLastDelivery(group, state.deliveries)) {
      claiming.kill(state)
      continue
    }
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
export function autoClaimEntries(
  streams: Streams,
  request: AutoClaimRequest,
  now: number
): Decision<ClaimAnswer & { next: EntryId }> {
  const { count, justIds, minIdleMs, maxDeliveries = Number.POSITIVE_INFINITY } = request
  const group = streams.group(request)
  const claiming = new Claiming(group, request, new Deaths(streams, now), false)
  let scanned = 0
  let next = MIN_ID
  for (const state of group.pending.ascend(request.from)) {
    if (scanned === count * 10 || claiming.size === count || claiming.isFull) {
      next = state.id
      break
    }
    scanned++
    if (state.isOrphan) claiming.drop(state.id)
    else if (state.deliveries < maxDeliveries && !isDelayed(state, now) && idleMs(state, now) >= minIdleMs) {
      if (!justIds && isLastDelivery(group, state.deliveries)) {
        claiming.kill(state)
        continue
      }
      if (claiming.claim(state.id, now, raised(state.deliveries, justIds))) continue
      next = state.id
      break
    }
  }
  const decision = claiming.decide(now)
  return { ...decision, answer: { ...decision.answer, next } }
}

type Claim = Extract<Change, { kind: 'claimed' }>['claims'][number]

/** Whether an entry waits for its next delivery. */
function isDelayed({ owner, deliveredAt }: PendingState, now: number): boolean {
  return owner === null && deliveredAt > now
}

/** The result of a claim while it is being decided. */
class Claiming {
  readonly ref: { stream: string; group: string; consumer: string }
  readonly #group: Group
  readonly #justIds: boolean
  /** The consumer that claims. If the group does not have it yet, only its name counts. */
  readonly #claimant: Consumer
  readonly #budget = new AnswerBudget()
  readonly #entries: ClaimAnswer['entries'] = []
  readonly #deletedIds: EntryId[] = []
  readonly #claims: Claim[] = []
  readonly #deaths: Deaths
  readonly #killed = new Set<string>()
  /** Only if ids repeat: the state of each id so far, null if it is no longer pending. */
  readonly #latest: Map<string, PendingState | null> | null

  constructor(
    group: Group,
    request: Pick<ClaimRequest, 'consumer' | 'justIds'>,
    deaths: Deaths,
    repeats: boolean
  ) {
    this.#deaths = deaths
    this.ref = { stream: group.stream.name, group: group.name, consumer: request.consumer }
    this.#group = group
    this.#justIds = request.justIds
    const name = request.consumer
    this.#claimant = group.consumer(name) ?? newConsumer({ name, number: 0, seenAt: 0, activeAt: null })
    this.#latest = repeats ? new Map() : null
  }

  /** Whether the answer has no room for another entry. */
  get isFull(): boolean {
    return this.#budget.isFull
  }

  get size(): number {
    return this.#entries.length + this.#deletedIds.length
  }

  state(id: EntryId): PendingState | undefined {
    const latest = this.#latest?.get(formatId(id))
    return latest === undefined ? this.#group.pending.get(id) : (latest ?? undefined)
  }

  /** Returns false if the answer has no room for the entry. The entry is then not claimed. */
  claim(id: EntryId, deliveredAt: number, deliveries: number): boolean {
    const fields = this.#justIds ? undefined : this.#group.stream.get(id)?.fields
    if (!this.#budget.take(fields?.length ?? 0)) return false
    this.#claims.push({ id, deliveredAt, deliveries })
    this.#latest?.set(formatId(id), { id, owner: this.#claimant, deliveredAt, deliveries, isOrphan: false })
    this.#entries.push(fields === undefined ? { id, deliveries } : { id, fields, deliveries })
    return true
  }

  drop(id: EntryId): void {
    this.#latest?.set(formatId(id), null)
    this.#deletedIds.push(id)
  }

  /** Whether this claim lets the entry die. */
  hasKilled(id: EntryId): boolean {
    return this.#killed.size > 0 && this.#killed.has(formatId(id))
  }

  /** The entry has no delivery left. */
  kill(state: PendingState): void {
    this.#killed.add(formatId(state.id))
    this.#deaths.add(this.#group, state, DEATH_REASONS.claimed)
  }

  decide(now: number): Decision<ClaimAnswer> {
    const { stream, group } = this.ref
    const changes: Change[] = [{ kind: 'consumerSeen', ...this.ref, at: now }]
    if (this.#claims.length > 0)
      changes.push({ kind: 'claimed', ...this.ref, activeAt: now, claims: this.#claims })
    if (this.#deletedIds.length > 0) changes.push({ kind: 'acked', stream, group, ids: this.#deletedIds })
    changes.push(...this.#deaths.changes())
    const answer = { entries: this.#entries, deletedIds: this.#deletedIds }
    return { changes, answer, ...this.#deaths.members }
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
