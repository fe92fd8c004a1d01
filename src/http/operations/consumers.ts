import { Type } from '@sinclair/typebox'
import { IDLE_MS } from './examples.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  Closed,
  ConsumerPath,
  Count,
  Default,
  GroupPath,
  NextCursor,
  Nullable,
  OneOf,
  PageQuery
} from './schemas.ts'
import type { Services } from './services.ts'

const ConsumerInfo = Type.Object(
  {
    name: Type.String({ description: 'The name of the consumer.' }),
    pending: Count('Number of its pending entries.'),
    idleMs: Count('Time since it last tried to read or claim, in milliseconds.'),
    inactiveMs: Nullable(
      Count('Time since it last received an entry, in milliseconds. Null if it never has.')
    )
  },
  { $id: 'ConsumerInfo', description: 'A consumer of a group.' }
)

const listConsumers = operation(
  {
    method: 'GET',
    path: '/v1/streams/:stream/groups/:group/consumers',
    params: GroupPath,
    querystring: Closed(PageQuery('consumers'))
  },
  {
    operationId: 'listConsumers',
    summary: 'List the consumers of a group',
    description:
      'Returns a page of consumers in the byte order of their names. The last page has no `cursor`.',
    redis: '`XINFO CONSUMERS`',
    tag: 'groups',
    scope: 'read',
    answer: {
      description: 'A page of consumers.',
      schema: Type.Object(
        {
          consumers: Type.Array(ConsumerInfo, { description: 'The consumers of the page.' }),
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
  },
  ({ engine }: Services) =>
    async ({ params, query }) =>
      engine.listConsumers({ ...params, ...query })
)

const ensureConsumer = operation(
  {
    method: 'PUT',
    path: '/v1/streams/:stream/groups/:group/consumers/:consumer',
    params: ConsumerPath,
    body: Closed(
      {},
      { $id: 'EnsureConsumerRequest', description: 'An empty object: a consumer has no settings.' }
    )
  },
  {
    operationId: 'ensureConsumer',
    summary: 'Create a consumer if it does not exist',
    description: 'Rarely needed, because reading and claiming also create the consumer.',
    redis: '`XGROUP CREATECONSUMER`',
    tag: 'groups',
    scope: 'consume',
    example: {},
    answer: {
      description: 'Whether the request created it.',
      schema: Type.Object(
        { created: Type.Boolean({ description: 'False if it already existed.' }) },
        { $id: 'EnsuredConsumer', description: 'Whether a consumer was created.' }
      ),
      example: { created: true }
    },
    problems: ['stream-not-found', 'group-not-found', ...GROWTH]
  },
  ({ engine }: Services) =>
    async ({ params }) =>
      engine.ensureConsumer(params)
)

const PendingOfDeleted = Default(
  OneOf(['refuse', 'drop', 'release'], {
    $id: 'ConsumerPendingPolicy',
    description:
      'What to do if entries are pending for the consumer: `refuse` the request, `drop` the entries from the pending list, or `release` them, so that they are due at once.'
  }),
  'refuse'
)

const deleteConsumer = operation(
  {
    method: 'DELETE',
    path: '/v1/streams/:stream/groups/:group/consumers/:consumer',
    params: ConsumerPath,
    querystring: Closed({ pending: PendingOfDeleted }),
    body: false
  },
  {
    operationId: 'deleteConsumer',
    summary: 'Delete a consumer',
    description:
      'A consumer with pending entries is deleted only with `pending=release`, which a worker sends when it stops: the next ' +
      'readers of the group get the entries, and the delivery to this consumer does not count. With `pending=drop`, no ' +
      'consumer ever receives them again.',
    redis: '`XGROUP DELCONSUMER`',
    tag: 'groups',
    scope: 'consume',
    freesSpace: true,
    answer: {
      description: 'How many pending entries were dropped or released.',
      schema: Type.Object(
        { pending: Count('Number of pending entries that were dropped or released.') },
        { $id: 'DeletedConsumer', description: 'The result of deleting a consumer.' }
      ),
      example: { pending: 0 }
    },
    problems: ['stream-not-found', 'group-not-found', 'consumer-not-found', 'consumer-has-pending', ...CHANGE]
  },
  ({ engine }: Services) =>
    async ({ params, query }) => ({
      pending: await engine.deleteConsumer({
        ...params,
        pending: query.pending === 'refuse' ? 'keep' : query.pending
      })
    })
)

/** Operations on the consumers of a group. */
export const CONSUMER_OPERATIONS = [listConsumers, ensureConsumer, deleteConsumer]
