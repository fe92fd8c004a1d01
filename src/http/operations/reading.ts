import { Type } from '@sinclair/typebox'
import { FIRST, SECOND } from './examples.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  ANSWER_ROOM,
  AnsweredId,
  BodyObject,
  Count,
  Entry,
  encoded,
  Fields,
  Flag,
  GroupPath,
  Id,
  Ids,
  MAX_ITEMS,
  Name,
  NextPlace,
  Nullable,
  PageSize,
  Place,
  WaitMs
} from './schemas.ts'

const StreamEntries = Type.Object(
  {
    stream: Type.String({ description: 'The stream.' }),
    entries: Type.Array(Entry, { description: 'Its entries; none when there was nothing to read.' }),
    next: NextPlace('Where to continue in this stream: send it as `after`.')
  },
  { $id: 'StreamEntries', description: 'Entries of one of several streams.' }
)

const ReadPlace = BodyObject(
  { stream: Name('The stream', 'orders'), after: Place('Read what comes after it.') },
  { $id: 'ReadPlace', description: 'Where to read in a stream.' }
)

export const readStreams = (maxWaitMs: number) =>
  operation(
    {
      body: BodyObject(
        {
          streams: Type.Array(ReadPlace, {
            minItems: 1,
            maxItems: MAX_ITEMS,
            description: 'The streams to read.'
          }),
          count: PageSize('How many entries of each stream at most.', 10),
          waitMs: WaitMs(maxWaitMs)
        },
        { $id: 'ReadStreamsRequest', description: 'Streams to read, and from where.' }
      )
    },
    {
      operationId: 'readStreams',
      summary: 'Read several streams',
      description: `What comes after a place in each of them. Waits until any of them has an entry. The answer names every stream of the request, in its order, and says where to continue in it. ${ANSWER_ROOM}`,
      redis: '`XREAD`',
      tag: 'entries',
      scope: 'read',
      example: { streams: [{ stream: 'orders', after: '0-0' }], count: 10, waitMs: 30_000 },
      answer: {
        description: 'The streams of the request.',
        schema: Type.Object(
          { streams: Type.Array(StreamEntries, { description: 'One for each stream of the request.' }) },
          { $id: 'StreamsRead', description: 'Entries of several streams.' }
        ),
        example: { streams: [{ stream: 'orders', entries: [FIRST, SECOND], next: SECOND.id }] }
      },
      problems: ['stream-not-found', 'invalid-id', 'entry-damaged', 'too-many-waiting']
    }
  )

const DeliveredEntry = Type.Object(
  {
    id: AnsweredId('The id of the entry.'),
    fields: Nullable(Fields, { description: 'Its content; null when it was deleted while it was pending.' }),
    deliveries: Count('How often it was delivered, this time included.'),
    idleMs: Type.Optional(
      Count('How long it had been pending elsewhere; only with entries that were claimed.')
    ),
    ...encoded
  },
  {
    $id: 'DeliveredEntry',
    description: 'An entry given to a consumer.'
  }
)

/** What a consumer says when it reads. */
const readMembers = (maxWaitMs: number) => ({
  consumer: Name('Who reads; made if need be', 'ann'),
  count: PageSize('How many entries of each stream at most.', 10),
  waitMs: WaitMs(maxWaitMs),
  noAck: Flag('Deliver without making pending, so that nothing is to be acked.', false),
  claimIdleMs: Type.Optional(
    Count('Before new entries, give those that were pending with anybody for so long.')
  )
})

const history = 'Give what the consumer has pending behind this id instead of new entries, without waiting.'

export const readGroup = (maxWaitMs: number) =>
  operation(
    {
      params: GroupPath,
      body: BodyObject(
        { ...readMembers(maxWaitMs), after: Type.Optional(Id(history)) },
        { $id: 'ReadGroupRequest', description: 'Who reads, and how much.' }
      )
    },
    {
      operationId: 'readGroup',
      summary: 'Take the next entries as a consumer',
      description:
        'Gives the next entries that no consumer of the group was given, oldest first, and makes them pending until ' +
        'they are acked. With none, waits. Waiting consumers are served first come first served. A consumer whose ' +
        'connection closes before the answer is sent is given nothing. With `after` it gets what it has pending. ' +
        ANSWER_ROOM,
      redis: '`XREADGROUP`',
      tag: 'reading',
      scope: 'consume',
      example: { consumer: 'ann', count: 1, waitMs: 30_000 },
      answer: {
        description: 'The entries; none when there was nothing to give.',
        schema: Type.Object(
          { entries: Type.Array(DeliveredEntry, { description: 'What the consumer is given.' }) },
          { $id: 'GroupRead', description: 'Entries given to a consumer.' }
        ),
        example: { entries: [{ ...FIRST, deliveries: 1 }] }
      },
      problems: [
        'stream-not-found',
        'group-not-found',
        'invalid-id',
        'entry-damaged',
        'too-many-waiting',
        ...GROWTH
      ]
    }
  )

const GroupReadPlace = BodyObject(
  { stream: Name('The stream', 'orders'), after: Type.Optional(Id(history)) },
  { $id: 'GroupReadPlace', description: 'A stream to read as a consumer.' }
)

const DeliveredStreamEntries = Type.Object(
  {
    stream: Type.String({ description: 'The stream.' }),
    entries: Type.Array(DeliveredEntry, { description: 'What the consumer is given of it.' })
  },
  { $id: 'DeliveredStreamEntries', description: 'Entries of one of several streams, given to a consumer.' }
)

const GroupsPath = Type.Object({ group: GroupPath.properties.group })

export const readGroups = (maxWaitMs: number) =>
  operation(
    {
      params: GroupsPath,
      body: BodyObject(
        {
          streams: Type.Array(GroupReadPlace, {
            minItems: 1,
            maxItems: MAX_ITEMS,
            description: 'The streams to read.'
          }),
          ...readMembers(maxWaitMs)
        },
        { $id: 'ReadGroupsRequest', description: 'Who reads, what, and how much.' }
      )
    },
    {
      operationId: 'readGroups',
      summary: 'Take the next entries of several streams as a consumer',
      description: `As \`readGroup\`, from groups of the same name on several streams. Waits until any has an entry. ${ANSWER_ROOM}`,
      redis: '`XREADGROUP`',
      tag: 'reading',
      scope: 'consume',
      example: { streams: [{ stream: 'orders' }], consumer: 'ann', count: 1, waitMs: 30_000 },
      answer: {
        description: 'The streams that have entries for the consumer.',
        schema: Type.Object(
          { streams: Type.Array(DeliveredStreamEntries, { description: 'Only those that have entries.' }) },
          { $id: 'GroupsRead', description: 'Entries of several streams, given to a consumer.' }
        ),
        example: { streams: [{ stream: 'orders', entries: [{ ...FIRST, deliveries: 1 }] }] }
      },
      problems: [
        'stream-not-found',
        'group-not-found',
        'invalid-id',
        'entry-damaged',
        'too-many-waiting',
        ...GROWTH
      ]
    }
  )

export const ack = operation(
  {
    params: GroupPath,
    body: BodyObject(
      {
        ids: Ids('The entries that are done.'),
        consumer: Type.Optional(Name('Ack only what this consumer has', 'ann'))
      },
      { $id: 'AckRequest', description: 'Entries that are done.' }
    )
  },
  {
    operationId: 'ack',
    summary: 'Ack entries',
    description:
      'Takes them off the pending list. With `consumer`, only those that it still has: what was claimed by another ' +
      'one meanwhile stays with it.',
    redis: '`XACK`',
    tag: 'reading',
    scope: 'consume',
    example: { ids: [FIRST.id], consumer: 'ann' },
    answer: {
      description: 'How many were pending, and which were not.',
      schema: Type.Object(
        {
          acked: Count('How many entries were pending and are no more.'),
          notPending: Type.Array(AnsweredId('An id.'), { description: 'Those named that were not pending.' })
        },
        { $id: 'Acked', description: 'What became of the entries to ack.' }
      ),
      example: { acked: 1, notPending: [] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', ...CHANGE]
  }
)
