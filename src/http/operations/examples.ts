/**
 * The world that all examples of the document are about: a stream of orders with two entries, a group that bills
 * them, and its workers Ann and Bob.
 */
export const FIRST = { id: '1767225600000-0', fields: { order: '1001', total: '49.90' } }
export const SECOND = { id: '1767225600250-0', fields: { order: '1002', total: '12.00' } }

/** When Ann was given the first entry, in milliseconds since the epoch. */
export const DELIVERED_AT = 1767225601000

const COUNTERS = {
  name: 'orders',
  length: 2,
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
  firstId: null,
  lastId: '0-0',
  maxDeletedId: '0-0',
  entriesAdded: 0,
  groups: 0,
  firstEntry: null,
  lastEntry: null
}

const PLACE = { lastDeliveredId: FIRST.id, entriesRead: 1, lag: 1 }
export const GROUP = { name: 'billing', consumers: 1, pending: 1, ...PLACE }
export const NEW_GROUP = {
  name: 'billing',
  consumers: 0,
  pending: 0,
  lastDeliveredId: '0-0',
  entriesRead: null,
  lag: 2
}

const PENDING = { id: FIRST.id, deliveredAt: DELIVERED_AT, deliveries: 1 }
export const DESCRIPTION = {
  ...COUNTERS,
  entries: [FIRST, SECOND],
  groups: [
    {
      name: 'billing',
      pending: 1,
      ...PLACE,
      pendingEntries: [{ ...PENDING, consumer: 'ann' }],
      consumers: [
        {
          name: 'ann',
          pending: 1,
          seenAt: DELIVERED_AT,
          activeAt: DELIVERED_AT,
          pendingEntries: [PENDING]
        }
      ]
    }
  ]
}
