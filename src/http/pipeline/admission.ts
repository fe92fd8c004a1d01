import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { tokenOf } from '../access/guard.ts'
import type { Scope } from '../access/scopes.ts'
import { closeWhenAnswered } from '../limits/connections.ts'
import type { Load } from '../limits/load.ts'
import { type Visit, visitOf } from '../limits/visit.ts'
import { PROBES } from '../operations/operation.ts'
import { addHook } from './route-hooks.ts'

/** What changes nothing, or little, and may let go of much: it goes on when there is no room for more. */
const RELIEVES = new Set([
  'ack',
  'trimStream',
  'deleteEntries',
  'deleteStream',
  'deleteGroup',
  'deleteConsumer'
])

/**
 * Reads that change nothing and are answered with the fields of entries. The engine has to load these before anybody can
 * know how large the answer is, so a client whose unsent answers fill its share is refused before that.
 */
const LOADS_ENTRIES = new Set([
  'getEntry',
  'getStream',
  'describeStream',
  'listEntries',
  'readStreams',
  'tailEntries'
])

/**
 * Counts every request and the bytes of every answer, operation or not. An answer that needs no more than the request to
 * be made again is refused if there is no room to send it. Registered before anything that refuses a request.
 */
export function countRequests(app: FastifyInstance, load: Load): void {
  app.addHook('onRequest', (request, reply, done) => {
    const visit = load.visit(request.raw, reply.raw)
    // To answer would make the line only longer.
    if (isQueued(visit) && visit.queue() !== undefined) dropConnection(request, reply)
    else done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const visit = visitOf(reply.raw)
    const bytes = bytesOf(payload)
    visit.isAnswered = true
    if (bytes !== visit.answerBytes) {
      const isRepeatable = SAFE.has(request.method) && reply.statusCode < 400
      const refusal = isRepeatable ? visit.answerRefusal(bytes) : undefined
      if (refusal !== undefined && !isProbe(request)) return done(refusal)
      visit.holdAnswer(bytes)
    }
    done(null, payload)
  })
}

/**
 * Refuses what there is no room for before work is done for it: when its head has arrived, and, should that change,
 * when its body has. Operations of the server itself are always answered. Registered after `guardOperations`, so that
 * whoever may not send a request takes no room, and the room that a body takes is its token's.
 */
export function admitRequests(app: FastifyInstance, load: Load): void {
  onOperation(app, (route, operationId, scope) => {
    const isRelief = RELIEVES.has(operationId)
    addHook(route, 'onRequest', (request, reply, done) => {
      const visit = visitOf(reply.raw)
      const token = tokenOf(request)?.name
      if (token !== undefined) load.payBy(visit, token)
      const refusal =
        load.refusal() ?? (token === undefined ? undefined : load.rateRefusal(token, performance.now()))
      if (refusal !== undefined) return done(refusal)
      const bytes = Number(request.headers['content-length'] ?? 0)
      const noRoom = visit.expectBody(bytes, isRelief)
      if (noRoom !== undefined) closeWhenAnswered(reply)
      done(noRoom)
    })
    const loadsEntries = LOADS_ENTRIES.has(operationId)
    const begin = (visit: Visit) => load.begin(visit) ?? (loadsEntries ? visit.shareRefusal() : undefined)
    addHook(route, 'preValidation', (_request, reply, done) => {
      const visit = visitOf(reply.raw)
      // The answers of many reads that a client sends at once, without taking any, would be made all at once.
      if (scope === 'read' && isQueued(visit)) whenItsTurn(visit, () => done(begin(visit)))
      else done(begin(visit))
    })
  })
}

/** Methods of requests that change nothing. */
const SAFE = new Set(['GET', 'HEAD'])

/** Whether a request is answered when others have no room, and under whatever name. */
export function isProbe({ routeOptions: { schema } }: FastifyRequest): boolean {
  return PROBES.has((schema as { operationId?: string } | undefined)?.operationId ?? '')
}

/** Streams send one piece after the other, as they are taken. */
function bytesOf(payload: unknown): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload)
  return Buffer.isBuffer(payload) ? payload.length : 0
}

/** Whether other answers of the connection go before this one. */
function isQueued({ response }: Visit): boolean {
  return response.socket === null
}

/** Calls `go` when the answers before this one were sent. Never, if the connection closes before. */
function whenItsTurn({ response }: Visit, go: () => void): void {
  // Emitted by Node when it gives the connection to this answer.
  response.once('socket', go)
}

/** Closes the connection of a request without an answer. */
export function dropConnection(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.destroy()
}

/** Calls `add` for each route of an operation on streams. */
function onOperation(
  app: FastifyInstance,
  add: (route: RouteOptions, operationId: string, scope: Scope) => void
): void {
  app.addHook('onRoute', (route) => {
    const { operationId, 'x-scope': scope } = (route.schema ?? {}) as {
      operationId?: string
      'x-scope'?: Scope
    }
    if (operationId === undefined || scope === undefined || scope === 'metrics') return
    add(route, operationId, scope)
  })
}
