import type { DeliveryPolicy } from './delivery-policy.ts'
import type { EntryId } from './entry-id.ts'
import type { GroupRef } from './refs.ts'

export interface GroupInfo {
  readonly name: string
  readonly consumers: number
  /** Number of pending entries, without dead ones. */
  readonly pending: number
  /** How many of the pending entries were nacked and wait for their next delivery. */
  readonly delayed: number
  /** Number of dead entries in the group. Those in a dead-letter stream do not count. */
  readonly dead: number
  /** Null for a group without a policy. */
  readonly delivery: DeliveryPolicy | null
  readonly lastDeliveredId: EntryId
  /** Number of entries of the stream that the group has read; null if it cannot be known. */
  readonly entriesRead: number | null
  /** Number of entries still to be delivered; null if it cannot be known. */
  readonly lag: number | null
  /**
   * Idle time of the oldest pending entry that still exists. Null if there is none, or if finding it would
   * cost too much: on Redis, if the groups of the answer have more than 1,000 pending entries.
   */
  readonly oldestPendingMs: number | null
}

export interface GroupPage {
  readonly groups: readonly GroupInfo[]
  /** Absent on the last page. */
  readonly cursor?: string
}

export interface EnsureGroupRequest extends GroupRef {
  readonly after: EntryId | 'last'
  readonly entriesRead?: number
  readonly createStream: boolean
  readonly onlyNew: boolean
  /** The policy of a new group. Without members, the group gets none. */
  readonly delivery?: DeliveryPolicy
}

/** Without `after`, the group stays where it is. */
export interface UpdateGroupRequest extends GroupRef {
  readonly after?: EntryId | 'last'
  readonly entriesRead?: number
  /**
   * Replaces the whole policy. Without members, it removes the policy. Takes effect at once: the leases of
   * pending entries start anew.
   */
  readonly delivery?: DeliveryPolicy
}
