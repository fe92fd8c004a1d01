import type { EntryId } from './entry-id.ts'
import type { GroupRef } from './refs.ts'

export interface GroupInfo {
  readonly name: string
  readonly consumers: number
  readonly pending: number
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
}

/** Without `after`, the group stays where it is. */
export interface UpdateGroupRequest extends GroupRef {
  readonly after?: EntryId | 'last'
  readonly entriesRead?: number
}
