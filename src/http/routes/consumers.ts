import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as consumers from '../operations/consumers.ts'
import type { RouteOptions } from '../route-options.ts'

/** The consumers of a group. */
export const consumerRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { engine }) => {
  const url = '/streams/:stream/groups/:group/consumers'

  app.get(url, { schema: consumers.listConsumers }, async ({ params, query }) =>
    engine.listConsumers({ ...params, ...query })
  )

  app.put(`${url}/:consumer`, { schema: consumers.ensureConsumer }, async ({ params }) =>
    engine.ensureConsumer(params)
  )

  app.delete(`${url}/:consumer`, { schema: consumers.deleteConsumer }, async ({ params, query }) => ({
    pending: await engine.deleteConsumer({ ...params, dropPending: query.pending === 'drop' })
  }))
}
