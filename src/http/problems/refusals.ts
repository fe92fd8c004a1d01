import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Metrics } from '../../metrics.ts'
import { closeWhenAnswered } from '../limits/connections.ts'
import { notJson } from '../pipeline/content.ts'
import { traceOf } from '../pipeline/request-ids.ts'
import { invalidRequest, PROBLEMS, Problem, problemJson, problemOf } from './problem.ts'

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

export interface RefusalOptions {
  readonly metrics: Metrics
  readonly bodyLimitBytes: number
}

/** Answers all refused requests with problems: errors from handlers and hooks, and unknown paths. */
export function refuseWithProblems(app: FastifyInstance, options: RefusalOptions): void {
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, options))
  app.setNotFoundHandler((request, reply) => refuse(unrouted(app, request), request, reply, options))
}

/** Answers a request with a problem. Also for requests that never reach a route. */
export function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: RefusalOptions
): FastifyReply {
  const problem = problemFor(error, request, options)
  const { status } = PROBLEMS[problem.code]
  if ((status === 413 || status === 415) && shouldReadRest(request.raw)) reply.removeHeader('connection')
  else if (status === 415) closeWhenAnswered(reply)
  return reply
    .code(status)
    .headers({ 'x-request-id': request.id, 'cache-control': 'no-store', ...problem.headers })
    .type(PROBLEM_TYPE)
    .send(problemJson(problem, request.id))
}

/** Converts an error to the problem to answer with, and counts it. */
export function problemFor(
  error: unknown,
  request: FastifyRequest,
  { metrics, bodyLimitBytes }: RefusalOptions
): Problem {
  const problem =
    problemOf(error) ?? problemOfFastify(error, request, bodyLimitBytes) ?? internal(error, request)
  // If the client disconnected in the middle of its request, its bytes were refused already.
  if (!request.raw.socket.destroyed) metrics.refused(problem.code)
  return problem
}

/** Refusals by Fastify itself, and by Node if a client disconnects in the middle of a body. */
function problemOfFastify(error: unknown, request: FastifyRequest, bodyLimitBytes: number): Problem | null {
  switch ((error as Partial<FastifyError> | undefined)?.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body-too-large', `The body must have at most ${bodyLimitBytes} bytes`)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return notJson()
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return invalidRequest([
        { pointer: '/headers/content-length', detail: 'Does not match the length of the body' }
      ])
    // For methods that allow a body, Fastify requires its type even if there is no route.
    case 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE':
      return unrouted(request.server, request)
    case 'FST_ERR_BAD_URL':
      return invalidRequest([{ pointer: '/path', detail: 'Not valid percent-encoded UTF-8' }])
    case 'ECONNRESET':
      return invalidRequest([
        { pointer: '', detail: 'The connection was closed before the body was complete' }
      ])
    default:
      return null
  }
}

/** An unexpected error is a bug. Its details go to the log, not to the client. */
function internal(error: unknown, request: FastifyRequest): Problem {
  request.log.error({ err: error, ...traceOf(request) }, 'internal error')
  return new Problem('internal', 'Internal error: the server log has details under the request id')
}

/**
 * Whether to read and drop the rest of a refused body, so that its sender receives the answer. A client that
 * is still writing when the connection closes often does not.
 */
function shouldReadRest(request: IncomingMessage): boolean {
  return Number(request.headers['content-length']) <= MAX_DROPPED_BYTES
}
const MAX_DROPPED_BYTES = 64 * 1024 * 1024

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'] as const

/** The problem of a request without a route: either the path has other methods, or it does not exist. */
function unrouted(app: FastifyInstance, request: FastifyRequest): Problem {
  const [path = ''] = request.url.split('?')
  const allowed = METHODS.filter((method) => app.findRoute({ method, url: path }) !== null)
  // A wildcard route for files also matches files that do not exist.
  const isFile = allowed.some((method) => method === request.method)
  if (allowed.length === 0 || isFile) return new Problem('not-found', 'Nothing exists at this path')
  const allow = allowed.join(', ')
  return new Problem('method-not-allowed', `This path supports only ${allow}`, { headers: { allow } })
}

/** The prefix of error codes of llhttp, Node's HTTP parser. */
const PARSE_ERROR = 'HPE_'

/**
 * Answers invalid HTTP, headers that are too large, and requests that arrive too slowly. Closes the
 * connection.
 */
export function refuseBytes(
  error: NodeJS.ErrnoException,
  socket: Socket,
  metrics: Metrics,
  requestId: string
): void {
  const problem = problemOfBytes(error)
  // In the middle of another answer on this socket, a second one would only garble it.
  const current = (socket as { _httpMessage?: { headersSent: boolean } | null })._httpMessage
  if (problem === null || !socket.writable || current?.headersSent === true) socket.destroy(error)
  else answerBytes(problem, socket, metrics, requestId)
}

/** Answers on a connection without a parsed request, and closes it. */
export function answerBytes(problem: Problem, socket: Socket, metrics: Metrics, requestId: string): void {
  metrics.refused(problem.code)
  const { status } = PROBLEMS[problem.code]
  const body = Buffer.from(problemJson(problem, requestId))
  const headers = {
    'content-type': PROBLEM_TYPE,
    'content-length': body.length,
    'x-request-id': requestId,
    'cache-control': 'no-store',
    connection: 'close',
    ...problem.headers
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`
  socket.write(Buffer.concat([Buffer.from(head), body]))
  socket.destroySoon()
}

/** Null if the connection failed, so that no answer can be sent. */
function problemOfBytes({ code = '' }: NodeJS.ErrnoException): Problem | null {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem('request-timeout', 'The request did not arrive completely in time')
  }
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('headers-too-large', 'The path and headers are too long')
  if (!code.startsWith(PARSE_ERROR)) return null
  return invalidRequest([{ pointer: '', detail: 'Not a valid HTTP request' }])
}
