import type { FastifyInstance, RouteOptions } from 'fastify'
import type { Metrics } from '../../metrics.ts'
import { type Access, authenticate, authorizeBody, namesStreams } from '../access/guard.ts'
import type { Load } from '../limits/load.ts'
import type { Operation } from '../operations/operation.ts'
import type { Services } from '../operations/services.ts'
import { admitBody, admitHead } from './admission.ts'
import { measure } from './measuring.ts'
import { checkRequest } from './validation.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that belongs to one. */
    readonly operation?: Operation
  }
}

/** What the stages of the pipeline work with. */
export interface PipelineParts {
  readonly access: Access | undefined
  readonly load: Load
  readonly metrics: Metrics
  /** Whether each answer is logged. */
  readonly isLogged: boolean
}

type Stages = Pick<RouteOptions, 'onRequest' | 'preValidation' | 'preHandler' | 'onResponse'>

/**
 * What a request for an operation goes through, in this order. Each stage may answer it with a problem, and then those
 * after it do not run. What any request goes through before, for an operation or not, is `addRequestHooks` in `server.ts`.
 *
 *     head arrived     authenticate   whose token is it, and does it allow the operation on the stream in the path?
 *                      admit          is there room for the request and its body? The room is the token's.
 *                      (Fastify reads the body, as bytes)
 *     body arrived     admit          is there still room, now that its turn has come?
 *                      check          parse the body and check the whole request against the operation's schema
 *                      authorize      does the token allow the operation on the streams in the body?
 *     handled          (the handler of the operation)
 *     answered         measure        count, time and log it
 *
 * Operations of the server itself are always admitted.
 */
export function stagesOf(operation: Operation, { access, load, metrics, isLogged }: PipelineParts): Stages {
  const { schema, isServerOperation } = operation
  const isGuarded = access !== undefined && operation.scope !== null
  return {
    onRequest: [
      ...(isGuarded ? [authenticate(operation.scope, access)] : []),
      ...(isServerOperation ? [] : [admitHead(operation, load)])
    ],
    preValidation: [...(isServerOperation ? [] : [admitBody(operation, load)]), checkRequest(schema)],
    preHandler: isGuarded && namesStreams(schema.body) ? [authorizeBody(operation.scope)] : [],
    onResponse: measure(operation, metrics, isLogged)
  }
}

/** Adds operations to a server, each behind its pipeline. */
export function addOperations(
  app: FastifyInstance,
  operations: readonly Operation[],
  services: Services,
  parts: PipelineParts
): void {
  for (const operation of operations) {
    const { method, path, schema } = operation
    app.route({
      method,
      url: path,
      schema,
      config: { operation },
      // Requests are checked by a stage of the pipeline.
      validatorCompiler: () => () => true,
      ...stagesOf(operation, parts),
      handler: operation.handler(services)
    })
  }
}
