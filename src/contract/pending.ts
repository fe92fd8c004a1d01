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

/**
 * How a worker returns entries. `retry`: the delivery failed; the entry is delivered again after `delayMs` or the
 * policy's delay, or is dead after the last delivery. `release`: the delivery does not count, and the entry is
 * due at once. `reject`: the entry is dead at once.
 */
export type NackOutcome = 'retry' | 'release' | 'reject'

/** Entries to nack, with the same outcome. */
export interface Nack {
  readonly ids: readonly EntryId[]
  readonly outcome: NackOutcome
  /** Only with `retry`. */
  readonly delayMs?: number
  /** Kept if the entry dies. */
  readonly reason?: string
}

export interface NackRequest extends GroupRef, Nack {
  readonly consumer?: string
}

export interface NackAnswer {
  readonly nacked: number
  readonly notPending: EntryId[]
}

export interface ExtendRequest extends ConsumerRef {
  /** Absent: what the consumer holds, earliest due first, at most `EXTEND_AT_ONCE`. */
  readonly ids?: readonly EntryId[]
}

export interface ExtendAnswer {
  readonly extended: number
  readonly notPending: EntryId[]
  /** How long the worker now has left for them, in milliseconds; null without a time limit. */
  readonly ackBeforeMs: number | null
  /** Present if the consumer holds further entries that were not extended lately. */
  readonly more?: true
}

/**
 * `leased`: in the hands of its consumer. `due`: the next reader of the group gets it; a consumer that still owns
 * it may ack or extend it until then. `delayed`: waits for its next delivery. In a group without `ackTimeoutMs`,
 * only nacked entries are due or delayed.
 */
export type PendingEntryState = 'leased' | 'due' | 'delayed'

export interface ListPendingRequest extends GroupRef, IdRange {
  readonly limit: number
  readonly consumer?: string
  readonly minIdleMs: number
}

export interface PendingEntry {
  readonly id: EntryId
  /** Null if the entry was nacked: it is in nobody's hands. */
  readonly consumer: string | null
  /** Milliseconds since the last delivery or extension. For a nacked entry, since it fell due; 0 before. */
  readonly idleMs: number
  readonly deliveries: number
  readonly state: PendingEntryState
  /** Milliseconds until a leased or delayed entry falls due. Absent if it is due, or never falls due. */
  readonly dueInMs?: number
}

export interface PendingSummary {
  readonly count: number
  readonly firstId: EntryId | null
  readonly lastId: EntryId | null
  /** Only consumers that own pending entries, in the byte order of their names. */
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
  /** Claims only entries that this consumer owns. */
  readonly onlyFrom?: string
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
  /** Passes over entries that were delivered this often or more. */
  readonly maxDeliveries?: number
}

export interface ClaimAnswer {
  /** Without `fields` if only ids were requested. Once the answer is full, further ids are not claimed. */
  readonly entries: ({ id: EntryId; fields?: FieldsJson; deliveries: number } & Encoded)[]
  /** Pending ids whose entry no longer exists. The claim has removed them from the pending list. */
  readonly deletedIds: EntryId[]
}
