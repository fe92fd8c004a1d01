import type { Encoded, FieldsJson, IdRange } from './entries.ts'
import type { EntryId } from './entry-id.ts'
import type { ConsumerRef, GroupRef } from './refs.ts'

export interface AckRequest extends GroupRef {
  readonly ids: readonly EntryId[]
  readonly consumer?: string
}

export interface AckAnswer {
  readonly acked: number
  readonly notPending: EntryId[]
}

export interface ListPendingRequest extends GroupRef, IdRange {
  readonly limit: number
  readonly consumer?: string
  readonly minIdleMs: number
}

export interface PendingEntry {
  readonly id: EntryId
  readonly consumer: string
  readonly idleMs: number
  readonly deliveries: number
}

export interface PendingSummary {
  readonly count: number
  readonly firstId: EntryId | null
  readonly lastId: EntryId | null
  /** Only those that have some, in the byte order of their names. */
  readonly consumers: { name: string; count: number }[]
  /** Left out on the last page. */
  readonly cursor?: string
}

export interface ClaimRequest extends ConsumerRef {
  readonly ids: readonly EntryId[]
  readonly minIdleMs: number
  /**
   * Claim as if it had been idle for so long, but not since before 1970; at most one of this and `deliveredAt` is given.
   */
  readonly idleMs?: number
  /** Claim as if it had been delivered then, in milliseconds since the epoch. A moment in the future means now. */
  readonly deliveredAt?: number
  /** Set the delivery count instead of raising it. */
  readonly deliveries?: number
  /** Also entries of the stream that are not pending. */
  readonly force: boolean
  /** Without the entries' fields, and without raising the delivery count. */
  readonly justIds: boolean
  /** Moves the group's place forward to this id, never back. Refused as id-too-high above the stream's last id. */
  readonly lastId?: EntryId
}

export interface AutoClaimRequest extends ConsumerRef {
  readonly minIdleMs: number
  readonly from: EntryId
  readonly count: number
  readonly justIds: boolean
}

export interface ClaimAnswer {
  /** Without `fields` when only ids were asked for. Ids that come when the answer has no room left are not claimed. */
  readonly entries: ({ id: EntryId; fields?: FieldsJson; deliveries: number } & Encoded)[]
  /** Pending ids whose entry no longer exists, now taken off the pending list. */
  readonly deletedIds: EntryId[]
}
