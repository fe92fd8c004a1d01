import type { DeliveryPolicy } from '../../contract/delivery-policy.ts'
import type { Entry, IdRange } from '../../contract/entries.ts'
import { compareIds, type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import type { GroupPosition, StreamCounters } from '../../semantics/lag.ts'
import type { AnswerBudget } from './answer-budget.ts'
import type { Change } from './change.ts'
import { type Consumer, type ConsumerValues, newConsumer } from './consumer.ts'
import { DeadEntries, type Death } from './dead-entries.ts'
import { Named } from './named.ts'
import { NO_STORAGE } from './no-storage.ts'
import { PendingList } from './pending/pending-list.ts'
import { SortedList } from './sorted-list.ts'

/** What a group needs from its stream. */
export interface GroupedStream extends StreamCounters {
  readonly name: string
  readonly number: number
  has(id: EntryId): boolean
  /** Whether an entry has a higher id. */
  hasAfter(id: EntryId): boolean
  get(id: EntryId): Entry | null
  range(from: EntryId, to: EntryId, limit: number, budget?: AnswerBudget, upToDamage?: boolean): Entry[]
}

/** Is notified before something in a group changes. */
export interface GroupTracker {
  /** The group's own values, not its consumers or pending entries. */
  group(group: Group): void
  groupDeleted(group: Group): void
  /** One of the group's consumers, or a new one. */
  consumer(group: Group, consumer: Consumer): void
  consumerDeleted(group: Group, consumer: Consumer): void
  /** One of the group's pages of slots of pending entries. */
  pending(group: Group, slotPage: number): void
  /** One of the group's dead entries; null if it is dead no more. */
  dead(group: Group, id: EntryId, death: Death | null): void
}

/** A consumer group of a stream: its position, its consumers and their pending entries. */
export class Group {
  readonly stream: GroupedStream
  readonly name: string
  /** Unique among all groups, including deleted ones. */
  readonly number: number
  /** All entries up to this id have been delivered, except those in `returned`. */
  lastDeliveredId: EntryId = MIN_ID
  /** Number of entries of the stream up to `lastDeliveredId`, including deleted ones; null if unknown. */
  entriesRead: number | null = null
  readonly pending: PendingList
  /** Entries that were delivered but not received. They are delivered before all others. */
  readonly returned = new SortedList<EntryId>(compareIds)
  readonly consumers = new Named<Consumer>()
  readonly dead = new DeadEntries()
  policy: DeliveryPolicy | null = null
  /** When the policy was set, in milliseconds since the epoch. */
  policyAt = 0
  /** When the engine was started, in milliseconds since the epoch. Not stored. 0: before any delivery. */
  startedAt = 0
  /** Whether the last entries that a consumer got were due ones. Not stored: it only decides who comes first next. */
  gaveDueLast = false
  readonly #tracker: GroupTracker
  #nextConsumer = 1

  constructor(
    stream: GroupedStream,
    name: string,
    number = 0,
    hooks: { readonly tracker: GroupTracker } = NO_STORAGE
  ) {
    this.stream = stream
    this.name = name
    this.number = number
    this.#tracker = hooks.tracker
    this.pending = new PendingList((slotPage) => hooks.tracker.pending(this, slotPage))
  }

  /**
   * Loads the stored parts of a group: its values, its consumers (fastest in the order of their names), its pages
   * of slots of pending entries, and its dead entries.
   */
  load(
    values: GroupValues,
    consumers: Iterable<ConsumerValues>,
    slotPages: Iterable<{ slotPage: number; bytes: Uint8Array }>,
    deaths: Iterable<Death>
  ): void {
    this.policy = values.policy
    this.policyAt = values.policyAt
    for (const death of deaths) this.dead.set(death)
    this.lastDeliveredId = values.lastDeliveredId
    this.entriesRead = values.entriesRead
    for (const id of values.returned) this.returned.add(id)
    this.#nextConsumer = values.nextConsumer
    const byNumber = new Map<number, Consumer>()
    for (const consumer of consumers) {
      const loaded = newConsumer(consumer)
      this.consumers.add(loaded)
      byNumber.set(consumer.number, loaded)
    }
    this.pending.load(slotPages, (number) => {
      const owner = byNumber.get(number)
      if (owner === undefined) throw new RangeError(`Group "${this.name}" has no consumer ${number}`)
      return owner
    })
  }

  /** Returns the values that `load` takes. */
  values(): GroupValues {
    const { lastDeliveredId, entriesRead, policy, policyAt } = this
    return {
      lastDeliveredId,
      entriesRead,
      policy,
      policyAt,
      returned: [...this.returned.ascend()],
      nextConsumer: this.#nextConsumer
    }
  }

  consumer(name: string): Consumer | undefined {
    return this.consumers.get(name)
  }

  /** Returns the consumer, seen at this time. Creates it if necessary. */
  seeConsumer(name: string, at: number): Consumer {
    const found = this.consumers.get(name)
    if (found === undefined) return this.#createConsumer(name, at)
    this.#tracker.consumer(this, found)
    found.seenAt = at
    return found
  }

  #createConsumer(name: string, at: number): Consumer {
    this.#tracker.group(this)
    const consumer = newConsumer({ name, number: this.#nextConsumer++, seenAt: at, activeAt: null })
    this.consumers.add(consumer)
    this.#tracker.consumer(this, consumer)
    return consumer
  }

  deleteConsumer(name: string): void {
    const consumer = this.consumers.get(name)
    if (consumer === undefined) return
    this.#tracker.consumerDeleted(this, consumer)
    this.pending.deleteOwnedBy(consumer)
    this.consumers.delete(name)
  }

  /** Moves the group to a position, even to the current one. Returned entries then count as delivered. */
  moveTo(position: GroupPosition): void {
    this.returned.clear()
    this.lastDeliveredId = position.lastDeliveredId
    this.entriesRead = position.entriesRead
  }

  deliver(change: ChangeOf<'delivered'>): void {
    const { at, ids } = change
    const consumer = this.seeConsumer(change.consumer, at)
    if (ids.length > 0) {
      this.gaveDueLast = false
      if (!change.noAck) consumer.activeAt = at
    }
    for (const id of ids) {
      if (!change.noAck) this.pending.set(id, consumer, at, 1)
      if (this.returned.size > 0) this.returned.delete(id)
      if (this.dead.size > 0) this.revive(id)
    }
    this.lastDeliveredId = change.lastDeliveredId
    this.entriesRead = change.entriesRead
  }

  claim(change: ChangeOf<'claimed'>): void {
    const { activeAt } = change
    // Each decision that claims makes sure that its consumer exists.
    const consumer = this.consumers.get(change.consumer) as Consumer
    if (activeAt !== null) {
      this.#tracker.consumer(this, consumer)
      consumer.activeAt = activeAt
      this.gaveDueLast = true
    }
    for (const { id, deliveredAt, deliveries } of change.claims) {
      this.pending.set(id, consumer, deliveredAt, deliveries)
      if (this.returned.size > 0) this.returned.delete(id)
    }
  }

  setPolicy({ policy, at }: ChangeOf<'policySet'>): void {
    this.policy = policy
    this.policyAt = at
  }

  nack({ nacks }: ChangeOf<'nacked'>): void {
    for (const { id, dueAt, deliveries } of nacks) {
      this.pending.nack(id, dueAt, deliveries)
      if (this.returned.size > 0) this.returned.delete(id)
      this.revive(id)
    }
  }

  bury({ deaths }: ChangeOf<'died'>): void {
    for (const death of deaths) {
      this.#tracker.dead(this, death.id, death)
      this.pending.delete(death.id)
      this.dead.set(death)
    }
  }

  ack({ ids }: ChangeOf<'acked'>): void {
    for (const id of ids) if (!this.pending.delete(id)) this.revive(id)
  }

  /** An entry is no longer dead. */
  revive(id: EntryId): void {
    if (!this.dead.has(id)) return
    this.#tracker.dead(this, id, null)
    this.dead.delete(id)
  }

  /** Takes back entries that were delivered but not received. */
  returnEntries(ids: readonly EntryId[]): void {
    for (const id of ids) {
      this.pending.delete(id)
      if (!this.hasReturned(id)) this.returned.add(id)
    }
  }

  /**
   * Adjusts pending entries to an append. After the stream's last id was set back, an id that is pending can
   * be appended again.
   */
  entriesAppended(entries: readonly Entry[]): void {
    const last = this.pending.lastId()
    if (last === null) return
    for (const { id } of entries) {
      if (id > last) return
      this.pending.adopt(id)
    }
  }

  /** Adjusts the group to the removal of all entries in a range. */
  entriesRemoved(range: IdRange): void {
    if (this.pending.size > 0) this.pending.orphan(range)
    if (this.returned.size === 0) return
    for (const id of [...this.returned.ascend((other) => compareIds(other, range.from))]) {
      if (id > range.to) return
      this.returned.delete(id)
    }
  }

  /** Whether an entry was returned and has not been delivered since. */
  hasReturned(id: EntryId): boolean {
    return this.returned.size > 0 && this.returned.find((other) => compareIds(other, id)) !== undefined
  }

  /** Whether there is an entry that no consumer has received. */
  hasNew(): boolean {
    return this.returned.size > 0 || this.stream.hasAfter(this.lastDeliveredId)
  }
}

/** A group's own values: everything except its consumers and pending entries. */
export interface GroupValues extends GroupPosition {
  readonly returned: readonly EntryId[]
  readonly nextConsumer: number
  readonly policy: DeliveryPolicy | null
  readonly policyAt: number
}

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>
