import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as server from '../operations/server.ts'
import { draining, Problem } from '../problem.ts'
import type { RouteOptions } from '../route-options.ts'

/** What operators and their machines ask. All but the document is answered while the server drains, too. */
export const serviceRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { engine, metrics, isDraining } = options

  app.get('/livez', { schema: server.getLiveness }, async () => ({ alive: true }))

  app.get('/readyz', { schema: server.getReadiness }, async () => {
    if (isDraining()) throw draining()
    const { ready, reason = 'The engine is not ready' } = engine.status()
    if (!ready) throw new Problem('engine-unavailable', reason)
    return { ready: true }
  })

  app.get('/metrics', { schema: server.getMetrics }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text())
  )

  app.get('/openapi.json', { schema: server.getOpenApi }, async () => app.swagger())
}
