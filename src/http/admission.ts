import type { FastifyInstance, RouteOptions } from 'fastify'
import { tokenOf } from './access/guard.ts'
import type { Scope } from './access/scopes.ts'
import type { Load } from './load.ts'
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
 * Refuses what there is no room for before work is done for it: when its head has arrived, and, should that change,
 * when its body has. Operations of the server itself are always answered. Registered before `guardOperations`, and
 * `admitByToken` after it.
 */
export function admitRequests(app: FastifyInstance, load: Load): void {
  onOperation(app, (route, operationId, scope) => {
    const grows = !RELIEVES.has(operationId)
    addHook(route, 'onRequest', (request, reply, done) => {
      const refusal = load.refusal(grows)
      if (refusal === undefined) load.arriving(request.raw, reply.raw)
      done(refusal)
    })
    addHook(route, 'preValidation', (request, reply, done) => done(load.begin(request.raw, reply.raw)))
    if (scope !== 'read' && scope !== 'consume') return
    addHook(route, 'onSend', (_request, reply, payload, done) => {
      if (Buffer.isBuffer(payload)) load.answering(reply.raw, payload.length)
      done(null, payload)
    })
  })
}

/** Refuses what a token sends too much of. */
export function admitByToken(app: FastifyInstance, load: Load): void {
  onOperation(app, (route) => {
    addHook(route, 'onRequest', (request, _reply, done) => {
      const token = tokenOf(request)
      done(token === undefined ? undefined : load.rateRefusal(token.name, performance.now()))
    })
  })
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
