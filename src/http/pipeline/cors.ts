import type { FastifyReply, FastifyRequest } from 'fastify'

/** The headers that a page of another origin may read in every answer. */
const READABLE = 'Allow, Retry-After, WWW-Authenticate, X-Request-Id'
const METHODS = 'GET, HEAD, PUT, POST, PATCH, DELETE'
/** How long a browser may cache the answer to a preflight request. */
const PREFLIGHT_SECONDS = '600'

/**
 * Sends the headers with which browsers let pages of these origins use the server. Never allows credentials:
 * a page authenticates its requests with a token, and not with what the browser adds.
 */
export class Cors {
  readonly #origins: ReadonlySet<string>

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins)
  }

  /** Whether no other origin may use the server. */
  get isOff(): boolean {
    return this.#origins.size === 0
  }

  allows(origin: string): boolean {
    return this.#origins.has(origin)
  }

  /** Adds CORS headers to any answer. Answers a preflight request completely, and then returns true. */
  answersPreflight({ method, headers }: FastifyRequest, reply: FastifyReply): boolean {
    // Also without an origin, so that no cache serves an answer without CORS headers to a page that needs
    // them.
    reply.header('vary', 'Origin')
    const { origin } = headers
    if (origin === undefined || !this.allows(origin)) return false
    reply.header('access-control-allow-origin', origin)
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
      reply.header('access-control-expose-headers', READABLE)
      return false
    }
    const requested = headers['access-control-request-headers']
    reply.code(204).headers({
      'access-control-allow-methods': METHODS,
      'access-control-max-age': PREFLIGHT_SECONDS,
      ...(requested !== undefined && { 'access-control-allow-headers': requested })
    })
    void reply.send()
    return true
  }
}
