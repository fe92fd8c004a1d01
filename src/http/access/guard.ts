import type { FastifyInstance, FastifyRequest } from 'fastify'
import { addHook } from '../pipeline/route-hooks.ts'
import { type Fault, Problem } from '../problems/problem.ts'
import type { Scope } from './scopes.ts'
import type { Token } from './tokens.ts'

/** Who is known. */
export interface Access {
  /** Whose token it is; undefined for one that is nobody's. */
  find(presented: string): Token | undefined
}

/**
 * Asks each request of an operation for a token that has the operation's scope on the streams that it is about: before
 * anything is read of its body for a stream in the path, and before its handler runs for streams in the body. What no
 * operation belongs to is asked for nothing, and without `access` nothing is.
 */
export function guardOperations(app: FastifyInstance, access: Access | undefined): void {
  app.decorateRequest(TOKEN, null)
  if (access === undefined) return
  app.addHook('onRoute', (route) => {
    const scope = (route.schema as { 'x-scope'?: Scope } | undefined)?.['x-scope']
    if (scope === undefined) return
    addHook(route, 'onRequest', (request, _reply, done) =>
      done(authenticate(request, access) ?? refusalOfPath(request, scope))
    )
    if (!namesStreams(route.schema?.body)) return
    addHook(route, 'preHandler', (request, _reply, done) => {
      done(refusalOfBody(request, scope))
    })
  })
}

/** Returns what tells why a request that was let in would be refused now. For one pass over many requests. */
export function refusalsNow(access: Access): (request: FastifyRequest) => Problem | undefined {
  // Most of them present the same few tokens, and finding one takes two hashes.
  const found = new Map<string, Token | undefined>()
  const find = (presented: string) => {
    if (!found.has(presented)) found.set(presented, access.find(presented))
    return found.get(presented)
  }
  return (request) => {
    const { schema } = request.routeOptions
    const scope = (schema as { 'x-scope'?: Scope } | undefined)?.['x-scope']
    if (scope === undefined) return undefined
    const refusal = authenticate(request, { find }) ?? refusalOfPath(request, scope)
    return refusal ?? (namesStreams(schema?.body) ? refusalOfBody(request, scope) : undefined)
  }
}

/** Who sends the request. Undefined where nobody is asked. */
export function tokenOf(request: FastifyRequest): Token | undefined {
  return request.getDecorator<Token | null>(TOKEN) ?? undefined
}

/** For what a request does besides its operation; `fault` says where it does. Throws forbidden. */
export function requireScope(request: FastifyRequest, scope: Scope, stream: string, fault?: Fault): void {
  const token = tokenOf(request)
  if (token !== undefined && !token.permissions.allows(scope, stream)) {
    throw forbidden(token, scope, stream, fault)
  }
}

/** The token that a request presents, if it is somebody's. */
export function presentedToken({ headers }: FastifyRequest, access: Access): Token | undefined {
  const [, presented] = BEARER.exec(headers.authorization ?? '') ?? []
  return presented === undefined ? undefined : access.find(presented)
}

const TOKEN = 'token'
const BEARER = /^bearer +([\w.~+/=-]{1,512})$/i
const REALM = 'Bearer realm="weir"'

function authenticate(request: FastifyRequest, access: Access): Problem | undefined {
  const token = presentedToken(request, access)
  if (token !== undefined) {
    request.setDecorator(TOKEN, token)
    return undefined
  }
  const isMissing = request.headers.authorization === undefined
  return new Problem(
    'unauthenticated',
    isMissing ? 'Send a token as "authorization: Bearer TOKEN"' : 'The token is not valid for this server',
    { headers: { 'www-authenticate': isMissing ? REALM : `${REALM}, error="invalid_token"` } }
  )
}

function refusalOfPath(request: FastifyRequest, scope: Scope): Problem | undefined {
  const token = request.getDecorator<Token>(TOKEN)
  const { stream } = request.params as { stream?: string }
  const isAllowed =
    stream === undefined ? token.permissions.allowsSomewhere(scope) : token.permissions.allows(scope, stream)
  return isAllowed ? undefined : forbidden(token, scope, stream)
}

/** Of streams that the body names. */
function refusalOfBody(request: FastifyRequest, scope: Scope): Problem | undefined {
  const token = request.getDecorator<Token>(TOKEN)
  const { streams } = request.body as { streams: { stream: string }[] }
  for (const { stream } of streams) {
    if (!token.permissions.allows(scope, stream)) return forbidden(token, scope, stream)
  }
  return undefined
}

function forbidden({ name }: Token, scope: Scope, stream?: string, fault?: Fault): Problem {
  const where = stream === undefined ? '' : ` on stream ${JSON.stringify(stream)}`
  return new Problem('forbidden', `The token ${JSON.stringify(name)} does not allow ${scope}${where}`, {
    headers: { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${scope}"` },
    ...(fault !== undefined && { faults: [fault] })
  })
}

function namesStreams(body: unknown): boolean {
  const { properties } = (body ?? {}) as { properties?: object }
  return properties !== undefined && 'streams' in properties
}
