import { Type } from '@sinclair/typebox'
import { EXTEND_AT_ONCE } from '../../contract/delivery-policy.ts'
import { withIds } from '../ids.ts'
import { idsJson, sendAscii } from '../json-answer.ts'
import { FIRST, MISSING_ID } from './examples.ts'
import { nackMembers, refuseBadNack } from './nacks.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import { AnswerId, Closed, Count, GroupPath, Ids, Name, Nullable } from './schemas.ts'
import type { Services } from './services.ts'

const ackEntries = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/groups/:group/ack',
    params: GroupPath,
    body: Closed(
      {
        ids: Ids('The ids of the entries to ack.'),
        consumer: Type.Optional(Name('Ack only entries pending for this consumer', 'ann'))
      },
      { $id: 'AckRequest', description: 'Entries to ack.' }
    )
  },
  {
    operationId: 'ackEntries',
    summary: 'Ack entries',
    description:
      'Removes the entries from the pending list, or from the dead entries. With `consumer`, removes only those still ' +
      'pending for that consumer, and dead ones that it received last: an entry that another consumer has received since ' +
      'stays pending.',
    redis: '`XACK`',
    tag: 'groups',
    scope: 'consume',
    freesSpace: true,
    example: { ids: [FIRST.id], consumer: 'ann' },
    answer: {
      description: 'How many entries were acked, and which were not pending.',
      schema: Type.Object(
        {
          acked: Count('Number of entries that were pending or dead and are now acked.'),
          notPending: NotPending()
        },
        { $id: 'AckedEntries', description: 'The result of acking entries.' }
      ),
      example: { acked: 1, notPending: [] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', ...CHANGE]
  },
  ({ engine, metrics }: Services) =>
    async ({ params, body }, reply) => {
      const request = withIds((ids) => ({ ...params, ...body, ids: ids.ids(body.ids, '/ids') }))
      const { acked, notPending } = await engine.ackEntries(request)
      metrics.acked(acked)
      return sendAscii(reply, `{"acked":${acked},"notPending":${idsJson(notPending)}}`)
    }
)

const nackEntries = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/groups/:group/nack',
    params: GroupPath,
    body: Closed(
      {
        ...nackMembers,
        consumer: Type.Optional(Name('Nack only entries pending for this consumer', 'ann'))
      },
      { $id: 'NackRequest', description: 'Entries to nack, and what to do with them.' }
    )
  },
  {
    operationId: 'nackEntries',
    summary: 'Return entries that were not processed',
    description:
      'Takes pending entries from their consumers. They stay pending, for no consumer, until the next reader of the group ' +
      'gets them: at once, or after a delay. Entries that have no deliveries left, and rejected ones, are dead instead: ' +
      "they stay in the group, or are moved to the dead-letter stream of the group's delivery policy. With `consumer`, " +
      'changes only entries still pending for that consumer.',
    tag: 'groups',
    scope: 'consume',
    freesSpace: true,
    example: { ids: [FIRST.id], consumer: 'ann', outcome: 'retry', delayMs: 60_000 },
    answer: {
      description: 'How many entries were nacked, and which were not pending.',
      schema: Type.Object(
        {
          nacked: Count('Number of entries that were pending and are now nacked.'),
          notPending: NotPending()
        },
        { $id: 'NackedEntries', description: 'The result of nacking entries.' }
      ),
      example: { nacked: 1, notPending: [] }
    },
    problems: [
      'stream-not-found',
      'group-not-found',
      'invalid-id',
      'stream-conflict',
      'ids-exhausted',
      ...GROWTH
    ]
  },
  ({ engine, metrics }: Services) =>
    async ({ params, body }, reply) => {
      refuseBadNack(body)
      const request = withIds((ids) => ({ ...params, ...body, ids: ids.ids(body.ids, '/ids') }))
      const { nacked, notPending } = await engine.nackEntries(request)
      metrics.nacked(body.outcome, nacked)
      return sendAscii(reply, `{"nacked":${nacked},"notPending":${idsJson(notPending)}}`)
    }
)

const extendEntries = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/groups/:group/extend',
    params: GroupPath,
    body: Closed(
      {
        consumer: Name('The consumer that holds the entries', 'ann'),
        ids: Type.Optional(
          Ids(
            `The ids of the entries to extend. If omitted, those that the consumer holds, earliest due first, at most ${EXTEND_AT_ONCE}.`
          )
        )
      },
      { $id: 'ExtendRequest', description: 'Entries whose time to start again.' }
    )
  },
  {
    operationId: 'extendEntries',
    summary: 'Keep entries for longer',
    description:
      'Starts the time of pending entries again, if they are pending for this consumer: the time to ack them, and in a ' +
      'group without `ackTimeoutMs` their idle time. The number of deliveries stays as it is. A worker sends ' +
      'this regularly while it works, with the ids of the entries in hand. Without `ids`, it keeps all entries of the ' +
      'consumer, also those whose delivery was lost on the way. It takes none from another consumer.',
    tag: 'groups',
    scope: 'consume',
    freesSpace: true,
    example: { consumer: 'ann', ids: [FIRST.id, MISSING_ID] },
    answer: {
      description: 'How many entries were extended, and which were not pending for the consumer.',
      schema: Type.Object(
        {
          extended: Count('Number of entries whose time started again.'),
          notPending: NotPending('The ids in the request that were not pending for this consumer.'),
          ackBeforeMs: Nullable(
            Count(
              'How long the consumer now has to ack them, in milliseconds. Null if the group has no `ackTimeoutMs`.'
            )
          ),
          more: Type.Optional(
            Type.Boolean({
              description:
                'True if the consumer holds more entries whose time did not start again lately: send the request again. Otherwise omitted.'
            })
          )
        },
        { $id: 'ExtendedEntries', description: 'The result of extending entries.' }
      ),
      example: { extended: 1, notPending: [MISSING_ID], ackBeforeMs: null }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', ...CHANGE]
  },
  ({ engine, metrics }: Services) =>
    async ({ params, body }, reply) => {
      const { ids: texts, ...consumer } = body
      const request = withIds((ids) => ({
        ...params,
        ...consumer,
        ...(texts !== undefined && { ids: ids.ids(texts, '/ids') })
      }))
      const { extended, notPending, ackBeforeMs, more } = await engine.extendEntries(request)
      metrics.extended(extended)
      const last = more === true ? ',"more":true' : ''
      return sendAscii(
        reply,
        `{"extended":${extended},"notPending":${idsJson(notPending)},"ackBeforeMs":${ackBeforeMs}${last}}`
      )
    }
)

/** Operations with which a consumer settles what it was delivered, or keeps it for longer. */
export const SETTLING_OPERATIONS = [ackEntries, nackEntries, extendEntries]

/** In an answer: ids of the request that the operation did not change. */
function NotPending(description = 'The ids in the request that were not pending.') {
  return Type.Array(AnswerId('An id.'), { description })
}
