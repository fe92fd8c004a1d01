import type { FastifyInstance, FastifyRequest, onRequestHookHandler, preHandlerHookHandler } from 'fastify'
import { type Fault, Problem } from '../problems/problem.ts'
import type { Scope } from './scopes.ts'
import type { Token } from './tokens.ts'

/** Who is known. */
export interface Access {
  /** Whose token it is; undefined for one that is nobody's. */
  find(presented: string): Token | undefined
}

/** To be called once for a server: its requests can say whose token they present. */
export function rememberTokens(app: FastifyInstance): void {
  app.decorateRequest(TOKEN, null)
}

/** Asks a request for a token that allows `scope` on the stream in its path. */
export function authenticate(scope: Scope, access: Access): onRequestHookHandler {
  return (request, _reply, done) => done(identify(request, access) ?? refusalOfPath(request, scope))
}

/** Asks a request, once its body was checked, whether its token allows `scope` on the streams in it. */
export function authorizeBody(scope: Scope): preHandlerHookHandler {
  return (request, _reply, done) => done(refusalOfBody(request, scope))
}

/** Returns what tells why a request that was let in would be refused now. For one pass over many requests. */
export function currentRefusals(access: Access): (request: FastifyRequest) => Problem | undefined {
  // Most of them present the same few tokens, and finding one takes two hashes.
  const found = new Map<string, Token | undefined>()
  const find = (presented: string) => {
    if (!found.has(presented)) found.set(presented, access.find(presented))
    return found.get(presented)
  }
  return (request) => {
    const { scope = null, schema } = request.routeOptions.config.operation ?? {}
    if (scope === null) return undefined
    const refusal = identify(request, { find }) ?? refusalOfPath(request, scope)
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

function identify(request: FastifyRequest, access: Access): Problem | undefined {
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

/** Whether a body of this schema has a list of streams. */
export function namesStreams(body: unknown): boolean {
  const { properties } = (body ?? {}) as { properties?: object }
  return properties !== undefined && 'streams' in properties
}
