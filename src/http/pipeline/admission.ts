import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  preValidationHookHandler
} from 'fastify'
import { tokenOf } from '../access/guard.ts'
import { closeWhenAnswered } from '../limits/connections.ts'
import { type Exchange, exchangeOf } from '../limits/exchange.ts'
import type { Load } from '../limits/load.ts'
import type { Operation } from '../operations/operation.ts'

/**
 * Counts every request and the bytes of every answer, for an operation or not. If there is no room for an
 * answer that the client can request again, it is refused. Register it before any hook that refuses requests.
 */
export function countRequests(app: FastifyInstance, load: Load): void {
  app.addHook('onRequest', (request, reply, done) => {
    const exchange = load.open(request.raw, reply.raw)
    // An answer would only make the queue longer.
    if (isQueued(exchange) && exchange.queue() !== undefined) dropConnection(request, reply)
    else done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const exchange = exchangeOf(reply.raw)
    const bytes = bytesOf(payload)
    exchange.isAnswered = true
    if (bytes !== exchange.answerBytes) {
      const isRepeatable = SAFE.has(request.method) && reply.statusCode < 400
      const refusal = isRepeatable ? exchange.answerRefusal(bytes) : undefined
      if (refusal !== undefined && !isProbe(request)) return done(refusal)
      exchange.holdAnswer(bytes)
    }
    done(null, payload)
  })
}

/**
 * Refuses a request for which there is no room, when its head has arrived and before any work is done. Runs
 * after `authenticate`, so that an unauthorized request takes no room, and the body is charged to its token.
 */
export function admitHead({ freesSpace }: Operation, load: Load): onRequestHookHandler {
  return (request, reply, done) => {
    const exchange = exchangeOf(reply.raw)
    const token = tokenOf(request)?.name
    if (token !== undefined) load.payBy(exchange, token)
    const refusal =
      load.refusal() ?? (token === undefined ? undefined : load.rateRefusal(token, performance.now()))
    if (refusal !== undefined) return done(refusal)
    const bytes = Number(request.headers['content-length'] ?? 0)
    const noRoom = exchange.expectBody(bytes, freesSpace)
    if (noRoom !== undefined) closeWhenAnswered(reply)
    done(noRoom)
  }
}

/** The same when the body has arrived. A pipelined read first waits until the earlier answers were sent. */
export function admitBody({ scope, loadsEntries }: Operation, load: Load): preValidationHookHandler {
  const begin = (exchange: Exchange) =>
    load.begin(exchange) ?? (loadsEntries ? exchange.shareRefusal() : undefined)
  return (_request, reply, done) => {
    const exchange = exchangeOf(reply.raw)
    // Otherwise a client that pipelines many reads without receiving any would have all answers built at
    // once.
    if (scope === 'read' && isQueued(exchange)) whenItsTurn(exchange, () => done(begin(exchange)))
    else done(begin(exchange))
  }
}

/** Methods of requests that change nothing. */
const SAFE = new Set(['GET', 'HEAD'])

/** Whether a request is accepted even without room, and with any host name. */
export function isProbe({ routeOptions: { config } }: FastifyRequest): boolean {
  return config.operation?.isProbe ?? false
}

/** A stream counts nothing here: it sends one piece after the other, as the client receives them. */
function bytesOf(payload: unknown): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload)
  return Buffer.isBuffer(payload) ? payload.length : 0
}

/** Whether the answer waits for earlier answers of its connection. */
function isQueued({ response }: Exchange): boolean {
  return response.socket === null
}

/**
 * Calls `proceed` when the earlier answers of the connection were sent. Never calls it if the connection
 * closes.
 */
function whenItsTurn({ response }: Exchange, proceed: () => void): void {
  // Node emits `socket` when it assigns the connection to this answer.
  response.once('socket', proceed)
}

/** Closes the connection of a request without answering it. */
export function dropConnection(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.destroy()
}
