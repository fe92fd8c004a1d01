import { Type } from '@sinclair/typebox'
import { groupPosition } from './group-schemas.ts'
import { AnsweredId, Count, Entry, NextCursor, Nullable } from './schemas.ts'

const sizeBytes = Count(
  'How large its entries are: the sum of their fields as JSON text. On Redis, what `MEMORY USAGE` says of all there is to the stream, an estimate.'
)

const StreamSummary = Type.Object(
  {
    name: Type.String({ description: 'The name of the stream.' }),
    length: Count('How many entries it holds.'),
    sizeBytes,
    lastId: AnsweredId('The highest id ever given.'),
    entriesAdded: Count('How many entries were ever appended.'),
    groups: Count('How many groups it has.')
  },
  { $id: 'StreamSummary', description: 'A stream in a list of streams.' }
)

export const StreamPage = Type.Object(
  {
    streams: Type.Array(StreamSummary, { description: 'The streams of the page.' }),
    cursor: NextCursor
  },
  { $id: 'StreamPage', description: 'A page of streams.' }
)

const counters = {
  name: Type.String({ description: 'The name of the stream.' }),
  length: Count('How many entries it holds.'),
  sizeBytes,
  firstId: Nullable(AnsweredId('The id of the first entry; null while there is none.')),
  lastId: AnsweredId('The highest id ever given, whether its entry still exists or not.'),
  maxDeletedId: AnsweredId('The highest id ever deleted by name. Trimming does not count.'),
  entriesAdded: Count('How many entries were ever appended.'),
  firstEntry: Nullable(Entry, {
    description: 'The first entry; null while there is none, or where it is damaged.'
  }),
  lastEntry: Nullable(Entry, {
    description: 'The last entry; null while there is none, or where it is damaged.'
  })
}
const members = { ...counters, groups: Count('How many groups it has.') }

export const Stream = Type.Object(members, { $id: 'Stream', description: 'A stream.' })

export const EnsuredStream = Type.Object(
  { created: Type.Boolean({ description: 'False when it existed.' }), ...members },
  { $id: 'EnsuredStream', description: 'A stream, and whether the request made it.' }
)

const pending = {
  id: AnsweredId('The id of the entry.'),
  deliveredAt: Count('When it was delivered last, in milliseconds since the epoch.'),
  deliveries: Count('How often it was delivered.')
}
const PendingOfGroup = Type.Object(
  { ...pending, consumer: Type.String({ description: 'Who has it.' }) },
  { $id: 'PendingOfGroup', description: 'A pending entry in the description of a group.' }
)
const PendingOfConsumer = Type.Object(pending, {
  $id: 'PendingOfConsumer',
  description: 'A pending entry in the description of a consumer.'
})

const ConsumerDescription = Type.Object(
  {
    name: Type.String({ description: 'The name of the consumer.' }),
    pending: Count('How many entries it has pending.'),
    seenAt: Count('When it last tried to read or claim, in milliseconds since the epoch.'),
    activeAt: Nullable(Count('When it was last given an entry; null for never.')),
    pendingEntries: Type.Array(PendingOfConsumer, { description: 'What it has pending, up to the limit.' })
  },
  { $id: 'ConsumerDescription', description: 'Everything about a consumer.' }
)

const GroupDescription = Type.Object(
  {
    ...groupPosition,
    pendingEntries: Type.Array(PendingOfGroup, { description: 'What is pending in it, up to the limit.' }),
    consumers: Type.Array(ConsumerDescription, { description: 'Its consumers, up to the limit.' })
  },
  { $id: 'GroupDescription', description: 'Everything about a group.' }
)

export const StreamDescription = Type.Object(
  {
    ...counters,
    entries: Type.Array(Entry, { description: 'Its first entries, up to the limit.' }),
    groups: Type.Array(GroupDescription, { description: 'Its groups, up to the limit.' }),
    truncated: Type.Boolean({
      description: 'Whether something within `limit` was left out because the answer is full.'
    })
  },
  { $id: 'StreamDescription', description: 'Everything about a stream.' }
)

export const Deleted = Type.Object(
  { deleted: Type.Boolean({ description: 'Always true: what does not exist is refused.' }) },
  { $id: 'Deleted', description: 'What was named is gone.' }
)
