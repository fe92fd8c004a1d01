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
  /** Only consumers with pending entries, in the byte order of their names. */
  readonly consumers: { name: string; count: number }[]
  /** Absent on the last page. */
  readonly cursor?: string
}

export interface ClaimRequest extends ConsumerRef {
  readonly ids: readonly EntryId[]
  readonly minIdleMs: number
  /**
   * Sets the idle time of the claimed entries. The resulting delivery time is not before 1970. At most one of
   * this and `deliveredAt` is given.
   */
  readonly idleMs?: number
  /** Sets the delivery time, in milliseconds since the epoch. A time in the future means now. */
  readonly deliveredAt?: number
  /** Sets the delivery count instead of incrementing it. */
  readonly deliveries?: number
  /** Also claims entries of the stream that are not pending. */
  readonly force: boolean
  /** Returns ids without fields, and does not increment delivery counts. */
  readonly justIds: boolean
  /**
   * Moves the group's position forward to this id, never back. Rejected with id-too-high above the stream's
   * last id.
   */
  readonly lastId?: EntryId
}

export interface AutoClaimRequest extends ConsumerRef {
  readonly minIdleMs: number
  readonly from: EntryId
  readonly count: number
  readonly justIds: boolean
}

export interface ClaimAnswer {
  /** Without `fields` if only ids were requested. Once the answer is full, further ids are not claimed. */
  readonly entries: ({ id: EntryId; fields?: FieldsJson; deliveries: number } & Encoded)[]
  /** Pending ids whose entry no longer exists. The claim has removed them from the pending list. */
  readonly deletedIds: EntryId[]
}
