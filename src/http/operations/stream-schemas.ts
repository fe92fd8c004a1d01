import { Type } from '@sinclair/typebox'
import { groupPosition } from './group-schemas.ts'
import { AnswerId, Count, NextCursor, Nullable, StreamEntry } from './schemas.ts'

const sizeBytes = Count(
  'Total size of its entries in bytes: their fields as JSON text. On Redis, an estimate for the whole stream from `MEMORY USAGE`.'
)

const StreamSummary = Type.Object(
  {
    name: Type.String({ description: 'The name of the stream.' }),
    length: Count('Number of entries.'),
    sizeBytes,
    lastId: AnswerId('The highest id ever assigned.'),
    entriesAdded: Count('Number of entries ever appended.'),
    groups: Count('Number of groups.')
  },
  { $id: 'StreamSummary', description: 'A stream in a list of streams.' }
)

export const StreamList = Type.Object(
  {
    streams: Type.Array(StreamSummary, { description: 'The streams of the page.' }),
    cursor: NextCursor
  },
  { $id: 'StreamList', description: 'A page of streams.' }
)

const counters = {
  name: Type.String({ description: 'The name of the stream.' }),
  length: Count('Number of entries.'),
  sizeBytes,
  firstId: Nullable(AnswerId('The id of the first entry. Null if the stream is empty.')),
  lastId: AnswerId('The highest id ever assigned, even if its entry no longer exists.'),
  maxDeletedId: AnswerId('The highest id ever deleted with `deleteEntries`. Trimming does not count.'),
  entriesAdded: Count('Number of entries ever appended.'),
  firstEntry: Nullable(StreamEntry, 'The first entry. Null if the stream is empty or the entry is damaged.'),
  lastEntry: Nullable(StreamEntry, 'The last entry. Null if the stream is empty or the entry is damaged.')
}
const members = { ...counters, groups: Count('Number of groups.') }

export const StreamInfo = Type.Object(members, { $id: 'StreamInfo', description: 'A stream.' })

export const EnsuredStream = Type.Object(
  { created: Type.Boolean({ description: 'False if it already existed.' }), ...members },
  { $id: 'EnsuredStream', description: 'A stream, and whether the request created it.' }
)

const pending = {
  id: AnswerId('The id of the entry.'),
  deliveredAt: Count('When it was last delivered, in milliseconds since the epoch.'),
  deliveries: Count('Number of times it was delivered.')
}
const PendingOfGroup = Type.Object(
  {
    ...pending,
    consumer: Nullable(
      Type.String({ description: 'The consumer that it is pending for. Null if it was nacked.' })
    )
  },
  { $id: 'PendingOfGroup', description: 'A pending entry in the description of a group.' }
)
const PendingOfConsumer = Type.Object(pending, {
  $id: 'PendingOfConsumer',
  description: 'A pending entry in the description of a consumer.'
})

const ConsumerDescription = Type.Object(
  {
    name: Type.String({ description: 'The name of the consumer.' }),
    pending: Count('Number of its pending entries.'),
    seenAt: Count('When it last tried to read or claim, in milliseconds since the epoch.'),
    activeAt: Nullable(
      Count('When it last received an entry, in milliseconds since the epoch. Null if it never has.')
    ),
    pendingEntries: Type.Array(PendingOfConsumer, { description: 'Its pending entries, up to `limit`.' })
  },
  { $id: 'ConsumerDescription', description: 'Everything about a consumer.' }
)

const GroupDescription = Type.Object(
  {
    ...groupPosition,
    pendingEntries: Type.Array(PendingOfGroup, { description: 'Its pending entries, up to `limit`.' }),
    consumers: Type.Array(ConsumerDescription, { description: 'Its consumers, up to `limit`.' })
  },
  { $id: 'GroupDescription', description: 'Everything about a group.' }
)

export const StreamDescription = Type.Object(
  {
    ...counters,
    entries: Type.Array(StreamEntry, { description: 'Its first entries, up to `limit`.' }),
    groups: Type.Array(GroupDescription, { description: 'Its groups, up to `limit`.' }),
    truncated: Type.Boolean({
      description: 'Whether something within `limit` was left out because the response is full.'
    })
  },
  { $id: 'StreamDescription', description: 'Everything about a stream.' }
)

export const Deleted = Type.Object(
  {
    deleted: Type.Boolean({ description: 'Always true: deleting something that does not exist is refused.' })
  },
  { $id: 'Deletion', description: 'The stream or group was deleted.' }
)
