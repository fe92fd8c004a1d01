import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../../metrics.ts'
import { tokenOf } from '../access/guard.ts'
import { traceOf } from './request-ids.ts'

/** Counts, measures and logs each request of an operation once it is answered. */
export function measureOperations(app: FastifyInstance, metrics: Metrics): void {
  // To put together what is not logged would cost as much as to count it.
  const isLogged = app.log.level === 'debug' || app.log.level === 'trace'
  app.addHook('onRoute', (route) => {
    const operation = route.schema?.operationId
    if (operation === undefined) return
    route.onResponse = (request, reply, done) => {
      const { statusCode: status, elapsedTime: ms } = reply
      metrics.answered({ operation, status, seconds: ms / 1000 })
      if (isLogged) {
        const token = tokenOf(request)?.name
        request.log.debug({ operation, status, ms, token, ...traceOf(request) }, 'answered')
      }
      done()
    }
  })
}
