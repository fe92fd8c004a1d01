import { Type } from '@sinclair/typebox'
import { FIRST, IDLE_MS } from './examples.ts'
import { GROWTH, operation } from './operation.ts'
import {
  AnsweredId,
  BodyObject,
  Closed,
  Count,
  Default,
  encoded,
  Fields,
  Flag,
  GroupPath,
  Id,
  Ids,
  Name,
  NextCursor,
  Nullable,
  PageQuery,
  PageSize,
  RangeQuery
} from './schemas.ts'

const PendingEntry = Type.Object(
  {
    id: AnsweredId('The id of the entry.'),
    consumer: Type.String({ description: 'Who has it.' }),
    idleMs: Count('How long ago it was delivered last, in milliseconds.'),
    deliveries: Count('How often it was delivered.')
  },
  { $id: 'PendingEntry', description: 'An entry that was delivered and not acked.' }
)

export const listPending = operation(
  {
    params: GroupPath,
    querystring: Closed({
      ...RangeQuery,
      limit: PageSize('How many entries the page may have.', 100),
      consumer: Type.Optional(Name('Only what this consumer has', 'ann')),
      minIdleMs: Default(Count('Only what was delivered so long ago, in milliseconds.'), 0)
    })
  },
  {
    operationId: 'listPending',
    summary: 'List pending entries',
    description:
      'A page in the order of ids; the next one begins `after` the last id of this one. For a consumer that the ' +
      'group does not know it is empty.',
    redis: '`XPENDING`, long form',
    tag: 'pending',
    scope: 'read',
    answer: {
      description: 'The pending entries.',
      schema: Type.Object(
        { pending: Type.Array(PendingEntry, { description: 'The entries of the page.' }) },
        { $id: 'PendingList', description: 'Pending entries.' }
      ),
      example: { pending: [{ id: FIRST.id, consumer: 'ann', idleMs: IDLE_MS, deliveries: 1 }] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id']
  }
)

const PendingOfOne = Type.Object(
  {
    name: Type.String({ description: 'The name of the consumer.' }),
    count: Count('How many entries it has pending.')
  },
  { $id: 'ConsumerPendingCount', description: 'How much a consumer has pending.' }
)

export const getPendingSummary = operation(
  { params: GroupPath, querystring: Closed(PageQuery('consumers')) },
  {
    operationId: 'getPendingSummary',
    summary: 'Count what is pending',
    description:
      'How many entries are pending in the group, between which ids, and a page of the consumers that have some, in the ' +
      'byte order of their names. A page may have fewer consumers than `limit`, or none: only the last page has no `cursor`.',
    redis: '`XPENDING`, short form',
    tag: 'pending',
    scope: 'read',
    answer: {
      description: 'The counts.',
      schema: Type.Object(
        {
          count: Count('How many entries are pending.'),
          firstId: Nullable(AnsweredId('The lowest pending id; null while there is none.')),
          lastId: Nullable(AnsweredId('The highest pending id; null while there is none.')),
          consumers: Type.Array(PendingOfOne, { description: 'Consumers that have some.' }),
          cursor: NextCursor
        },
        { $id: 'PendingSummary', description: 'What is pending in a group.' }
      ),
      example: { count: 1, firstId: FIRST.id, lastId: FIRST.id, consumers: [{ name: 'ann', count: 1 }] }
    },
    problems: ['stream-not-found', 'group-not-found']
  }
)

const ClaimedEntry = Type.Object(
  {
    id: AnsweredId('The id of the entry.'),
    fields: Type.Optional(Fields),
    deliveries: Count('How often it was delivered, this time included.'),
    ...encoded
  },
  {
    $id: 'ClaimedEntry',
    description: 'An entry that a consumer has claimed; without `fields` with `justIds`.'
  }
)
const claimed = {
  entries: Type.Array(ClaimedEntry, { description: 'What the consumer has now.' }),
  deletedIds: Type.Array(AnsweredId('An id.'), {
    description: 'Pending ids whose entry no longer exists; they are off the pending list now.'
  })
}
const justIds = Flag('Without fields, and without counting it as a delivery.', false)

const ClaimRequest = BodyObject(
  {
    consumer: Name('Who claims; made if need be', 'bob'),
    ids: Ids('The entries to claim.'),
    minIdleMs: Default(Count('Only what was delivered so long ago, in milliseconds.'), 0),
    idleMs: Type.Optional(
      Count(
        'As if it had been delivered this long ago, in milliseconds; not together with `deliveredAt`. A time longer than since 1970 means since 1970.'
      )
    ),
    deliveredAt: Type.Optional(
      Count(
        'As if it had been delivered then, in milliseconds since the epoch; not together with `idleMs`. A moment in the future means now.'
      )
    ),
    deliveries: Type.Optional(Count('Set the count of deliveries instead of raising it.')),
    force: Flag('Also entries of the stream that are not pending.', false),
    justIds,
    lastId: Type.Optional(
      Id(
        'Move the place of the group forward to this id, never back, and not above the last id of the stream. Needs the scope `manage`.'
      )
    )
  },
  { $id: 'ClaimRequest', description: 'Entries to take over.' }
)

export const claim = operation(
  { params: GroupPath, body: ClaimRequest },
  {
    operationId: 'claim',
    summary: 'Claim pending entries by id',
    description:
      'Makes them the consumer’s, whoever has them now, provided that they have been idle for long enough. An answer ' +
      'holds 16 MiB of entries, or one entry: ids that have no room are not claimed, and are in neither list.',
    redis: '`XCLAIM`',
    tag: 'pending',
    scope: 'consume',
    example: { consumer: 'bob', ids: [FIRST.id], minIdleMs: 0 },
    answer: {
      description: 'The entries that the consumer has now.',
      schema: Type.Object(claimed, { $id: 'Claimed', description: 'Claimed entries.' }),
      example: { entries: [{ ...FIRST, deliveries: 2 }], deletedIds: [] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', 'id-too-high', 'entry-damaged', ...GROWTH]
  }
)

const AutoClaimRequest = BodyObject(
  {
    consumer: Name('Who claims; made if need be', 'bob'),
    minIdleMs: Count('Only what was delivered so long ago, in milliseconds.'),
    from: Default(Id('Look at pending entries from this id on: the `next` of the answer before.'), '0-0'),
    count: PageSize('How many entries to claim at most.', 100),
    justIds
  },
  { $id: 'AutoClaimRequest', description: 'Which pending entries to take over.' }
)

export const autoClaim = operation(
  { params: GroupPath, body: AutoClaimRequest },
  {
    operationId: 'autoClaim',
    summary: 'Claim whatever has been pending for long',
    description:
      'Goes through the pending entries in the order of their ids, looking at ten times `count` at most. Go on with ' +
      '`from` set to `next` until that is "0-0".',
    redis: '`XAUTOCLAIM`',
    tag: 'pending',
    scope: 'consume',
    example: { consumer: 'bob', minIdleMs: 0, from: '0-0', count: 100 },
    answer: {
      description: 'The entries that the consumer has now, and where to go on.',
      schema: Type.Object(
        { next: AnsweredId('Where to go on; "0-0" at the end.'), ...claimed },
        { $id: 'AutoClaimed', description: 'Claimed entries, and where to go on.' }
      ),
      example: { next: '0-0', entries: [{ ...FIRST, deliveries: 2 }], deletedIds: [] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', 'entry-damaged', ...GROWTH]
  }
)
