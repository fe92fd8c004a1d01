import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'

/** Ids of requests: unique among those of all processes, and quickly made. */
export function requestIds(): (request?: IncomingMessage) => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return (request) => {
    const given = request?.headers['x-request-id']
    return typeof given === 'string' && SANE_ID.test(given) ? given : `${prefix}-${(count++).toString(36)}`
  }
}
const SANE_ID = /^[\w.:+/=-]{1,128}$/

/** What ties a line of the log to a request, and to the trace that it is part of (W3C Trace Context). */
export function traceOf({ id, headers }: FastifyRequest): { requestId: string; traceparent?: string } {
  const { traceparent } = headers
  const isSane = typeof traceparent === 'string' && TRACEPARENT.test(traceparent)
  return isSane ? { requestId: id, traceparent } : { requestId: id }
}
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
