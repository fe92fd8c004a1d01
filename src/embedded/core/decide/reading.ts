import type { DeliveredEntry, ReadGroupsRequest, Settled } from '../../../contract/deliveries.ts'
import type { StreamEntries } from '../../../contract/entries.ts'
import type { EntryId } from '../../../contract/entry-id.ts'
import type { AnswerBudget } from '../answer-budget.ts'
import type { Change } from '../change.ts'
import { deliveredOnceMore } from '../delivery.ts'
import type { Group } from '../group.ts'
import { leaseEnd } from '../leases.ts'
import type { PendingState } from '../pending/pending-list.ts'
import type { Deaths } from './deaths.ts'

/** What a read delivers, and what is needed to undo it. */
export interface Reading {
  readonly streams: StreamEntries<DeliveredEntry>[]
  readonly deliveries: GroupDelivery[]
  /** One item for each stream of the request, if the request settles anything. */
  readonly settled?: readonly Settled[]
  /** New entries exist, but none was delivered because the limit of pending entries is reached. */
  readonly isAtPendingLimit: boolean
}

/** A read that finds nothing. */
export const EMPTY_READING: Reading = { streams: [], deliveries: [], isAtPendingLimit: false }

/** What one group delivered to a consumer. It holds ids only, because it may live as long as a connection. */
export interface GroupDelivery {
  readonly group: Group
  readonly consumer: string
  readonly at: number
  /** Entries delivered for the first time. */
  readonly newIds: readonly EntryId[]
  readonly noAck: boolean
  /** Entries delivered again, with their pending state before. */
  readonly redelivered: readonly PendingState[]
}

/** A read while it is being decided. */
export interface GroupsReading {
  readonly request: ReadGroupsRequest
  readonly now: number
  readonly changes: Change[]
  readonly streams: StreamEntries<DeliveredEntry>[]
  readonly deliveries: GroupDelivery[]
  readonly budget: AnswerBudget
  readonly deaths: Deaths
  /** How many further entries may become pending. */
  pendingLeft: number
  isAtPendingLimit: boolean
}

/** What an entry shows of the lease that begins with its delivery. */
export function leaseMembers(group: Group, now: number): { readonly ackBeforeMs?: number } {
  const endsAt = leaseEnd(group, now)
  return endsAt === null ? {} : { ackBeforeMs: endsAt - now }
}

export function deliveredAgain(states: readonly PendingState[], now: number) {
  return states.map(({ id, deliveries }) => ({
    id,
    deliveredAt: now,
    deliveries: deliveredOnceMore(deliveries)
  }))
}
