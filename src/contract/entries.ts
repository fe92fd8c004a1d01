import type { EntryId } from './entry-id.ts'
import type { StreamRef } from './refs.ts'

/** An entry's fields as they are sent: the JSON text, in UTF-8, of one object of strings. */
export type FieldsJson = Uint8Array

/** Of fields that a native Redis client wrote: where their bytes are no UTF-8, the JSON text has them as base64. */
export interface Encoded {
  /** The names, as they are in `fields`, of those whose values are base64. */
  readonly base64?: readonly string[]
  /** The names in `fields` that are base64 themselves. */
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

/** With `id` that id, with `idMs` the next free one of that millisecond, with neither the next one now. */
export interface AppendEntry {
  readonly fields: FieldsJson
  readonly id?: EntryId
  readonly idMs?: bigint
}

/** Keep the last `maxLength` entries, or those from `minId` on: exactly one of the two is given. */
export interface Trim {
  readonly maxLength?: number
  readonly minId?: EntryId
  /** Remove whole blocks only, never below what is to be kept. */
  readonly approximate: boolean
  /** Remove at most so many entries. Only with `approximate`. */
  readonly limit?: number
}

/** From `from` to `to`, both inclusive; either may lie outside of what an id can be. */
export interface IdRange {
  readonly from: EntryId
  readonly to: EntryId
}

export interface ListEntriesRequest extends StreamRef {
  /** "next": what is appended after this request came. */
  readonly from: EntryId | 'next'
  readonly to: EntryId
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly waitMs: number
  /** The answer may end after so many bytes of entries, if that is less than any answer holds. */
  readonly roomBytes?: number
  /** The reader has taken a place: its waiting is neither refused nor counted once more. */
  readonly hasPlace?: boolean
}

export interface EntryPage {
  readonly entries: Entry[]
  /**
   * Where to continue. The same request after this id (in descending order, before it) misses nothing and sees nothing
   * twice, whatever was trimmed or deleted since. That is the last entry of the page. Of a page without entries it is
   * where its range begins; for "next" and "last", the stream's last id when the request came.
   */
  readonly next: EntryId
}

export interface DeleteEntriesAnswer {
  readonly deleted: number
  /** Those named that did not exist. */
  readonly notFound: EntryId[]
}

export interface ReadStreamsRequest {
  readonly streams: readonly { readonly stream: string; readonly after: EntryId | 'last' }[]
  /** For each stream. */
  readonly count: number
  readonly waitMs: number
}

export interface StreamEntries<E> {
  readonly stream: string
  readonly entries: E[]
}

/** What a place in one of several streams had to give. */
export interface StreamPlace extends EntryPage {
  readonly stream: string
}
