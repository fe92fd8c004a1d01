import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Delivery, ReadGroupsRequest } from '../../engine.ts'
import { withIds } from '../ids.ts'
import { deliveredJson, entriesJson, idsJson, sendJson, streamsJson } from '../json-answer.ts'
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
    const found = await hangUps.read(reply, body.waitMs, (signal) => engine.readStreams(request, signal))
    return found === null ? undefined : sendJson(reply, `{"streams":${streamsJson(found, entriesJson)}}`)
  })

  /** Gives null when nobody is left to give anything to. */
  const deliver = async (reply: FastifyReply, request: ReadGroupsRequest): Promise<Delivery | null> => {
    const { waitMs } = request
    const delivery = await hangUps.deliver(reply, waitMs, (signal) => engine.readGroups(request, signal))
    for (const { entries } of delivery?.streams ?? []) metrics.delivered(entries.length)
    return delivery
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
    const delivery = await deliver(reply, request)
    if (delivery === null) return
    return sendJson(reply, `{"entries":${deliveredJson(delivery.streams[0]?.entries ?? [])}}`)
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
    const delivery = await deliver(reply, request)
    if (delivery === null) return
    return sendJson(reply, `{"streams":${streamsJson(delivery.streams, deliveredJson)}}`)
  })

  app.post('/streams/:stream/groups/:group/ack', { schema: reading.ack }, async ({ params, body }, reply) => {
    const request = withIds((ids) => ({ ...params, ...body, ids: ids.ids(body.ids, '/ids') }))
    const { acked, notPending } = await engine.ack(request)
    metrics.acked(acked)
    return sendJson(reply, `{"acked":${acked},"notPending":${idsJson(notPending)}}`)
  })
}
