import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import type { DeliveredEntry as Delivered, Delivery, ReadGroupsRequest } from '../../contract/deliveries.ts'
import type { Metrics } from '../../metrics.ts'
import { withIds } from '../ids.ts'
import { deliveredJson, deliveriesJson, fieldBytesIn, sendBytes, settledJson } from '../json-answer.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { invalidRequest, Problem } from '../problems/problem.ts'
import { FIRST } from './examples.ts'
import { countSettled, refuseBadSettling, settleMembers, settles, settling } from './nacks.ts'
import { GROWTH, operation, perMaxWait } from './operation.ts'
import { DeliveredEntry, readMembers, settledMembers } from './reading-schemas.ts'
import { ANSWER_LIMIT, CLIENT_TIMEOUT, Closed, GroupPath, Id, MAX_ITEMS, Name } from './schemas.ts'
import type { Services } from './services.ts'

const history =
  'Return the pending entries of the consumer after this id instead of new entries, without waiting.'

const readGroup = perMaxWait((maxWaitMs) =>
  operation(
    {
      method: 'POST',
      path: '/v1/streams/:stream/groups/:group/read',
      params: GroupPath,
      body: Closed(
        { ...readMembers(maxWaitMs), after: Type.Optional(Id(history)), ...settleMembers },
        { $id: 'ReadGroupRequest', description: 'Which consumer reads, and how much.' }
      )
    },
    {
      operationId: 'readGroup',
      summary: 'Read the next entries as a consumer',
      description:
        'Returns the next entries that no consumer of the group has received, oldest first, and makes them pending until ' +
        'they are acked. Entries that are due are delivered as well: at least half of `count`, rounded down, is left for ' +
        'each kind. If there are none, the request waits for up to `waitMs`. Waiting consumers are served in the ' +
        'order in which they arrived. If the connection closes before the response is sent, nothing is delivered. With ' +
        '`after`, returns the pending entries of the consumer. `ack` and `nack` settle earlier entries first: in the same ' +
        'step if there is something to deliver at once, otherwise before waiting. Once they are settled, the response is ' +
        `a success, if necessary without entries.\n\n${CLIENT_TIMEOUT} ${ANSWER_LIMIT}`,
      redis: '`XREADGROUP`',
      tag: 'groups',
      scope: 'consume',
      example: { consumer: 'ann', count: 1, waitMs: 30_000 },
      answer: {
        description: 'The entries. Empty if there was nothing to deliver.',
        schema: Type.Object(
          {
            ...settledMembers,
            entries: Type.Array(DeliveredEntry, { description: 'The entries delivered to the consumer.' })
          },
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
        'stream-conflict',
        'ids-exhausted',
        ...GROWTH
      ]
    },
    (services: Services) =>
      async ({ params, body }, reply) => {
        const { stream, group } = params
        const { after, ack, nack, ...how } = body
        requireClaim(body)
        refuseBadSettling([body], () => '')
        const request = withIds((ids) => ({
          group,
          streams: [
            {
              stream,
              ...(after !== undefined && { after: ids.id(after, '/after') }),
              ...settling(body, '', ids)
            }
          ],
          ...how
        }))
        return deliver(services, reply, request, ({ streams: [only], settled: [done] = [] }) => {
          const settled = done === undefined ? '' : `${settledJson(done)},`
          return `{${settled}"entries":${deliveredJson(only?.entries ?? [])}}`
        })
      }
  )
)

const GroupReadPlace = Closed(
  {
    stream: Name('The name of the stream', 'orders'),
    after: Type.Optional(Id(history)),
    ...settleMembers
  },
  { $id: 'GroupReadPlace', description: 'A stream to read as a consumer.' }
)

const DeliveredStreamEntries = Type.Object(
  {
    stream: Type.String({ description: 'The name of the stream.' }),
    ...settledMembers,
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
      body: Closed(
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
      description: `Like \`readGroup\`, but for groups of the same name on several streams. Waits until one of them has an entry. \`ack\` and \`nack\` stand with each stream.\n\n${CLIENT_TIMEOUT} ${ANSWER_LIMIT}`,
      redis: '`XREADGROUP`',
      tag: 'groups',
      scope: 'consume',
      example: { streams: [{ stream: 'orders' }], consumer: 'ann', count: 1, waitMs: 30_000 },
      answer: {
        description: 'The streams that have entries for the consumer, and those with `ack` or `nack`.',
        schema: Type.Object(
          {
            streams: Type.Array(DeliveredStreamEntries, {
              description: 'Only streams that have entries, or in which the request settled some.'
            })
          },
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
        'stream-conflict',
        'ids-exhausted',
        ...GROWTH
      ]
    },
    (services: Services) =>
      async ({ params, body }, reply) => {
        requireClaim(body)
        refuseBadSettling(body.streams, (index) => `/streams/${index}`)
        const request = withIds((ids) => ({
          ...params,
          ...body,
          streams: body.streams.map((place, index) => ({
            stream: place.stream,
            ...(place.after !== undefined && { after: ids.id(place.after, `/streams/${index}/after`) }),
            ...settling(place, `/streams/${index}`, ids)
          }))
        }))
        return deliver(services, reply, request, (delivery) => {
          const streams = delivery.settled === undefined ? delivery.streams : withSettled(request, delivery)
          return `{"streams":${deliveriesJson(streams)}}`
        })
      }
  )
)

/** Throws invalid-request if `maxDeliveries` is given without the claim that it is for. */
function requireClaim({
  claimIdleMs,
  maxDeliveries
}: Pick<ReadGroupsRequest, 'claimIdleMs' | 'maxDeliveries'>) {
  if (maxDeliveries === undefined || claimIdleMs !== undefined) return
  throw invalidRequest([{ pointer: '/maxDeliveries', detail: 'Requires "claimIdleMs"' }])
}

/** The streams of an answer: those with entries, and those of the request with `ack` or `nack`. */
function withSettled({ streams: places }: ReadGroupsRequest, { streams, settled = [] }: Delivery) {
  const delivered = new Map(streams.map(({ stream, entries }) => [stream, entries]))
  return places.flatMap((place, index) => {
    const { stream } = place
    const entries = delivered.get(stream)
    const done = settles(place) ? settled[index] : undefined
    if (entries === undefined && done === undefined) return []
    return [{ stream, entries: entries ?? [], ...(done !== undefined && { settled: done }) }]
  })
}

/**
 * Answers a consumer with its delivery, which `json` encodes. Does not answer if the consumer has
 * disconnected.
 */
async function deliver(
  { engine, metrics, hangUps }: Services,
  reply: FastifyReply,
  request: ReadGroupsRequest,
  json: (delivery: Delivery) => string
): Promise<FastifyReply | undefined> {
  const taker = exchangeOf(reply.raw)
  const delivery = await hangUps.deliver(reply, request.waitMs, (signal) =>
    request.streams.some(settles)
      ? engine.readGroups(request, signal, taker).then((found) => {
          // Also if the consumer hangs up: what it settled stays settled.
          countSettled(metrics, request.streams, found.settled)
          return found
        })
      : engine.readGroups(request, signal, taker)
  )
  if (delivery === null) return
  const { streams, settled } = delivery
  try {
    const answer = sendBytes(reply, fieldBytesIn(streams), () => json(delivery))
    for (const { entries } of streams) countDelivered(metrics, entries)
    return answer
  } catch (error) {
    // A delivery that cannot be sent, for example for lack of room, did not happen.
    delivery.undo()
    if (settled === undefined || !(error instanceof Problem)) throw error
    return sendBytes(reply, 0, () => json({ ...delivery, streams: [] }), true)
  }
}

/** Counts entries that were delivered or claimed. */
export function countDelivered(metrics: Metrics, entries: readonly Pick<Delivered, 'deliveries'>[]): void {
  let again = 0
  for (const { deliveries } of entries) if (deliveries > 1) again++
  metrics.delivered(entries.length)
  if (again > 0) metrics.redelivered(again)
}

/** Operations that read as a consumer of a group. */
export const READING_OPERATIONS = [readGroup, readGroups]
