import type { Encoded, FieldsJson, StreamEntries } from './entries.ts'
import type { EntryId } from './entry-id.ts'

export interface ReadGroupsRequest {
  readonly group: string
  /** With `after`, the read returns the consumer's own pending entries after that id. */
  readonly streams: readonly { readonly stream: string; readonly after?: EntryId }[]
  readonly consumer: string
  /** Maximum number of entries from each stream. */
  readonly count: number
  readonly waitMs: number
  /** Delivers new entries without making them pending. Claimed entries become pending all the same. */
  readonly noAck: boolean
  readonly claimIdleMs?: number
}

export interface DeliveredEntry extends Encoded {
  readonly id: EntryId
  /** Null if the entry was deleted while it was pending. */
  readonly fields: FieldsJson | null
  /** Number of deliveries of this entry, including this one. */
  readonly deliveries: number
  /** How long the entry had been idle with its previous owner. Only claimed entries have it. */
  readonly idleMs?: number
}

export interface Delivery {
  readonly streams: StreamEntries<DeliveredEntry>[]
  /**
   * Takes the delivery back because the answer did not reach its consumer. This affects every entry that has
   * not been acked or claimed since. New entries go to the next reader of the group, claimed entries go back
   * to their previous owners, and delivery counts are as before. Only the first call has an effect. Never
   * rejects. Works without `this`, and keeps no entries in memory.
   */
  readonly undo: () => void
}
