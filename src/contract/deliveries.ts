import type { Encoded, FieldsJson, StreamEntries } from './entries.ts'
import type { EntryId } from './entry-id.ts'
import type { Nack } from './pending.ts'

export interface ReadGroupsRequest {
  readonly group: string
  readonly streams: readonly GroupReadPlace[]
  readonly consumer: string
  /** Maximum number of entries from each stream. */
  readonly count: number
  readonly waitMs: number
  /** Delivers new entries without making them pending. Claimed entries become pending all the same. */
  readonly noAck: boolean
  /** Not in a group with `ackTimeoutMs`. */
  readonly claimIdleMs?: number
  /** With `claimIdleMs`: passes over entries that were delivered this often or more. */
  readonly maxDeliveries?: number
}

/** A stream to read as a consumer, and what the consumer has done with earlier entries of it. */
export interface GroupReadPlace {
  readonly stream: string
  /** The read returns the consumer's own pending entries after this id. */
  readonly after?: EntryId
  /** Entries to ack first, if the consumer owns them. */
  readonly ack?: readonly EntryId[]
  /** Entries to nack first, if the consumer owns them. Of an id that is named twice, the first counts. */
  readonly nack?: readonly Nack[]
}

/** What a read settled before it read. */
export interface Settled {
  readonly acked: number
  readonly nacked: number
  readonly notPending: readonly EntryId[]
}

export interface DeliveredEntry extends Encoded {
  readonly id: EntryId
  /** Null if the entry was deleted while it was pending. */
  readonly fields: FieldsJson | null
  /** Number of deliveries of this entry, including this one. */
  readonly deliveries: number
  /** How long the entry had been idle with its previous owner. Only entries that were claimed or fell due. */
  readonly idleMs?: number
  /** How long the worker has to ack, nack or extend it, in milliseconds. Only with `ackTimeoutMs`. */
  readonly ackBeforeMs?: number
}

export interface Delivery {
  readonly streams: StreamEntries<DeliveredEntry>[]
  /**
   * What was settled in each stream of the request, in its order. Present if any of them had `ack` or `nack`.
   * Settled entries stay settled: a read that then fails in its wait resolves without entries, and `undo` does
   * not affect them.
   */
  readonly settled?: readonly Settled[]
  /**
   * Takes the delivery back because the answer did not reach its consumer. This affects every entry that has
   * not been acked or claimed since. New entries go to the next reader of the group, claimed entries go back
   * to their previous owners, and delivery counts are as before. Only the first call has an effect. Never
   * rejects. Works without `this`, and keeps no entries in memory.
   */
  readonly undo: () => void
}
