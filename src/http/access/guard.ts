import type { FastifyInstance, FastifyRequest, onRequestHookHandler, preHandlerHookHandler } from 'fastify'
import { type Fault, Problem } from '../problems/problem.ts'
import type { Scope } from './scopes.ts'
import type { Token } from './tokens.ts'

/** Finds known tokens. */
export interface Access {
  /** Returns undefined for an unknown token. */
  find(presented: string): Token | undefined
}

/** Lets requests keep the token that they were authenticated with. Call it once per server. */
export function rememberTokens(app: FastifyInstance): void {
  app.decorateRequest(TOKEN, null)
}

/** Requires a token that allows `scope` on the stream in the path. */
export function authenticate(scope: Scope, access: Access): onRequestHookHandler {
  return (request, _reply, done) => done(identify(request, access) ?? refusalOfPath(request, scope))
}

/** Requires, once the body was validated, that the token allows `scope` on the streams in it. */
export function authorizeBody(scope: Scope): preHandlerHookHandler {
  return (request, _reply, done) => done(refusalOfBody(request, scope))
}

/**
 * Returns a function for one pass over many accepted requests. It returns why a request would be refused now.
 */
export function currentRefusals(access: Access): (request: FastifyRequest) => Problem | undefined {
  // Most requests present the same few tokens, and finding one takes two hashes.
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

/** The token that a request was authenticated with. Undefined if it needed none. */
export function tokenOf(request: FastifyRequest): Token | undefined {
  return request.getDecorator<Token | null>(TOKEN) ?? undefined
}

/**
 * Requires a scope for something that a request does besides its operation. `fault` names the member that
 * requests it. Throws forbidden.
 */
export function requireScope(request: FastifyRequest, scope: Scope, stream: string, fault?: Fault): void {
  const token = tokenOf(request)
  if (token !== undefined && !token.permissions.allows(scope, stream)) {
    throw forbidden(token, scope, stream, fault)
  }
}

/** The token that a request presents. Undefined if it presents none, or an unknown one. */
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

/** Why the token does not allow `scope` on a stream in the body. */
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

/** Whether bodies of this schema contain a list of streams. */
export function namesStreams(body: unknown): boolean {
  const { properties } = (body ?? {}) as { properties?: object }
  return properties !== undefined && 'streams' in properties
}
