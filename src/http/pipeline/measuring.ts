import type { onResponseHookHandler } from 'fastify'
import type { Metrics } from '../../metrics.ts'
import { tokenOf } from '../access/guard.ts'
import type { Operation } from '../operations/operation.ts'
import { traceOf } from './request-ids.ts'

/** Counts, measures and logs a request of an operation once it is answered. */
export function measure(
  { id: operation }: Operation,
  metrics: Metrics,
  isLogged: boolean
): onResponseHookHandler {
  return (request, reply, done) => {
    const { statusCode: status, elapsedTime: ms } = reply
    metrics.answered({ operation, status, seconds: ms / 1000 })
    // To build a log entry that is not written would cost as much as to count the request.
    if (isLogged) {
      const token = tokenOf(request)?.name
      request.log.debug({ operation, status, ms, token, ...traceOf(request) }, 'answered')
    }
    done()
  }
}
