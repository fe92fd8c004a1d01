import type { EntryId } from './entry-id.ts'
import type { GroupRef } from './refs.ts'

export interface GroupInfo {
  readonly name: string
  readonly consumers: number
  readonly pending: number
  readonly lastDeliveredId: EntryId
  /** How many entries of the stream the group has read; null where that cannot be known. */
  readonly entriesRead: number | null
  /** How many entries are still to be delivered; null where that cannot be known. */
  readonly lag: number | null
  /**
   * How long the entry has been idle that has been so longest, of those pending ones that still exist; null where there
   * is none, and where telling would cost too much: in Redis, with more than 1,000 pending entries in the answer's groups.
   */
  readonly oldestPendingMs: number | null
}

export interface GroupPage {
  readonly groups: readonly GroupInfo[]
  /** Left out on the last page. */
  readonly cursor?: string
}

export interface EnsureGroupRequest extends GroupRef {
  readonly after: EntryId | 'last'
  readonly entriesRead?: number
  readonly createStream: boolean
  readonly onlyNew: boolean
}

/** Without `after` the group stays where it is. */
export interface UpdateGroupRequest extends GroupRef {
  readonly after?: EntryId | 'last'
  readonly entriesRead?: number
}
