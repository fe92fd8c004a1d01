import type { DeliveryPolicy } from '../../contract/delivery-policy.ts'
import type { Entry } from '../../contract/entries.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { Death } from './dead-entries.ts'
import type { Trimmed } from './trim-plan.ts'

/**
 * A fact with every choice made. Applying it cannot fail, needs no clock, and reads no block that is not in
 * memory, because such a block may be damaged. The journal stores changes, recovery applies them again, and
 * nothing else changes the state. Times are in milliseconds since the epoch.
 */
export type Change =
  | { kind: 'streamCreated'; stream: string }
  | { kind: 'streamDeleted'; stream: string }
  | {
      kind: 'streamIdSet'
      stream: string
      lastId: EntryId
      entriesAdded: number
      maxDeletedId: EntryId
    }
  | { kind: 'appended'; stream: string; entries: readonly Entry[] }
  /** With the bytes of each entry's fields. */
  | { kind: 'entriesDeleted'; stream: string; ids: readonly EntryId[]; bytes: readonly number[] }
  /** The first entries were removed. */
  | ({ kind: 'trimmed'; stream: string } & Trimmed)
  /** The group was created, or moved to another position in the stream. */
  | {
      kind: 'groupSet'
      stream: string
      group: string
      lastDeliveredId: EntryId
      entriesRead: number | null
    }
  | { kind: 'groupDeleted'; stream: string; group: string }
  /** The consumer was created, or tried to read or claim. */
  | { kind: 'consumerSeen'; stream: string; group: string; consumer: string; at: number }
  | { kind: 'consumerDeleted'; stream: string; group: string; consumer: string }
  /** The group's next entries were delivered to a consumer. They became pending unless `noAck` is set. */
  | {
      kind: 'delivered'
      stream: string
      group: string
      consumer: string
      at: number
      ids: readonly EntryId[]
      noAck: boolean
      lastDeliveredId: EntryId
      entriesRead: number | null
    }
  /**
   * These entries are now pending with this owner, delivery time and count, whether or not they were pending
   * before.
   */
  | {
      kind: 'claimed'
      stream: string
      group: string
      consumer: string
      /** When the consumer was active; null if this does not count as activity. */
      activeAt: number | null
      claims: readonly { id: EntryId; deliveredAt: number; deliveries: number }[]
    }
  /** Entries were removed from the pending list or from the dead ones: they were acked, moved, or do not exist. */
  | { kind: 'acked'; stream: string; group: string; ids: readonly EntryId[] }
  /** Entries were delivered but not received. They are not pending, and are delivered before all others. */
  | { kind: 'returned'; stream: string; group: string; ids: readonly EntryId[] }
  /** The group has this policy now; null for none. The leases of its pending entries begin anew. */
  | { kind: 'policySet'; stream: string; group: string; at: number; policy: DeliveryPolicy | null }
  /**
   * These entries are now pending without an owner, with this due time and count, whether they were pending, dead, or
   * neither before.
   */
  | {
      kind: 'nacked'
      stream: string
      group: string
      nacks: readonly { id: EntryId; dueAt: number; deliveries: number }[]
    }
  /** These entries are dead now, and no longer pending. */
  | { kind: 'died'; stream: string; group: string; deaths: readonly Death[] }
  | OldChange

/**
 * Changes in journals of earlier versions. No decision makes them. They do not contain all that applying them
 * needs, so `Streams.apply` reads blocks for it.
 */
export type OldChange =
  | { kind: 'entriesDeletedV1'; stream: string; ids: readonly EntryId[] }
  /** The first `count` entries were removed. */
  | { kind: 'trimmedV1'; stream: string; count: number }
