import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Delivery, ReadGroupsRequest } from '../../contract/deliveries.ts'
import type { StreamPlace } from '../../contract/entries.ts'
import { withIds } from '../ids.ts'
import {
  deliveredJson,
  deliveriesJson,
  fieldBytesOf,
  idsJson,
  placesJson,
  sendAscii,
  sendBytes
} from '../json-answer.ts'
import { visitOf } from '../limits/visit.ts'
import * as reading from '../operations/reading.ts'
import type { RouteOptions } from '../route-options.ts'

/** Reading several streams, and reading and acking as a consumer of a group. */
export const readRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { engine, metrics, hangUps, maxWaitMs } = options

  app.post('/read', { schema: reading.readStreams(maxWaitMs) }, async ({ body }, reply) => {
    const request = withIds((ids) => ({
      ...body,
      streams: body.streams.map(({ stream, after }, index) => ({
        stream,
        after: ids.place(after, `/streams/${index}/after`)
      }))
    }))
    const taker = visitOf(reply.raw)
    const found = await hangUps.read(reply, body.waitMs, (signal) =>
      engine.readStreams(request, signal, taker)
    )
    if (found === null) return undefined
    return sendBytes(reply, fieldBytesIn(found), () => `{"streams":${placesJson(found)}}`)
  })

  /** Answers a consumer with what it is given, as `json` puts it; not at all when it is gone. */
  const deliver = async (
    reply: FastifyReply,
    request: ReadGroupsRequest,
    json: (streams: Delivery['streams']) => string
  ): Promise<FastifyReply | undefined> => {
    const { waitMs } = request
    const taker = visitOf(reply.raw)
    const delivery = await hangUps.deliver(reply, waitMs, (signal) =>
      engine.readGroups(request, signal, taker)
    )
    if (delivery === null) return
    const { streams } = delivery
    try {
      const answer = sendBytes(reply, fieldBytesIn(streams), () => json(streams))
      for (const { entries } of streams) metrics.delivered(entries.length)
      return answer
    } catch (error) {
      // What cannot be sent, for want of room say, was not delivered.
      delivery.undo()
      throw error
    }
  }

  const readGroup = reading.readGroup(maxWaitMs)
  app.post('/streams/:stream/groups/:group/read', { schema: readGroup }, async ({ params, body }, reply) => {
    const { stream, group } = params
    const { after, ...how } = body
    const request = withIds((ids) => ({
      group,
      streams: [{ stream, ...(after !== undefined && { after: ids.id(after, '/after') }) }],
      ...how
    }))
    return deliver(reply, request, ([only]) => `{"entries":${deliveredJson(only?.entries ?? [])}}`)
  })

  const readGroups = reading.readGroups(maxWaitMs)
  app.post('/groups/:group/read', { schema: readGroups }, async ({ params, body }, reply) => {
    const request = withIds((ids) => ({
      ...params,
      ...body,
      streams: body.streams.map(({ stream, after }, index) => ({
        stream,
        ...(after !== undefined && { after: ids.id(after, `/streams/${index}/after`) })
      }))
    }))
    return deliver(reply, request, (streams) => `{"streams":${deliveriesJson(streams)}}`)
  })

  app.post('/streams/:stream/groups/:group/ack', { schema: reading.ack }, async ({ params, body }, reply) => {
    const request = withIds((ids) => ({ ...params, ...body, ids: ids.ids(body.ids, '/ids') }))
    const { acked, notPending } = await engine.ack(request)
    metrics.acked(acked)
    return sendAscii(reply, `{"acked":${acked},"notPending":${idsJson(notPending)}}`)
  })
}

function fieldBytesIn(streams: Delivery['streams'] | StreamPlace[]): number {
  let bytes = 0
  for (const { entries } of streams) bytes += fieldBytesOf(entries)
  return bytes
}
