import type { Entry } from '../contract/entries.ts'
import { type EntryId, formatId } from '../contract/entry-id.ts'
import type { StreamInfo } from '../contract/streams.ts'
import { type Bytes, entryJson } from './json-answer.ts'

/**
 * A stream as JSON, with `more` members at its end. The fields of its first and last entry are the stored
 * bytes.
 */
export function streamJson(
  info: Omit<StreamInfo, 'groups'> & { readonly groups?: number; readonly created?: boolean },
  more: Bytes = ''
): Bytes {
  const { firstEntry, lastEntry, firstId, lastId, maxDeletedId, ...plain } = info
  const values = valueJson({
    ...plain,
    firstId: idOrNull(firstId),
    lastId: formatId(lastId),
    maxDeletedId: formatId(maxDeletedId)
  })
  const ends = `"firstEntry":${entryOrNull(firstEntry)},"lastEntry":${entryOrNull(lastEntry)}`
  return `${values.slice(0, -1)},${ends}${more}}`
}

/** Total size of the fields of a stream's first and last entry, in bytes. */
export function endBytesOf({ firstEntry, lastEntry }: Pick<StreamInfo, 'firstEntry' | 'lastEntry'>): number {
  return (firstEntry?.fields.length ?? 0) + (lastEntry?.fields.length ?? 0)
}

/** The JSON of a value without fields of entries. */
export function valueJson(value: unknown): Bytes {
  return Buffer.from(JSON.stringify(value)).toString('latin1')
}

export function idOrNull(id: EntryId | null): string | null {
  return id === null ? null : formatId(id)
}

function entryOrNull(entry: Entry | null): Bytes {
  return entry === null ? 'null' : entryJson(entry)
}
