import type { Entry } from './entries.ts'
import type { EntryId } from './entry-id.ts'
import type { GroupInfo } from './groups.ts'
import type { PageRequest, StreamRef } from './refs.ts'

export interface ListStreamsRequest extends PageRequest {
  readonly prefix: string
}

export interface StreamPage {
  readonly streams: {
    name: string
    length: number
    /** As in `StreamInfo`. */
    sizeBytes: number
    lastId: EntryId
    /** Number of entries ever appended. */
    entriesAdded: number
    groups: number
  }[]
  /** Absent on the last page. */
  readonly cursor?: string
}

export interface StreamInfo {
  readonly name: string
  readonly length: number
  /**
   * Size of the entries. On the embedded engine, it is the sum of their fields' JSON text, without ids and
   * storage overhead, and exactly 0 without entries. On Redis, it is the result of `MEMORY USAGE`: an
   * estimate of the memory of the whole stream, including its pending lists.
   */
  readonly sizeBytes: number
  /** Null while the stream has no entries. */
  readonly firstId: EntryId | null
  /** The highest id ever assigned, whether or not its entry still exists. */
  readonly lastId: EntryId
  /** The highest id ever deleted by name. Trimming does not count. */
  readonly maxDeletedId: EntryId
  /** Number of entries ever appended. */
  readonly entriesAdded: number
  /** Number of groups. */
  readonly groups: number
  /** Null if the stream has no entries, or if this one is damaged. */
  readonly firstEntry: Entry | null
  /** Null if the stream has no entries, or if this one is damaged. */
  readonly lastEntry: Entry | null
}

export interface StreamDescription extends Omit<StreamInfo, 'groups'> {
  readonly entries: Entry[]
  readonly groups: GroupDescription[]
  /** Whether something is missing that `limit` alone would have allowed. */
  readonly truncated: boolean
}

/** With times instead of durations. */
export interface GroupDescription
  extends Omit<GroupInfo, 'consumers' | 'delayed' | 'dead' | 'delivery' | 'oldestPendingMs'> {
  readonly pendingEntries: (Pending & { consumer: string | null })[]
  readonly consumers: {
    name: string
    pending: number
    /** Time of the last attempt to read or claim, in milliseconds since the epoch. */
    seenAt: number
    /** Time of the last delivery, in milliseconds since the epoch; null if there was none. */
    activeAt: number | null
    pendingEntries: Pending[]
  }[]
}

interface Pending {
  id: EntryId
  /** Milliseconds since the epoch. */
  deliveredAt: number
  deliveries: number
}

export interface SetStreamIdRequest extends StreamRef {
  readonly lastId: EntryId
  readonly entriesAdded?: number
  readonly maxDeletedId?: EntryId
}
