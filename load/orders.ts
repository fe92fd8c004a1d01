import type { DeliveryPolicy } from '../src/contract/delivery-policy.ts'

/** The stream and the group that every scenario uses, and their paths. */
export const STREAM = 'orders'
export const GROUP = 'billing'
export const STREAM_PATH = `/v1/streams/${STREAM}`
export const GROUP_PATH = `${STREAM_PATH}/groups/${GROUP}`

/**
 * The delivery policy of a group that is measured with one. It applies to every entry, but no load reaches its limits:
 * all entries are acked at once, and at most a few thousand are pending.
 */
export const POLICY: DeliveryPolicy = {
  ackTimeoutMs: 30_000,
  maxDeliveries: 5,
  retryDelaysMs: [1000],
  maxPending: 1_000_000
}

export const PADDING = 'x'.repeat(100)

/** The fields of an entry, as JSON: its number, and enough padding for the size of a small order. */
export function fieldsOf(number: number): string {
  return `{"number":"${number}","padding":"${PADDING}"}`
}

/** The body of an append of this many entries, numbered from `first`. */
export function appendBody(first: number, entries: number): string {
  const list = Array.from({ length: entries }, (_, i) => `{"fields":${fieldsOf(first + i)}}`)
  return `{"entries":[${list.join()}]}`
}

/** The counts that a server reports about a stream and its group. */
export interface Counts {
  readonly length: number
  readonly entriesRead: number
  readonly pending: number
  readonly lag: number
}

/** The counts after this many entries were appended, each delivered once and acked. */
export function allDone(entries: number): Counts {
  return { length: entries, entriesRead: entries, pending: 0, lag: 0 }
}
