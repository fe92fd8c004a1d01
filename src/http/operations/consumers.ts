import { Type } from '@sinclair/typebox'
import { IDLE_MS } from './examples.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  BodyObject,
  Closed,
  ConsumerPath,
  Count,
  GroupPath,
  NextCursor,
  Nullable,
  PageQuery,
  WhatOfPending
} from './schemas.ts'

const Consumer = Type.Object(
  {
    name: Type.String({ description: 'The name of the consumer.' }),
    pending: Count('How many entries it has pending.'),
    idleMs: Count('Since it last tried to read or claim, in milliseconds.'),
    inactiveMs: Nullable(Count('Since it was last given an entry, in milliseconds; null for never.'))
  },
  { $id: 'Consumer', description: 'A consumer of a group.' }
)

export const listConsumers = operation(
  { params: GroupPath, querystring: Closed(PageQuery('consumers')) },
  {
    operationId: 'listConsumers',
    summary: 'List the consumers of a group',
    description: 'A page of consumers in the byte order of their names. The last page has no `cursor`.',
    redis: '`XINFO CONSUMERS`',
    tag: 'consumers',
    scope: 'read',
    answer: {
      description: 'A page of consumers.',
      schema: Type.Object(
        {
          consumers: Type.Array(Consumer, { description: 'The consumers of the page.' }),
          cursor: NextCursor
        },
        { $id: 'ConsumerList', description: 'A page of the consumers of a group.' }
      ),
      example: {
        consumers: [
          { name: 'ann', pending: 1, idleMs: IDLE_MS, inactiveMs: IDLE_MS },
          { name: 'bob', pending: 0, idleMs: IDLE_MS, inactiveMs: null }
        ]
      }
    },
    problems: ['stream-not-found', 'group-not-found']
  }
)

export const ensureConsumer = operation(
  {
    params: ConsumerPath,
    body: BodyObject(
      {},
      { $id: 'EnsureConsumerRequest', description: 'Nothing: a consumer has no settings.' }
    )
  },
  {
    operationId: 'ensureConsumer',
    summary: 'Make a consumer unless it exists',
    description: 'Reading and claiming make consumers too, so there is seldom a need for this.',
    redis: '`XGROUP CREATECONSUMER`',
    tag: 'consumers',
    scope: 'consume',
    example: {},
    answer: {
      description: 'Whether the request made it.',
      schema: Type.Object(
        { created: Type.Boolean({ description: 'False when it existed.' }) },
        { $id: 'EnsuredConsumer', description: 'Whether a consumer was made.' }
      ),
      example: { created: true }
    },
    problems: ['stream-not-found', 'group-not-found', ...GROWTH]
  }
)

export const deleteConsumer = operation(
  { params: ConsumerPath, querystring: Closed({ pending: WhatOfPending }), body: false },
  {
    operationId: 'deleteConsumer',
    summary: 'Remove a consumer',
    description:
      'One that has pending entries is not removed unless `pending=drop` says that losing them is meant: nobody ' +
      'would be given them again. Let another consumer claim them first.',
    redis: '`XGROUP DELCONSUMER`',
    tag: 'consumers',
    scope: 'consume',
    answer: {
      description: 'How many entries it had pending, which are lost.',
      schema: Type.Object(
        { pending: Count('How many entries it had pending.') },
        { $id: 'DeletedConsumer', description: 'What was lost with a consumer.' }
      ),
      example: { pending: 0 }
    },
    problems: ['stream-not-found', 'group-not-found', 'consumer-not-found', 'consumer-has-pending', ...CHANGE]
  }
)
