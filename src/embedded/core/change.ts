import type { Entry } from '../../contract/entries.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { Trimmed } from './trim-plan.ts'

/**
 * What happened: a fact with every choice made, so that applying it cannot fail, needs no clock, and reads no block that
 * is not in memory: such a block may be damaged. The journal keeps changes, recovery applies them again, and nothing else
 * alters the state. Moments are milliseconds since the epoch.
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
  /** The first entries went. */
  | ({ kind: 'trimmed'; stream: string } & Trimmed)
  /** The group was made, or moved to another place of the stream. */
  | {
      kind: 'groupSet'
      stream: string
      group: string
      lastDeliveredId: EntryId
      entriesRead: number | null
    }
  | { kind: 'groupDeleted'; stream: string; group: string }
  /** The consumer was made, or came to read or claim. */
  | { kind: 'consumerSeen'; stream: string; group: string; consumer: string; at: number }
  | { kind: 'consumerDeleted'; stream: string; group: string; consumer: string }
  /** The group's next entries went to a consumer and, unless `noAck`, became its pending entries. */
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
  /** Pending entries have this owner, moment and count from now on; such as were not pending become so. */
  | {
      kind: 'claimed'
      stream: string
      group: string
      consumer: string
      /** When the consumer was active; null when this does not count as activity. */
      activeAt: number | null
      claims: readonly { id: EntryId; deliveredAt: number; deliveries: number }[]
    }
  /** Off the pending list: acked, or found to have no entry any more. */
  | { kind: 'acked'; stream: string; group: string; ids: readonly EntryId[] }
  /** Delivered, but never received: not pending, and first to be delivered next. */
  | { kind: 'returned'; stream: string; group: string; ids: readonly EntryId[] }
  | OldChange

/**
 * What journals of earlier versions say, and no decision does. They lack what applying them takes, so blocks are read
 * for it: see `Streams.apply`.
 */
export type OldChange =
  | { kind: 'entriesDeletedV1'; stream: string; ids: readonly EntryId[] }
  /** The first `count` entries went. */
  | { kind: 'trimmedV1'; stream: string; count: number }
