import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { StorageStatus } from '../../contract/status.ts'
import { presentedToken } from '../access/guard.ts'
import * as server from '../operations/server.ts'
import { servedDocument } from '../pages/served-document.ts'
import { draining, Problem } from '../problems/problem.ts'
import type { RouteOptions } from '../route-options.ts'

function toStorage({ checkpoint, ...rest }: StorageStatus) {
  return { ...rest, checkpointAt: checkpoint?.at ?? null, checkpointSeconds: checkpoint?.seconds ?? null }
}

/** What operators and their machines ask. All but the document is answered while the server drains, too. */
export const serviceRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { engine, metrics, access, isDraining } = options
  const seesStorage = (request: FastifyRequest) =>
    access === undefined || presentedToken(request, access)?.permissions.allowsSomewhere('metrics') === true

  app.get('/livez', { schema: server.getLiveness }, async () => ({ alive: true }))

  app.get('/readyz', { schema: server.getReadiness }, async (request) => {
    if (isDraining()) throw draining()
    const { ready, reason = 'The engine is not ready', storage, servers } = await engine.status()
    if (!ready) throw new Problem('engine-unavailable', reason)
    if (!seesStorage(request)) return { ready }
    return {
      ready,
      ...(storage !== undefined && { storage: toStorage(storage) }),
      ...(servers !== undefined && { servers: [...servers] })
    }
  })

  app.get('/metrics', { schema: server.getMetrics }, async (_request, reply) =>
    reply
      .header('x-content-type-options', 'nosniff')
      .type(metrics.contentType)
      .send(await metrics.text())
  )

  app.get('/openapi.json', { schema: server.getOpenApi }, async () => servedDocument(app.swagger(), '.'))
}
