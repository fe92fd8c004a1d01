import type { Static, TSchema } from '@sinclair/typebox'
import { Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import type { Scope } from '../access/scopes.ts'
import { PROBLEMS, type ProblemCode } from '../problems/problem.ts'
import { Closed, isOptionalBody } from './schemas.ts'

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

/** Bodies, parameters and headers that an operation takes. `body: false` takes none. */
interface Parts {
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

interface Words<S extends TSchema> {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  /** Where the meaning comes from. */
  readonly redis?: string
  readonly tag: keyof typeof TAGS
  /** What a token must allow on the streams that the request is about; null for what anybody may ask. */
  readonly scope: Scope | null
  /** A body that goes with the example of an answer. */
  readonly example?: unknown
  readonly answer: Answer<S>
  /** What it is refused with, besides what goes without saying. */
  readonly problems?: readonly ProblemCode[]
}

/** What operators and their machines ask: always answered, under whatever name and however little room there is. */
export const PROBES: ReadonlySet<string> = new Set(['getLiveness', 'getReadiness', 'getMetrics'])

/** What any request can meet on its way. */
const OF_ANY: readonly ProblemCode[] = [
  'headers-too-large',
  'internal',
  'invalid-request',
  'origin-not-allowed',
  'request-timeout'
]
/** What any request but a probe can meet. */
const OF_HOST: readonly ProblemCode[] = ['host-not-allowed']
/** What a request that needs a token can meet. */
const OF_TOKEN: readonly ProblemCode[] = ['unauthenticated', 'forbidden', 'rate-limited']
/** What every request to the engine can meet. */
const ENGINE: readonly ProblemCode[] = [
  'draining',
  'engine-unavailable',
  'overloaded',
  'storage-failed',
  'too-many-bytes'
]
/** What a request can meet whose method may have a body. */
const OF_BODY: readonly ProblemCode[] = ['body-too-large', 'unsupported-media-type']
/** What a request that changes something can meet besides. */
export const CHANGE: readonly ProblemCode[] = ['outcome-unknown', 'storage-full']

/** What a request that may make a stream, a group or a consumer can meet besides. */
export const GROWTH: readonly ProblemCode[] = [...CHANGE, 'limit-reached']

/**
 * The schema of a route out of what there is to say about it: its problems come out as one response for each status,
 * and a description ends with the scope that it needs and the Redis command that means the same.
 */
export function operation<const P extends Parts, S extends TSchema>(
  parts: P,
  words: Words<S>
): Pick<P, keyof Parts & keyof P> & FastifySchema {
  const { operationId, summary, redis, tag, scope, example, answer, problems = [] } = words
  const ofToken = scope === null ? [] : OF_TOKEN
  const ofHost = PROBES.has(operationId) ? [] : OF_HOST
  const ofEngine = tag === 'server' ? [] : ENGINE
  const ofBody = parts.body === undefined ? [] : OF_BODY
  const ofAll = [...OF_ANY, ...ofHost, ...ofToken, ...ofBody, ...ofEngine]
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
      words.description,
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

export const ProblemAnswer = Type.Object(
  {
    type: Type.String({ description: '`urn:weir:problem:` followed by the code.' }),
    title: Type.String({ description: 'A short description of the code.' }),
    status: Type.Integer({ format: 'int32', description: 'The HTTP status code.' }),
    detail: Type.String({ description: 'A sentence that explains what is wrong with this request.' }),
    code: Type.String({
      description:
        'Why the request was refused. The meaning of a code never changes, but new codes may be added.'
    }),
    retryable: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
    sideEffects: Type.Unsafe<'none' | 'possible'>({
      type: 'string',
      enum: ['none', 'possible'],
      description: 'Whether the request may have changed something although it was refused.'
    }),
    requestId: Type.String({ description: 'The id of the request, which also appears in the log.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({
              description:
                'A JSON pointer into the body, or one that starts with `/path`, `/query` or `/headers`.'
            }),
            detail: Type.String({ description: 'What is wrong with it.' })
          },
          { $id: 'Fault', description: 'An invalid part of a request.' }
        ),
        { description: 'The invalid parts of the request.' }
      )
    )
  },
  {
    $id: 'Problem',
    description: 'Why a request was refused (RFC 9457).',
    examples: [
      {
        type: 'urn:weir:problem:invalid-id',
        title: PROBLEMS['invalid-id'].title,
        status: 400,
        detail: '/ids/0: "1-" is not a valid id',
        code: 'invalid-id',
        retryable: false,
        sideEffects: 'none',
        requestId: 'UqGx2dNb-1f',
        errors: [{ pointer: '/ids/0', detail: '"1-" is not a valid id' }]
      }
    ]
  }
)

function problemResponses(codes: Iterable<ProblemCode>): Record<number, object> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of [...codes].toSorted()) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const responses: Record<number, object> = {}
  for (const [status, found] of byStatus) {
    const lines = found.map((code) => `- \`${code}\`: ${PROBLEMS[code].title}.`)
    responses[status] = {
      description: lines.join('\n'),
      content: { 'application/problem+json': { schema: ProblemAnswer } },
      ...((status === 429 || status === 503) && { headers: RETRY_AFTER }),
      ...(status === 415 && { headers: ACCEPTED }),
      ...((found.includes('unauthenticated') || found.includes('forbidden')) && { headers: WWW_AUTHENTICATE })
    }
  }
  return responses
}

const ACCEPTED = {
  Accept: {
    type: 'string',
    description: 'The media type that a body must have. Sent if the media type is the problem.'
  },
  'Accept-Encoding': {
    type: 'string',
    description: 'The content encoding that a body must have. Sent if the encoding is the problem.'
  }
}
const RETRY_AFTER = {
  'Retry-After': { type: 'integer', description: 'How many seconds to wait before retrying.' }
}
const WWW_AUTHENTICATE = {
  'WWW-Authenticate': { type: 'string', description: 'How to authenticate (RFC 6750).' }
}
