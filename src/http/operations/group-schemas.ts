import { Type } from '@sinclair/typebox'
import { AnsweredId, Count, NextCursor, Nullable } from './schemas.ts'

/** What a group says of itself wherever it is shown. */
export const groupPosition = {
  name: Type.String({ description: 'The name of the group.' }),
  pending: Count('How many entries are pending in it.'),
  lastDeliveredId: AnsweredId('Where the group is in the stream: the last id that it was given.'),
  entriesRead: Nullable(
    Count('How many entries of the stream it has read; null where that cannot be known.')
  ),
  lag: Nullable(Count('How many entries are still to be delivered; null where that cannot be known.'))
}
const members = {
  ...groupPosition,
  consumers: Count('How many consumers it has.'),
  oldestPendingMs: Nullable(
    Count(
      'How long the entry has been idle that has been so longest, of those pending that still exist; null where there is none, and on Redis where more than 1000 are pending.'
    )
  )
}

export const Group = Type.Object(members, { $id: 'Group', description: 'A consumer group.' })

export const EnsuredGroup = Type.Object(
  { created: Type.Boolean({ description: 'False when it existed.' }), ...members },
  { $id: 'EnsuredGroup', description: 'A group, and whether the request made it.' }
)

export const GroupList = Type.Object(
  {
    groups: Type.Array(Group, { description: 'The groups in the byte order of their names.' }),
    cursor: NextCursor
  },
  { $id: 'GroupList', description: 'A page of the groups of a stream.' }
)
