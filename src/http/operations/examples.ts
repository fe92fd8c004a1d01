/**
 * All examples of the document share one scenario: a stream of orders with two entries, a group that bills
 * them, and its workers Ann, who has received the first entry, and Bob. A test checks that the server answers
 * like the examples.
 */
export const FIRST = { id: '1767225600000-0', fields: { order: '1001', total: '49.90' } }
export const SECOND = { id: '1767225600000-1', fields: { order: '1002', total: '12.00' } }
/** An id that no entry has. */
export const MISSING_ID = '1767225600000-7'

/** Size of the fields of both entries. */
export const SIZE_BYTES = [FIRST, SECOND].reduce((sum, { fields }) => sum + JSON.stringify(fields).length, 0)

/** When Ann received the first entry and Bob was created, in milliseconds since the epoch. */
const DELIVERED_AT = 1767225601000
/** When an entry dies in the examples. */
export const DEAD_AT = 1767225605200
/** Why it dies. */
export const REASON = 'The card was declined'
/** How long ago Ann received the first entry. */
export const IDLE_MS = 4200

const COUNTERS = {
  name: 'orders',
  length: 2,
  sizeBytes: SIZE_BYTES,
  firstId: FIRST.id,
  lastId: SECOND.id,
  maxDeletedId: '0-0',
  entriesAdded: 2,
  firstEntry: FIRST,
  lastEntry: SECOND
}
export const STREAM = { ...COUNTERS, groups: 1 }
export const EMPTY_STREAM = {
  name: 'orders',
  length: 0,
  sizeBytes: 0,
  firstId: null,
  lastId: '0-0',
  maxDeletedId: '0-0',
  entriesAdded: 0,
  groups: 0,
  firstEntry: null,
  lastEntry: null
}

const POSITION = { name: 'billing', pending: 1, lastDeliveredId: FIRST.id, entriesRead: 1, lag: 1 }
const NONE_DEAD = { delayed: 0, dead: 0, delivery: null }
export const GROUP = { ...POSITION, ...NONE_DEAD, consumers: 2, oldestPendingMs: IDLE_MS }
/** A delivery policy. */
export const POLICY = { ackTimeoutMs: 30_000, maxDeliveries: 5, retryDelaysMs: [1000, 10_000, 60_000] }
export const NEW_GROUP = {
  name: 'billing',
  consumers: 0,
  pending: 0,
  ...NONE_DEAD,
  lastDeliveredId: '0-0',
  entriesRead: null,
  lag: 2,
  oldestPendingMs: null
}

const PENDING = { id: FIRST.id, deliveredAt: DELIVERED_AT, deliveries: 1 }
export const DESCRIPTION = {
  ...COUNTERS,
  entries: [FIRST, SECOND],
  groups: [
    {
      ...POSITION,
      pendingEntries: [{ ...PENDING, consumer: 'ann' }],
      consumers: [
        {
          name: 'ann',
          pending: 1,
          seenAt: DELIVERED_AT,
          activeAt: DELIVERED_AT,
          pendingEntries: [PENDING]
        },
        { name: 'bob', pending: 0, seenAt: DELIVERED_AT, activeAt: null, pendingEntries: [] }
      ]
    }
  ],
  truncated: false
}
