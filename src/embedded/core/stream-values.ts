import type { EntryId } from '../../contract/entry-id.ts'

/** A stream's own values: all there is to it but its entries and its groups. */
export interface StreamValues {
  readonly name: string
  /** Tells it from every other stream there is or was. */
  readonly number: number
  /** What its blocks are kept under. */
  readonly blockNamespace: number
  /** The highest id ever given; never goes down but by `setStreamId`. */
  readonly lastId: EntryId
  /** The highest id ever deleted by name, or what `setStreamId` says that it is. */
  readonly maxDeletedId: EntryId
  /** The highest id of an entry deleted by name, whose place a block may still hold. */
  readonly deletedUpTo: EntryId
  /** How many entries were ever appended. */
  readonly entriesAdded: number
  /** Entries that exist. */
  readonly length: number
  /** Bytes of their fields, as JSON text. */
  readonly sizeBytes: number
  /** Every entry up to here is gone, though a block may still hold it; "0-0" when none is. */
  readonly trimmedThrough: EntryId
  /** Entries above that are gone as well, though their blocks hold them. */
  readonly tombstones: readonly Tombstone[]
}

/** An entry that was deleted, and its block not told. */
export interface Tombstone {
  readonly id: EntryId
  /** Of its fields. */
  readonly bytes: number
}
