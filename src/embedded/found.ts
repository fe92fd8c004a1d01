import type { FieldsJson, StreamEntries } from '../contract/entries.ts'

/** The answer for a reader, and the journal's position at that time. */
export interface Found<A> {
  readonly answer: A
  readonly position: number
}

export function fieldBytes(entries: readonly { readonly fields: FieldsJson | null }[]): number {
  let bytes = 0
  for (const { fields } of entries) bytes += fields?.length ?? 0
  return bytes
}

export function fieldBytesIn(
  streams: readonly StreamEntries<{ readonly fields: FieldsJson | null }>[]
): number {
  let bytes = 0
  for (const { entries } of streams) bytes += fieldBytes(entries)
  return bytes
}
