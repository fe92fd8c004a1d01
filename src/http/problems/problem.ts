import { EngineError, type EngineErrorCode } from '../../contract/errors.ts'

/** Why a request was refused. Released codes keep their names and meanings. */
export type ProblemCode = EngineErrorCode | HttpErrorCode

/** Refusals by the HTTP server itself. */
type HttpErrorCode =
  | 'body-too-large'
  | 'draining'
  | 'forbidden'
  | 'headers-too-large'
  | 'host-not-allowed'
  | 'internal'
  | 'invalid-id'
  | 'method-not-allowed'
  | 'not-found'
  | 'origin-not-allowed'
  | 'rate-limited'
  | 'request-timeout'
  | 'too-many-bytes'
  | 'unauthenticated'
  | 'unsupported-media-type'

interface ProblemRow {
  readonly status: number
  readonly title: string
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  /** Whether the request may have changed something anyway. */
  readonly sideEffects: 'none' | 'possible'
}

const wrong = { retryable: false, sideEffects: 'none' } as const
const later = { retryable: true, sideEffects: 'none' } as const

/** What each refusal means over HTTP. A code without a row does not compile. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemRow>> = {
  'body-too-large': { status: 413, title: 'The body is too large', ...wrong },
  'consumer-has-pending': { status: 409, title: 'The consumer has pending entries', ...wrong },
  'consumer-not-found': { status: 404, title: 'No such consumer', ...wrong },
  'dead-letter-cycle': { status: 409, title: 'Dead letters would come back to their stream', ...wrong },
  draining: { status: 503, title: 'The server is shutting down', ...later },
  'engine-unavailable': { status: 503, title: 'The engine is unavailable', ...later },
  'entry-damaged': { status: 500, title: 'The entry is damaged on disk', ...wrong },
  'entry-not-found': { status: 404, title: 'No such entry', ...wrong },
  forbidden: { status: 403, title: 'The token does not allow this', ...wrong },
  'group-exists': { status: 412, title: 'The group already exists', ...wrong },
  'group-has-pending': { status: 409, title: 'The group has pending entries', ...wrong },
  'group-not-found': { status: 404, title: 'No such group', ...wrong },
  'headers-too-large': { status: 431, title: 'The headers are too large', ...wrong },
  'host-not-allowed': { status: 403, title: 'The host is not allowed', ...wrong },
  'id-not-greater': { status: 409, title: 'The id is not greater than the last id', ...wrong },
  'id-too-high': { status: 409, title: 'The id is greater than the last id', ...wrong },
  'ids-exhausted': { status: 409, title: 'No ids are left', ...wrong },
  internal: { status: 500, title: 'Internal error', retryable: false, sideEffects: 'possible' },
  'invalid-id': { status: 400, title: 'Invalid entry id', ...wrong },
  'invalid-request': { status: 400, title: 'Invalid request', ...wrong },
  'limit-reached': { status: 503, title: 'Limit reached', ...later },
  'method-not-allowed': { status: 405, title: 'Method not allowed', ...wrong },
  'not-found': { status: 404, title: 'No such path', ...wrong },
  'origin-not-allowed': { status: 403, title: 'The origin is not allowed', ...wrong },
  'outcome-unknown': {
    status: 504,
    title: 'The outcome is unknown',
    retryable: true,
    sideEffects: 'possible'
  },
  overloaded: { status: 503, title: 'The server is overloaded', ...later },
  'rate-limited': { status: 429, title: 'Too many requests per second', ...later },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', ...later },
  'storage-failed': { status: 503, title: 'Storage has failed', ...later },
  'storage-full': { status: 507, title: 'Storage is full', ...later },
  'stream-conflict': { status: 409, title: 'The name is taken by something else', ...wrong },
  'stream-exists': { status: 412, title: 'The stream already exists', ...wrong },
  'stream-not-found': { status: 404, title: 'No such stream', ...wrong },
  'too-many-bytes': { status: 429, title: 'Too many buffered bytes for one client', ...later },
  'too-many-waiting': { status: 429, title: 'Too many waiting readers', ...later },
  unauthenticated: { status: 401, title: 'A valid token is required', ...wrong },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type or encoding of the body is not supported',
    ...wrong
  }
}

/** The default `Retry-After` of 429 and 503. */
const RETRY_AFTER_SECONDS = 1

/** Maximum number of faults that are reported for a request. */
export const MAX_FAULTS = 20

/** An invalid part of a request. */
export interface Fault {
  /** A JSON pointer into the body, or below `/path`, `/query` or `/headers`. */
  readonly pointer: string
  /** A sentence for the author of the request. */
  readonly detail: string
}

/** A refusal of a request. Its message is the `detail` of the answer. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly faults: readonly Fault[]
  /** How long the client should wait before it retries. Undefined if the client cannot know. */
  readonly retryAfterSeconds: number | undefined
  /** Additional headers of the answer. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      faults?: readonly Fault[]
      headers?: Record<string, string>
      retryAfterSeconds?: number
      cause?: unknown
    } = {}
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.faults = options.faults ?? []
    const { status } = PROBLEMS[code]
    const { retryAfterSeconds = RETRY_AFTER_SECONDS, headers } = options
    this.retryAfterSeconds = status === 429 || status === 503 ? retryAfterSeconds : undefined
    this.headers = {
      ...(this.retryAfterSeconds !== undefined && { 'retry-after': `${this.retryAfterSeconds}` }),
      ...headers
    }
  }
}

/** The problem of a request with these faults. */
export function invalidRequest(faults: readonly Fault[]): Problem {
  return new Problem('invalid-request', summary(faults), { faults })
}

/** The problem of a request with invalid ids. */
export function invalidId(faults: readonly Fault[]): Problem {
  return new Problem('invalid-id', summary(faults), { faults })
}

/** The problem of a request that arrives while the server is shutting down. */
export function draining(): Problem {
  return new Problem('draining', 'The server is shutting down: retry later or on another server')
}

function summary(faults: readonly Fault[]): string {
  const [first] = faults
  if (first === undefined) return 'Invalid request'
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  return `${first.pointer === '' ? '' : `${first.pointer}: `}${first.detail}${more}`
}

/** Converts an error to a problem. Null for an unexpected error. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error
  if (!(error instanceof EngineError)) return null
  const { code, message, pointer } = error
  const faults = pointer === undefined ? [] : [{ pointer, detail: message }]
  return new Problem(code, message, { faults, cause: error })
}

/** A problem as JSON (RFC 9457). */
export function problemJson(problem: Problem, requestId: string): string {
  const { status, title, retryable, sideEffects } = PROBLEMS[problem.code]
  return JSON.stringify({
    type: `urn:weir:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    retryable,
    sideEffects,
    requestId,
    ...(problem.retryAfterSeconds !== undefined && { retryAfterMs: problem.retryAfterSeconds * 1000 }),
    ...(problem.faults.length > 0 && { errors: problem.faults })
  })
}
