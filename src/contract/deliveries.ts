import type { Encoded, FieldsJson, StreamEntries } from './entries.ts'
import type { EntryId } from './entry-id.ts'

export interface ReadGroupsRequest {
  readonly group: string
  /** With `after`, the consumer's own pending entries after that id. */
  readonly streams: readonly { readonly stream: string; readonly after?: EntryId }[]
  readonly consumer: string
  /** For each stream. */
  readonly count: number
  readonly waitMs: number
  /** Deliver without making pending. Claimed entries become pending all the same. */
  readonly noAck: boolean
  readonly claimIdleMs?: number
}

export interface DeliveredEntry extends Encoded {
  readonly id: EntryId
  /** Null when the entry was deleted while it was pending. */
  readonly fields: FieldsJson | null
  /** How often it was delivered, this time included. */
  readonly deliveries: number
  /** How long it had been pending elsewhere: only with claimed entries. */
  readonly idleMs?: number
}

export interface Delivery {
  readonly streams: StreamEntries<DeliveredEntry>[]
  /**
   * Says that the answer did not reach its consumer. What was given, and has not been acked or claimed since, is as
   * if it had not been: new entries go to the next reader of the group, claimed ones back to their owners, delivery
   * counts are as before. Only the first call counts. Never rejects. Works without `this`, and keeps no entries in memory.
   */
  readonly undo: () => void
}
