import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'

/**
 * Returns a function that creates the ids of requests. They are unique among all processes, and cheap. A
 * valid `x-request-id` of a request is its id.
 */
export function requestIds(): (request?: IncomingMessage) => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return (request) => {
    const given = request?.headers['x-request-id']
    return typeof given === 'string' && VALID_ID.test(given) ? given : `${prefix}-${(count++).toString(36)}`
  }
}
const VALID_ID = /^[\w.:+/=-]{1,128}$/

/** Fields of a log line that identify its request, and the trace that it is part of (W3C Trace Context). */
export function traceOf({ id, headers }: FastifyRequest): { requestId: string; traceparent?: string } {
  const { traceparent } = headers
  const isValid = typeof traceparent === 'string' && TRACEPARENT.test(traceparent)
  return isValid ? { requestId: id, traceparent } : { requestId: id }
}
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
