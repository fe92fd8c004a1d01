import type { EntryId } from './entry-id.ts'
import type { StreamRef } from './refs.ts'

/** An entry's fields as they are sent: the JSON text, in UTF-8, of one object of strings. */
export type FieldsJson = Uint8Array

/**
 * For fields that a native Redis client wrote: names and values that are not valid UTF-8 are base64 in the
 * JSON text.
 */
export interface Encoded {
  /** Names, as they appear in `fields`, whose values are base64. */
  readonly base64?: readonly string[]
  /** Names in `fields` that are themselves base64. */
  readonly base64Names?: readonly string[]
}

export interface Entry extends Encoded {
  readonly id: EntryId
  readonly fields: FieldsJson
}

export interface AppendRequest extends StreamRef {
  readonly entries: readonly AppendEntry[]
  readonly createStream: boolean
  readonly trim?: Trim
}

/**
 * With `id`, the entry gets that id. With `idMs`, it gets the next free id of that millisecond. With neither,
 * it gets the next id of the current millisecond.
 */
export interface AppendEntry {
  readonly fields: FieldsJson
  readonly id?: EntryId
  readonly idMs?: bigint
}

/** Keeps the last `maxLength` entries, or the entries from `minId` on. Exactly one of the two is given. */
export interface Trim {
  readonly maxLength?: number
  readonly minId?: EntryId
  /** Removes whole blocks only, and none that contains an entry to keep. */
  readonly approximate: boolean
  /** Maximum number of entries to remove. Only with `approximate`. */
  readonly limit?: number
}

/** From `from` to `to`, both inclusive. Either may lie outside the range of valid ids. */
export interface IdRange {
  readonly from: EntryId
  readonly to: EntryId
}

export interface ListEntriesRequest extends StreamRef {
  /** "next" starts after the stream's last id at the time of the request. */
  readonly from: EntryId | 'next'
  readonly to: EntryId
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly waitMs: number
  /** Maximum bytes of entries in the answer, if less than the general maximum. */
  readonly roomBytes?: number
  /** The reader has reserved its place with `takePlace`: its wait is not refused, and not counted again. */
  readonly hasPlace?: boolean
}

export interface EntryPage {
  readonly entries: Entry[]
  /**
   * Where to continue. The same request after this id (in descending order, before it) skips and repeats
   * nothing, whatever has been trimmed or deleted since. It is the id of the page's last entry. On a page
   * without entries, it is where the range begins; for "next" and "last", the stream's last id at the time of
   * the request.
   */
  readonly next: EntryId
}

export interface DeleteEntriesAnswer {
  readonly deleted: number
  /** Ids of the request that did not exist. */
  readonly notFound: EntryId[]
}

export interface ReadStreamsRequest {
  readonly streams: readonly { readonly stream: string; readonly after: EntryId | 'last' }[]
  /** Maximum number of entries from each stream. */
  readonly count: number
  readonly waitMs: number
}

export interface StreamEntries<E> {
  readonly stream: string
  readonly entries: E[]
}

/** What a read of several streams found in one of them. */
export interface StreamPlace extends EntryPage {
  readonly stream: string
}
