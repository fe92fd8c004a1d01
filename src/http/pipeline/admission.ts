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
 * Counts every request and the bytes of every answer, operation or not. An answer that needs no more than the request to
 * be made again is refused if there is no room to send it. Registered before anything that refuses a request.
 */
export function countRequests(app: FastifyInstance, load: Load): void {
  app.addHook('onRequest', (request, reply, done) => {
    const exchange = load.open(request.raw, reply.raw)
    // To answer would make the line only longer.
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
 * Refuses what there is no room for, before work is done for it, when its head has arrived. Comes after `authenticate`, so
 * that whoever may not send a request takes no room, and the room that a body takes is its token's.
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

/** The same when its body has arrived. A read waits until the answers before its own were sent. */
export function admitBody({ scope, loadsEntries }: Operation, load: Load): preValidationHookHandler {
  const begin = (exchange: Exchange) =>
    load.begin(exchange) ?? (loadsEntries ? exchange.shareRefusal() : undefined)
  return (_request, reply, done) => {
    const exchange = exchangeOf(reply.raw)
    // The answers of many reads that a client sends at once, without taking any, would be made all at once.
    if (scope === 'read' && isQueued(exchange)) whenItsTurn(exchange, () => done(begin(exchange)))
    else done(begin(exchange))
  }
}

/** Methods of requests that change nothing. */
const SAFE = new Set(['GET', 'HEAD'])

/** Whether a request is answered when others have no room, and under whatever name. */
export function isProbe({ routeOptions: { config } }: FastifyRequest): boolean {
  return config.operation?.isProbe ?? false
}

/** Streams send one piece after the other, as they are taken. */
function bytesOf(payload: unknown): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload)
  return Buffer.isBuffer(payload) ? payload.length : 0
}

/** Whether other answers of the connection go before this one. */
function isQueued({ response }: Exchange): boolean {
  return response.socket === null
}

/** Calls `go` when the answers before this one were sent. Never, if the connection closes before. */
function whenItsTurn({ response }: Exchange, go: () => void): void {
  // Emitted by Node when it gives the connection to this answer.
  response.once('socket', go)
}

/** Closes the connection of a request without an answer. */
export function dropConnection(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.destroy()
}
