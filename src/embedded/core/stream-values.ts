import type { EntryId } from '../../contract/entry-id.ts'

/** A stream's own values: everything except its entries and groups. */
export interface StreamValues {
  readonly name: string
  /** Unique among all streams, including deleted ones. */
  readonly number: number
  /** The namespace of its blocks in the store. */
  readonly blockNamespace: number
  /** The highest id ever assigned. Only `setStreamId` can lower it. */
  readonly lastId: EntryId
  /** The highest id ever deleted by name, or the value set by `setStreamId`. */
  readonly maxDeletedId: EntryId
  /** The highest id of an entry deleted by name. A block may still contain it. */
  readonly deletedUpTo: EntryId
  /** Number of entries ever appended. */
  readonly entriesAdded: number
  /** Number of existing entries. */
  readonly length: number
  /** Bytes of their fields, as JSON text. */
  readonly sizeBytes: number
  /**
   * All entries up to this id are removed, though a block may still contain them. "0-0" if none was trimmed.
   */
  readonly trimmedThrough: EntryId
  /** Entries above `trimmedThrough` that are removed, though their blocks still contain them. */
  readonly tombstones: readonly Tombstone[]
}

/** A deleted entry that its block still contains. */
export interface Tombstone {
  readonly id: EntryId
  /** Size of its fields. */
  readonly bytes: number
}
