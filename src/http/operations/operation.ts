import type { Static, TSchema } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest, FastifySchema, RouteHandlerMethod } from 'fastify'
import type { Scope } from '../access/scopes.ts'
import type { ProblemCode } from '../problems/problem.ts'
import { problemResponses } from './problem-responses.ts'
import { Closed, isOptionalBody } from './schemas.ts'
import type { Services } from './services.ts'

/** The groups that operations are shown in. */
export const TAGS = {
  streams: 'Create, inspect and delete streams.',
  entries: 'Append entries, and read and delete them without a group.',
  groups: 'Consumer groups and their position in a stream.',
  reading: 'Read entries as a consumer of a group, and ack them.',
  pending: 'List and claim entries that were delivered but not yet acked.',
  consumers: 'The consumers of a group.',
  server: 'Health, metrics and this document.'
} as const

/** Where an operation is, and the parts of a request that it takes. `body: false` takes none. */
interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** With parameters as `:name`. */
  readonly path: string
  readonly params?: TSchema
  readonly querystring?: TSchema
  readonly headers?: TSchema
  readonly body?: TSchema | false
}

interface Answer<S extends TSchema> {
  readonly status?: 200 | 201
  /** JSON, if nothing is said. */
  readonly mediaType?: string
  readonly description: string
  readonly schema: S
  readonly example: Static<S>
}

interface Definition<S extends TSchema> {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  /** Where the meaning comes from. */
  readonly redis?: string
  readonly tag: keyof typeof TAGS
  /** What a token must allow on the streams that the request is about; null for what anybody may ask. */
  readonly scope: Scope | null
  /** Changes nothing, or little, and may let go of much: goes on when there is no room for more. */
  readonly freesSpace?: boolean
  /**
   * Changes nothing, and is answered with the fields of entries. The engine has to load these before anybody can know how
   * large the answer is, so a client whose unsent answers fill its share is refused before that.
   */
  readonly loadsEntries?: boolean
  /** Asked by operators and their machines: answered under whatever name, and however little room there is. */
  readonly isProbe?: boolean
  /** A body that goes with the example of an answer. */
  readonly example?: unknown
  readonly answer: Answer<S>
  /** What it is refused with, besides what goes without saying. */
  readonly problems?: readonly ProblemCode[]
}

/** What any request can meet on its way. */
const ANY_PROBLEMS: readonly ProblemCode[] = [
  'headers-too-large',
  'internal',
  'invalid-request',
  'origin-not-allowed',
  'request-timeout'
]
/** What any request but a probe can meet. */
const HOST_PROBLEMS: readonly ProblemCode[] = ['host-not-allowed']
/** What a request that needs a token can meet. */
const TOKEN_PROBLEMS: readonly ProblemCode[] = ['unauthenticated', 'forbidden', 'rate-limited']
/** What every request to the engine can meet. */
const ENGINE_PROBLEMS: readonly ProblemCode[] = [
  'draining',
  'engine-unavailable',
  'overloaded',
  'storage-failed',
  'too-many-bytes'
]
/** What a request can meet whose method may have a body. */
const BODY_PROBLEMS: readonly ProblemCode[] = ['body-too-large', 'unsupported-media-type']
/** What a request that changes something can meet besides. */
export const CHANGE: readonly ProblemCode[] = ['outcome-unknown', 'storage-full']

/** What a request that may make a stream, a group or a consumer can meet besides. */
export const GROWTH: readonly ProblemCode[] = [...CHANGE, 'limit-reached']

/** A request once it was checked: its parts are as their schemas say. */
type CheckedRequest<R extends Route> = FastifyRequest<{
  Params: StaticOf<R['params']>
  Querystring: StaticOf<R['querystring']>
  Headers: StaticOf<R['headers']>
  Body: StaticOf<R['body']>
}>
type StaticOf<S> = S extends TSchema ? Static<S> : unknown

/** Answers a request that went through the pipeline. Rejects with an EngineError or a Problem. */
type Handler<R extends Route> = (request: CheckedRequest<R>, reply: FastifyReply) => Promise<unknown>

/** Everything about an operation: where it is, what it takes and answers, who may call it, and what it does. */
export interface Operation {
  readonly id: string
  readonly method: Route['method']
  readonly path: string
  /** Of a request and its answers, as the document has it. */
  readonly schema: Omit<Route, 'method' | 'path'> & FastifySchema
  readonly scope: Scope | null
  readonly isServerOperation: boolean
  readonly freesSpace: boolean
  readonly loadsEntries: boolean
  readonly isProbe: boolean
  handler(services: Services): RouteHandlerMethod
}

/** An operation that waits has a schema that depends on how long it may. */
export type WaitingOperation = (maxWaitMs: number) => Operation

/** Makes the operation once for each limit, so that servers with the same one share its checks. */
export function perMaxWait(make: WaitingOperation): WaitingOperation {
  const made = new Map<number, Operation>()
  return (maxWaitMs) => {
    const operation = made.get(maxWaitMs) ?? make(maxWaitMs)
    made.set(maxWaitMs, operation)
    return operation
  }
}

/**
 * An operation out of its route, what there is to say about it, and its handler. Its problems come out as one response for
 * each status, and its description ends with the scope that it needs and the Redis command that means the same.
 */
export function operation<const R extends Route, S extends TSchema>(
  { method, path, ...parts }: R,
  definition: Definition<S>,
  handler: (services: Services) => Handler<R>
): Operation {
  const { operationId: id, scope, freesSpace = false, loadsEntries = false, isProbe = false } = definition
  return {
    id,
    method,
    path,
    schema: schemaOf(parts, definition),
    scope,
    isServerOperation: definition.tag === 'server',
    freesSpace,
    loadsEntries,
    isProbe,
    // What the parts of a request are follows from the checks that come before.
    handler: (services) => handler(services) as unknown as RouteHandlerMethod
  }
}

function schemaOf<S extends TSchema>(
  parts: Omit<Route, 'method' | 'path'>,
  definition: Definition<S>
): Operation['schema'] {
  const {
    operationId,
    summary,
    redis,
    tag,
    scope,
    isProbe = false,
    example,
    answer,
    problems = []
  } = definition
  const ofToken = scope === null ? [] : TOKEN_PROBLEMS
  const ofHost = isProbe ? [] : HOST_PROBLEMS
  const ofEngine = tag === 'server' ? [] : ENGINE_PROBLEMS
  const ofBody = parts.body === undefined ? [] : BODY_PROBLEMS
  const ofAll = [...ANY_PROBLEMS, ...ofHost, ...ofToken, ...ofBody, ...ofEngine]
  const codes = new Set<ProblemCode>([...ofAll, ...problems])
  const { mediaType = 'application/json', schema } = answer
  return {
    // Unknown parameters are refused also where there are no known ones. Probes and scrapers may send what they like.
    ...(tag !== 'server' && { querystring: Closed({}) }),
    ...parts,
    ...(parts.body && isOptionalBody(parts.body) && { body: { ...parts.body, nullable: true } }),
    operationId,
    summary,
    description: [
      definition.description,
      ...(scope === null ? [] : [`Scope: \`${scope}\`.`]),
      ...(redis === undefined ? [] : [`Redis: ${redis}.`])
    ].join('\n\n'),
    tags: [tag],
    security: scope === null ? [] : [{ token: [] }],
    ...(scope !== null && { 'x-scope': scope }),
    response: {
      [answer.status ?? 200]: {
        description: answer.description,
        content: { [mediaType]: { schema, example: answer.example } }
      },
      ...problemResponses(codes)
    },
    ...(example !== undefined && { 'x-example': example })
  }
}
