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
    /** The operation of a route, if it has one. */
    readonly operation?: Operation
  }
}

/** What the stages of the pipeline use. */
export interface PipelineParts {
  readonly access: Access | undefined
  readonly load: Load
  readonly metrics: Metrics
  /** Whether each answer is logged. */
  readonly isLogged: boolean
}

type Stages = Pick<RouteOptions, 'onRequest' | 'preValidation' | 'preHandler' | 'onResponse'>

/**
 * The stages of a request for an operation, in order. Each stage may answer with a problem, and then the
 * later ones do not run. `addRequestHooks` in `server.ts` has the hooks that run before, for every request.
 *
 *     head arrived   authenticate   find the token; does it allow the operation on the stream in the path?
 *                    admit          is there room for the request and its body? The token is charged for it.
 *                    (Fastify reads the body, as bytes)
 *     body arrived   admit          is there still room, now that it is the request's turn?
 *                    check          parse the body, and validate the whole request against the schema
 *                    authorize      does the token allow the operation on the streams in the body?
 *     handled        (the handler of the operation)
 *     answered       measure        count, time and log it
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

/** Adds operations to a server, each with its pipeline. */
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
      // A stage of the pipeline validates requests.
      validatorCompiler: () => () => true,
      ...stagesOf(operation, parts),
      handler: operation.handler(services)
    })
  }
}
