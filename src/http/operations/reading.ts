import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import type { Delivery, ReadGroupsRequest } from '../../contract/deliveries.ts'
import { withIds } from '../ids.ts'
import { deliveredJson, deliveriesJson, fieldBytesIn, idsJson, sendAscii, sendBytes } from '../json-answer.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { FIRST } from './examples.ts'
import { CHANGE, GROWTH, operation, perMaxWait } from './operation.ts'
import {
  ANSWER_LIMIT,
  AnswerId,
  BodyObject,
  Count,
  encoded,
  Fields,
  Flag,
  GroupPath,
  Id,
  Ids,
  MAX_ITEMS,
  Name,
  Nullable,
  PageSize,
  WaitMs
} from './schemas.ts'
import type { Services } from './services.ts'

const DeliveredEntry = Type.Object(
  {
    id: AnswerId('The id of the entry.'),
    fields: Nullable(Fields, {
      description: 'The content of the entry. Null if the entry was deleted while it was pending.'
    }),
    deliveries: Count('Number of times it was delivered, including this time.'),
    idleMs: Type.Optional(
      Count(
        'How long the entry had been idle when it was claimed, in milliseconds. Only for claimed entries.'
      )
    ),
    ...encoded
  },
  {
    $id: 'DeliveredEntry',
    description: 'An entry delivered to a consumer.'
  }
)

/** Members of a request to read as a consumer. */
const readMembers = (maxWaitMs: number) => ({
  consumer: Name('The consumer that reads, created if it does not exist', 'ann'),
  count: PageSize('Maximum number of entries per stream.', 10),
  waitMs: WaitMs(maxWaitMs),
  noAck: Flag('Deliver entries without making them pending. They need no ack.', false),
  claimIdleMs: Type.Optional(
    Count(
      'Before new entries, claim pending entries of any consumer that have been idle for at least this long, in milliseconds.'
    )
  )
})

const history =
  'Return the pending entries of the consumer after this id instead of new entries, without waiting.'

const readGroup = perMaxWait((maxWaitMs) =>
  operation(
    {
      method: 'POST',
      path: '/v1/streams/:stream/groups/:group/read',
      params: GroupPath,
      body: BodyObject(
        { ...readMembers(maxWaitMs), after: Type.Optional(Id(history)) },
        { $id: 'ReadGroupRequest', description: 'Which consumer reads, and how much.' }
      )
    },
    {
      operationId: 'readGroup',
      summary: 'Read the next entries as a consumer',
      description:
        'Returns the next entries that no consumer of the group has received, oldest first, and makes them pending until ' +
        'they are acked. If there are none, the request waits for up to `waitMs`. Waiting consumers are served in the ' +
        'order in which they arrived. If the connection closes before the response is sent, nothing is delivered. With ' +
        '`after`, returns the pending entries of the consumer. ' +
        ANSWER_LIMIT,
      redis: '`XREADGROUP`',
      tag: 'reading',
      scope: 'consume',
      example: { consumer: 'ann', count: 1, waitMs: 30_000 },
      answer: {
        description: 'The entries. Empty if there was nothing to deliver.',
        schema: Type.Object(
          { entries: Type.Array(DeliveredEntry, { description: 'The entries delivered to the consumer.' }) },
          { $id: 'GroupRead', description: 'Entries delivered to a consumer.' }
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
    },
    (services: Services) =>
      async ({ params, body }, reply) => {
        const { stream, group } = params
        const { after, ...how } = body
        const request = withIds((ids) => ({
          group,
          streams: [{ stream, ...(after !== undefined && { after: ids.id(after, '/after') }) }],
          ...how
        }))
        return deliver(
          services,
          reply,
          request,
          ([only]) => `{"entries":${deliveredJson(only?.entries ?? [])}}`
        )
      }
  )
)

const GroupReadPlace = BodyObject(
  { stream: Name('The name of the stream', 'orders'), after: Type.Optional(Id(history)) },
  { $id: 'GroupReadPlace', description: 'A stream to read as a consumer.' }
)

const DeliveredStreamEntries = Type.Object(
  {
    stream: Type.String({ description: 'The name of the stream.' }),
    entries: Type.Array(DeliveredEntry, {
      description: 'The entries of this stream that are delivered to the consumer.'
    })
  },
  {
    $id: 'DeliveredStreamEntries',
    description: 'Entries of one of several streams, delivered to a consumer.'
  }
)

const GroupsPath = Type.Object({ group: GroupPath.properties.group })

const readGroups = perMaxWait((maxWaitMs) =>
  operation(
    {
      method: 'POST',
      path: '/v1/groups/:group/read',
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
        { $id: 'ReadGroupsRequest', description: 'Which consumer reads, from which streams, and how much.' }
      )
    },
    {
      operationId: 'readGroups',
      summary: 'Read the next entries of several streams as a consumer',
      description: `Like \`readGroup\`, but for groups of the same name on several streams. Waits until one of them has an entry. ${ANSWER_LIMIT}`,
      redis: '`XREADGROUP`',
      tag: 'reading',
      scope: 'consume',
      example: { streams: [{ stream: 'orders' }], consumer: 'ann', count: 1, waitMs: 30_000 },
      answer: {
        description: 'The streams that have entries for the consumer.',
        schema: Type.Object(
          { streams: Type.Array(DeliveredStreamEntries, { description: 'Only streams that have entries.' }) },
          { $id: 'GroupsRead', description: 'Entries of several streams, delivered to a consumer.' }
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
    },
    (services: Services) =>
      async ({ params, body }, reply) => {
        const request = withIds((ids) => ({
          ...params,
          ...body,
          streams: body.streams.map(({ stream, after }, index) => ({
            stream,
            ...(after !== undefined && { after: ids.id(after, `/streams/${index}/after`) })
          }))
        }))
        return deliver(services, reply, request, (streams) => `{"streams":${deliveriesJson(streams)}}`)
      }
  )
)

const ack = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/groups/:group/ack',
    params: GroupPath,
    body: BodyObject(
      {
        ids: Ids('The ids of the entries to ack.'),
        consumer: Type.Optional(Name('Ack only entries pending for this consumer', 'ann'))
      },
      { $id: 'AckRequest', description: 'Entries to ack.' }
    )
  },
  {
    operationId: 'ack',
    summary: 'Ack entries',
    description:
      'Removes the entries from the pending list. With `consumer`, removes only those still pending for that consumer: an ' +
      'entry that another consumer has claimed since stays pending.',
    redis: '`XACK`',
    tag: 'reading',
    scope: 'consume',
    freesSpace: true,
    example: { ids: [FIRST.id], consumer: 'ann' },
    answer: {
      description: 'How many entries were acked, and which were not pending.',
      schema: Type.Object(
        {
          acked: Count('Number of entries that were pending and are now acked.'),
          notPending: Type.Array(AnswerId('An id.'), {
            description: 'The ids in the request that were not pending.'
          })
        },
        { $id: 'Acked', description: 'The result of acking entries.' }
      ),
      example: { acked: 1, notPending: [] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', ...CHANGE]
  },
  ({ engine, metrics }: Services) =>
    async ({ params, body }, reply) => {
      const request = withIds((ids) => ({ ...params, ...body, ids: ids.ids(body.ids, '/ids') }))
      const { acked, notPending } = await engine.ack(request)
      metrics.acked(acked)
      return sendAscii(reply, `{"acked":${acked},"notPending":${idsJson(notPending)}}`)
    }
)

/**
 * Answers a consumer with its delivery, which `json` encodes. Does not answer if the consumer has
 * disconnected.
 */
async function deliver(
  { engine, metrics, hangUps }: Services,
  reply: FastifyReply,
  request: ReadGroupsRequest,
  json: (streams: Delivery['streams']) => string
): Promise<FastifyReply | undefined> {
  const taker = exchangeOf(reply.raw)
  const delivery = await hangUps.deliver(reply, request.waitMs, (signal) =>
    engine.readGroups(request, signal, taker)
  )
  if (delivery === null) return
  const { streams } = delivery
  try {
    const answer = sendBytes(reply, fieldBytesIn(streams), () => json(streams))
    for (const { entries } of streams) metrics.delivered(entries.length)
    return answer
  } catch (error) {
    // A delivery that cannot be sent, for example for lack of room, did not happen.
    delivery.undo()
    throw error
  }
}

/** Operations that read and ack as a consumer of a group. */
export const READING_OPERATIONS = [readGroup, readGroups, ack]
