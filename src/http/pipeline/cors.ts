import type { FastifyReply, FastifyRequest } from 'fastify'

/** Headers of every answer that a page of another origin may read. */
const READABLE = 'Allow, Retry-After, WWW-Authenticate, X-Request-Id'
const METHODS = 'GET, HEAD, PUT, POST, PATCH, DELETE'
/** How long a browser may remember that it may ask. */
const REMEMBERED_SECONDS = '600'

/**
 * What browsers need in order to let pages of these origins use the server. Never allows credentials: a request shows who
 * sends it by the token that the page gives it, and not by what a browser adds.
 */
export class Cors {
  readonly #origins: ReadonlySet<string>

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins)
  }

  /** No page of another origin may use the server. */
  get isOff(): boolean {
    return this.#origins.size === 0
  }

  allows(origin: string): boolean {
    return this.#origins.has(origin)
  }

  /** Adds its headers to any answer. Sends the answer and returns true if a request only asks whether it may be sent. */
  answersPreflight({ method, headers }: FastifyRequest, reply: FastifyReply): boolean {
    // Also without an origin, so that no cache gives an answer without these headers to a page that needs them.
    reply.header('vary', 'Origin')
    const { origin } = headers
    if (origin === undefined || !this.allows(origin)) return false
    reply.header('access-control-allow-origin', origin)
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
      reply.header('access-control-expose-headers', READABLE)
      return false
    }
    const asked = headers['access-control-request-headers']
    reply.code(204).headers({
      'access-control-allow-methods': METHODS,
      'access-control-max-age': REMEMBERED_SECONDS,
      ...(asked !== undefined && { 'access-control-allow-headers': asked })
    })
    void reply.send()
    return true
  }
}
