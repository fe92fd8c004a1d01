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
    /** How many entries were ever appended. */
    entriesAdded: number
    groups: number
  }[]
  /** Left out on the last page. */
  readonly cursor?: string
}

export interface StreamInfo {
  readonly name: string
  readonly length: number
  /**
   * How large its entries are. Where streams are kept on this machine, that is the sum of their fields' JSON text as it
   * is sent, without ids and whatever keeping them takes besides; exactly 0 without entries. Where they are in Redis, it
   * is what `MEMORY USAGE` says: an estimate of the memory of all there is to the stream, its pending lists included.
   */
  readonly sizeBytes: number
  /** Null while the stream holds no entry. */
  readonly firstId: EntryId | null
  /** The highest id ever given, whether its entry still exists or not. */
  readonly lastId: EntryId
  /** The highest id ever deleted by name. Trimming does not count. */
  readonly maxDeletedId: EntryId
  /** How many entries were ever appended. */
  readonly entriesAdded: number
  /** How many groups there are. */
  readonly groups: number
  /** Null when there is none, or it is damaged. */
  readonly firstEntry: Entry | null
  /** The same. */
  readonly lastEntry: Entry | null
}

export interface StreamDescription extends Omit<StreamInfo, 'groups'> {
  readonly entries: Entry[]
  readonly groups: GroupDescription[]
  /** Whether something was left out that `limit` would have let in. */
  readonly truncated: boolean
}

/** With moments, and so without durations. */
export interface GroupDescription extends Omit<GroupInfo, 'consumers' | 'oldestPendingMs'> {
  readonly pendingEntries: (Pending & { consumer: string })[]
  readonly consumers: {
    name: string
    pending: number
    /** Milliseconds since the epoch, of the last attempt to read or claim. */
    seenAt: number
    /** Of the last time it was given an entry; null for never. */
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
