/** The stream and the group that every scenario works on, as its requests have them. */
export const STREAM = 'orders'
export const GROUP = 'billing'
export const STREAM_PATH = `/v1/streams/${STREAM}`
export const GROUP_PATH = `${STREAM_PATH}/groups/${GROUP}`

export const PADDING = 'x'.repeat(100)

/** Fields as large as those of a small order, with the number of the entry. */
export function fieldsOf(number: number): string {
  return `{"number":"${number}","padding":"${PADDING}"}`
}

/** The body of an append of so many entries, the first of them with this number. */
export function appendBody(first: number, entries: number): string {
  const list = Array.from({ length: entries }, (_, i) => `{"fields":${fieldsOf(first + i)}}`)
  return `{"entries":[${list.join()}]}`
}

/** What a stream and its group tell of themselves. */
export interface Counts {
  readonly length: number
  readonly entriesRead: number
  readonly pending: number
  readonly lag: number
}

/** What they must tell when so many entries were appended, and each was delivered once and acked. */
export function allDone(entries: number): Counts {
  return { length: entries, entriesRead: entries, pending: 0, lag: 0 }
}
