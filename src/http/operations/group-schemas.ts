import { Type } from '@sinclair/typebox'
import { CurrentDeliveryPolicy } from './delivery-policy.ts'
import { AnswerId, Count, NextCursor, Nullable } from './schemas.ts'

/** The members of a group in every answer that contains it. */
export const groupPosition = {
  name: Type.String({ description: 'The name of the group.' }),
  pending: Count('Number of its pending entries, without dead ones.'),
  lastDeliveredId: AnswerId('The position of the group in the stream: the last id that was delivered to it.'),
  entriesRead: Nullable(
    Count('Number of entries of the stream that it has read. Null if this is not known.')
  ),
  lag: Nullable(Count('Number of entries still to be delivered. Null if this is not known.'))
}
const members = {
  ...groupPosition,
  consumers: Count('Number of consumers.'),
  delayed: Count('Number of its pending entries that were nacked and wait to be due.'),
  dead: Count('Number of its dead entries, without those in a dead-letter stream.'),
  delivery: CurrentDeliveryPolicy,
  oldestPendingMs: Nullable(
    Count(
      'Idle time of the oldest pending entry that still exists, in milliseconds. Null if there is none, and on Redis if more than 1000 entries are pending.'
    )
  )
}

export const GroupInfo = Type.Object(members, { $id: 'GroupInfo', description: 'A consumer group.' })

export const EnsuredGroup = Type.Object(
  { created: Type.Boolean({ description: 'False if it already existed.' }), ...members },
  { $id: 'EnsuredGroup', description: 'A group, and whether the request created it.' }
)

export const GroupList = Type.Object(
  {
    groups: Type.Array(GroupInfo, { description: 'The groups of the page.' }),
    cursor: NextCursor
  },
  { $id: 'GroupList', description: 'A page of the groups of a stream.' }
)
