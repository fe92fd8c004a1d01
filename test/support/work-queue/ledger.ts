import type { DeliveryPolicy } from '../../../src/contract/delivery-policy.ts'
import type { NackOutcome } from '../../../src/contract/pending.ts'

/** What is known of an entry from requests and answers alone. */
export interface Tracked {
  readonly id: string
  /** `lost`: dropped on purpose, or deleted from the stream. */
  phase: 'new' | 'pending' | 'acked' | 'dead' | 'lost'
  /** Null: in nobody's hands. */
  holder: string | null
  /** The consumer that had it before the last nack. If that let it die, this consumer may ack it. */
  lastHolder: string | null
  count: number
  /** Not before this time did its lease begin, or the time for which it is delayed end. */
  notBefore: number
  isDeleted: boolean
  isRejected: boolean
}

/** A moment at which something happened in the engine: some time from one to the other. */
export interface Moment {
  readonly from: number
  readonly to: number
}

export interface LedgerNack {
  readonly outcome: NackOutcome
  /** Null: the delay of the policy. */
  readonly delayMs: number | null
  /** Null: not fenced. */
  readonly consumer: string | null
}

/** An invariant is broken. */
export class Broken extends Error {}

/** What a group must and must not do with each of its entries. Every rule is checked when something happens. */
export class Ledger {
  readonly #entries = new Map<string, Tracked>()
  #policy: DeliveryPolicy
  /** The policy before the last change, which may have been in force when an answer was made that arrives now. */
  #previous: DeliveryPolicy | null = null

  #firstDeliveries = 0

  constructor(policy: DeliveryPolicy) {
    this.#policy = policy
  }

  get policy(): DeliveryPolicy {
    return this.#policy
  }

  /** How often a new entry was delivered. */
  get firstDeliveries(): number {
    return this.#firstDeliveries
  }

  get all(): Iterable<Tracked> {
    return this.#entries.values()
  }

  get(id: string): Tracked {
    const found = this.#entries.get(id)
    if (found === undefined) throw new Broken(`${id} was never appended`)
    return found
  }

  /** Ids in the order of appends. */
  get ids(): string[] {
    return [...this.#entries.keys()]
  }

  heldBy(consumer: string): Tracked[] {
    return this.#pending().filter(({ holder }) => holder === consumer)
  }

  /** Number of entries in the hands of consumers. */
  get held(): number {
    return this.#pending().filter(({ holder }) => holder !== null).length
  }

  get newOnes(): Tracked[] {
    return [...this.all].filter(({ phase, isDeleted }) => phase === 'new' && !isDeleted)
  }

  appended(id: string): void {
    const rest = {
      holder: null,
      lastHolder: null,
      count: 0,
      notBefore: 0,
      isDeleted: false,
      isRejected: false
    }
    this.#entries.set(id, { id, phase: 'new', ...rest })
  }

  /** A read or a waiting reader got an entry. */
  delivered(consumer: string, one: { id: string; deliveries: number; fields: unknown }, at: Moment): void {
    const entry = this.get(one.id)
    const { phase, holder, count } = entry
    if (phase !== 'new' && phase !== 'pending') throw new Broken(`${one.id} is ${phase}, but was delivered`)
    if (one.fields === null) throw new Broken(`${one.id} was delivered without fields`)
    if (phase === 'pending') this.#assertDue(entry, at)
    else this.#firstDeliveries++
    if (one.deliveries !== count + 1)
      throw new Broken(`${one.id} was delivered ${count} times and then shown as ${one.deliveries}`)
    if (one.deliveries > this.mostDeliveries())
      throw new Broken(`${one.id} was delivered ${one.deliveries} times (last by ${holder})`)
    this.#hold(entry, consumer, one.deliveries, at)
  }

  /** A consumer read an entry of its own again. */
  reread(consumer: string, one: { id: string; deliveries: number; fields: unknown }, at: Moment): void {
    const entry = this.get(one.id)
    if (entry.holder !== consumer || entry.phase !== 'pending')
      throw new Broken(`${consumer} read ${one.id} again, which is ${describe(entry)}`)
    if (one.fields === null && !entry.isDeleted) throw new Broken(`${one.id} was read without fields`)
    if (one.fields === null) return
    if (one.deliveries !== entry.count + 1 || one.deliveries > this.mostDeliveries())
      throw new Broken(`${one.id} was read again as delivery ${one.deliveries} after ${entry.count}`)
    this.#hold(entry, consumer, one.deliveries, at)
  }

  claimed(consumer: string, one: { id: string; deliveries: number }, justIds: boolean, at: Moment): void {
    const entry = this.get(one.id)
    if (entry.phase !== 'pending') throw new Broken(`${one.id} was claimed, but it is ${entry.phase}`)
    if (entry.holder === null && at.to < entry.notBefore)
      throw new Broken(`${one.id} was claimed while delayed`)
    const expected = entry.count + (justIds ? 0 : 1)
    if (one.deliveries !== expected || (!justIds && one.deliveries > this.mostDeliveries()))
      throw new Broken(`${one.id} was claimed as delivery ${one.deliveries} after ${entry.count}`)
    this.#hold(entry, consumer, one.deliveries, at)
  }

  /** An ack counted an entry. */
  acked(id: string, consumer: string | null): void {
    const entry = this.get(id)
    if (entry.phase !== 'pending' && entry.phase !== 'dead')
      throw new Broken(`${id} was acked, but it is ${entry.phase}`)
    this.#assertFence(entry, consumer)
    entry.phase = 'acked'
  }

  nacked(id: string, { outcome, delayMs, consumer }: LedgerNack, at: Moment): void {
    const entry = this.get(id)
    if (entry.phase !== 'pending') throw new Broken(`${id} was nacked, but it is ${entry.phase}`)
    this.#assertFence(entry, consumer)
    const wasHeld = entry.holder !== null
    const { retryDelaysMs = [] } = this.#policy
    const failures = Math.min(Math.max(entry.count, 1), retryDelaysMs.length)
    const leastMs = delayMs ?? 0.9 * (retryDelaysMs[failures - 1] ?? 0)
    entry.lastHolder = entry.holder
    entry.holder = null
    entry.notBefore = outcome === 'retry' ? at.from + Math.floor(leastMs) : at.from
    if (outcome === 'release' && wasHeld) entry.count = Math.max(0, entry.count - 1)
    if (outcome === 'reject') entry.isRejected = true
  }

  extended(id: string, consumer: string, at: Moment): void {
    const entry = this.get(id)
    if (entry.phase !== 'pending') throw new Broken(`${id} was extended, but it is ${entry.phase}`)
    this.#assertFence(entry, consumer)
    entry.notBefore = at.from
  }

  redriven(id: string, at: Moment): void {
    const entry = this.get(id)
    if (entry.phase !== 'dead') throw new Broken(`${id} was redriven, but it is ${entry.phase}`)
    Object.assign(entry, { phase: 'pending', holder: null, count: 0, notBefore: at.from, isRejected: false })
  }

  deleted(id: string): void {
    const entry = this.get(id)
    entry.isDeleted = true
    if (entry.phase === 'new') entry.phase = 'lost'
  }

  /** Remembers what is known of some entries. The returned function restores it, as `undo` does in the engine. */
  snapshot(ids: readonly string[]): () => void {
    const before = ids.map((id) => ({ ...this.get(id) }))
    return () => {
      for (const one of before) Object.assign(this.get(one.id), one)
    }
  }

  /** Leases start anew. Answers that are on their way may still follow the previous policy. */
  policySet(policy: DeliveryPolicy, at: Moment): void {
    this.#previous = this.#policy
    this.#policy = policy
    for (const entry of this.#pending()) if (entry.holder !== null) entry.notBefore = at.from
  }

  /** Leases that had begun last longer by `ms`, at least until then from now. */
  restarted(ms: number, at: Moment): void {
    const { ackTimeoutMs = 0 } = this.#policy
    for (const entry of this.#pending())
      if (entry.holder !== null && ms > 0)
        entry.notBefore = Math.max(entry.notBefore, at.from - ackTimeoutMs) + ms
  }

  /** All answers from before the last change of the policy have arrived. */
  settled(): void {
    this.#previous = null
  }

  /** Whether an entry may have died: it failed for the last time, or it was rejected. */
  mayBeDead({ phase, count, isRejected }: Tracked): boolean {
    return phase === 'dead' || (phase === 'pending' && (isRejected || count >= this.#fewestDeliveries()))
  }

  /** The highest allowed delivery count. */
  mostDeliveries(): number {
    return Math.max(...this.#limits())
  }

  #fewestDeliveries(): number {
    return Math.min(...this.#limits())
  }

  #limits(): number[] {
    const policies = this.#previous === null ? [this.#policy] : [this.#policy, this.#previous]
    return policies.map(({ maxDeliveries }) => maxDeliveries ?? Number.POSITIVE_INFINITY)
  }

  #pending(): Tracked[] {
    return [...this.all].filter(({ phase }) => phase === 'pending')
  }

  #hold(entry: Tracked, holder: string, count: number, at: Moment): void {
    Object.assign(entry, { phase: 'pending', holder, count, notBefore: at.from })
  }

  /** No entry is in two hands within its lease, and none is delivered while it is delayed. */
  #assertDue(entry: Tracked, at: Moment): void {
    const { ackTimeoutMs = Number.POSITIVE_INFINITY } = this.#policy
    const previousMs = this.#previous?.ackTimeoutMs ?? Number.POSITIVE_INFINITY
    const leaseMs = entry.holder === null ? 0 : Math.min(ackTimeoutMs, previousMs)
    if (at.to < entry.notBefore + leaseMs)
      throw new Broken(`${entry.id} was delivered at ${at.to}, but it is ${describe(entry)}`)
  }

  #assertFence(entry: Tracked, consumer: string | null): void {
    const { phase, holder, lastHolder } = entry
    const hadIt = phase === 'dead' || this.mayBeDead(entry) ? (holder ?? lastHolder) : holder
    if (consumer !== null && hadIt !== consumer)
      throw new Broken(`${consumer} settled ${entry.id}, which is ${describe(entry)}`)
  }
}

export function describe({ phase, holder, count, notBefore }: Tracked): string {
  return `${phase} with ${holder ?? 'nobody'} after ${count} deliveries, since or until ${notBefore}`
}
