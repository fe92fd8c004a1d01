import type { Static, TSchema } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest, FastifySchema, RouteHandlerMethod } from 'fastify'
import type { Scope } from '../access/scopes.ts'
import type { ProblemCode } from '../problems/problem.ts'
import { Closed } from './schemas.ts'
import type { Services } from './services.ts'

/** The sections of the document, and what is in them. */
export const TAGS = {
  streams: 'Create, inspect and delete streams.',
  entries: 'Append entries, and read and delete them without a group.',
  groups: 'Consumer groups: read entries as a consumer, ack, nack, extend and claim them.',
  dead: 'List and redrive entries that are not delivered any more.',
  server: 'Health, metrics and this document.'
} as const

/** Marks headers that are not in the document. */
export const HIDDEN = 'x-hidden'

/** The method and the path of an operation, and the schemas of its requests. `body: false` allows no body. */
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
  /** JSON by default. */
  readonly mediaType?: string
  readonly description: string
  readonly schema: S
  readonly example: Static<S>
}

interface Definition<S extends TSchema> {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  /** The Redis command with the same meaning. */
  readonly redis?: string
  readonly tag: keyof typeof TAGS
  /** The scope that a token must have on the streams of the request. Null if no token is required. */
  readonly scope: Scope | null
  /**
   * It stores little or nothing, and may free much. It still works when there is no room for other requests.
   */
  readonly freesSpace?: boolean
  /**
   * It changes nothing, and its answer contains fields of entries. How large the answer is turns out only
   * when the engine has loaded them, so a client whose unsent answers fill its share is refused before that.
   */
  readonly loadsEntries?: boolean
  /** For operators and monitoring. It is accepted with any host name, and however little room there is. */
  readonly isProbe?: boolean
  /** The body of a request that gets the example of an answer. */
  readonly example?: unknown
  readonly answer: Answer<S>
  /** Problems besides those that all operations of its kind have. */
  readonly problems?: readonly ProblemCode[]
}

/** Problems of any request. */
const ANY_PROBLEMS: readonly ProblemCode[] = [
  'headers-too-large',
  'internal',
  'invalid-request',
  'origin-not-allowed',
  'request-timeout'
]
/** Problems of any request except a probe. */
const HOST_PROBLEMS: readonly ProblemCode[] = ['host-not-allowed']
/** Problems of a request that requires a token. */
const TOKEN_PROBLEMS: readonly ProblemCode[] = ['unauthenticated', 'forbidden', 'rate-limited']
/** Problems of a request to the engine. */
const ENGINE_PROBLEMS: readonly ProblemCode[] = [
  'draining',
  'engine-unavailable',
  'overloaded',
  'storage-failed',
  'too-many-bytes'
]
/** Problems of a request whose method allows a body. */
const BODY_PROBLEMS: readonly ProblemCode[] = ['body-too-large', 'unsupported-media-type']
/** Additional problems of a request that changes something. */
export const CHANGE: readonly ProblemCode[] = ['outcome-unknown', 'storage-full']

/** Additional problems of a request that may create a stream, a group or a consumer. */
export const GROWTH: readonly ProblemCode[] = [...CHANGE, 'limit-reached']

/** A request that was validated: its parts have the types of their schemas. */
type CheckedRequest<R extends Route> = FastifyRequest<{
  Params: StaticOf<R['params']>
  Querystring: StaticOf<R['querystring']>
  Headers: StaticOf<R['headers']>
  Body: StaticOf<R['body']>
}>
type StaticOf<S> = S extends TSchema ? Static<S> : unknown

/** Handles a request that passed the pipeline. Rejects with an EngineError or a Problem. */
type Handler<R extends Route> = (request: CheckedRequest<R>, reply: FastifyReply) => Promise<unknown>

/** Everything about an operation: its path, its requests and answers, who may call it, and what it does. */
export interface Operation {
  readonly id: string
  readonly method: Route['method']
  readonly path: string
  /** The schema of requests and answers, as in the document. */
  readonly schema: Omit<Route, 'method' | 'path'> & FastifySchema
  readonly scope: Scope | null
  readonly isServerOperation: boolean
  readonly freesSpace: boolean
  readonly loadsEntries: boolean
  readonly isProbe: boolean
  handler(services: Services): RouteHandlerMethod
}

/** An operation that may wait. Its schema depends on the limit of `waitMs`. */
export type WaitingOperation = (maxWaitMs: number) => Operation

/** Creates the operation once for each limit, so that servers with the same limit share compiled schemas. */
export function perMaxWait(create: WaitingOperation): WaitingOperation {
  const created = new Map<number, Operation>()
  return (maxWaitMs) => {
    const operation = created.get(maxWaitMs) ?? create(maxWaitMs)
    created.set(maxWaitMs, operation)
    return operation
  }
}

/**
 * Creates an operation from its route, its definition and its handler. In the document, its description ends
 * with its problems, the required scope and the equivalent Redis command.
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
    // The pipeline has validated the parts of the request before.
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
  const tokenProblems = scope === null ? [] : TOKEN_PROBLEMS
  const hostProblems = isProbe ? [] : HOST_PROBLEMS
  const engineProblems = tag === 'server' ? [] : ENGINE_PROBLEMS
  const bodyProblems = parts.body === undefined ? [] : BODY_PROBLEMS
  const codes = new Set<ProblemCode>([
    ...ANY_PROBLEMS,
    ...hostProblems,
    ...tokenProblems,
    ...bodyProblems,
    ...engineProblems,
    ...problems
  ])
  const { mediaType = 'application/json', schema } = answer
  return {
    // Without parameters of its own, an operation refuses all. Probes and scrapers may send any.
    ...(tag !== 'server' && { querystring: Closed({}) }),
    ...parts,
    operationId,
    summary,
    description: [
      definition.description,
      ...(problems.length === 0 ? [] : [`Problems, besides those of any request: ${codeList(problems)}.`]),
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
      }
    },
    ...{ 'x-codes': [...codes].toSorted() },
    ...(example !== undefined && { 'x-example': example })
  }
}

function codeList(codes: readonly ProblemCode[]): string {
  return codes
    .toSorted()
    .map((code) => `\`${code}\``)
    .join(', ')
}
