import type { Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Engine } from '../contract/engine.ts'
import type { Metrics } from '../metrics.ts'
import { type Access, currentRefusals, rememberTokens, tokenOf } from './access/guard.ts'
import { AnswerQueue } from './limits/answer-queue.ts'
import { Connections } from './limits/connections.ts'
import { type Limits, Load, NO_LIMITS } from './limits/load.ts'
import { allOperations } from './operations/all.ts'
import type { Services } from './operations/services.ts'
import { servePage } from './pages/built-page.ts'
import { describeRoutes } from './pages/document.ts'
import { countRequests, dropConnection } from './pipeline/admission.ts'
import { ignoreTypeOfEmptyBody, readBodies } from './pipeline/content.ts'
import { Heads } from './pipeline/heads.ts'
import { addOperations } from './pipeline/pipeline.ts'
import { parseQuery } from './pipeline/query.ts'
import { requestIds } from './pipeline/request-ids.ts'
import { type SiteOptions, Sites } from './pipeline/sites.ts'
import { draining, PROBLEMS, Problem } from './problems/problem.ts'
import { answerBytes, refuse, refuseBytes, refuseWithProblems } from './problems/refusals.ts'
import { EventStreams } from './waiting/event-streams.ts'
import { HangUps } from './waiting/hang-up.ts'

export interface ServerOptions {
  readonly engine: Engine
  readonly metrics: Metrics
  readonly logger: FastifyBaseLogger | false
  readonly bodyLimitBytes: number
  /** Maximum `waitMs` of a read. */
  readonly maxWaitMs: number
  /** How much the server accepts at the same time. Default: no limits. */
  readonly limits?: Limits
  /** Maximum number of open connections. Further ones are closed at once. Default: no limit. */
  readonly maxConnections?: number
  /** Replaces some of the default timeouts. */
  readonly timeouts?: Partial<Timeouts>
  /** The certificate and key for HTTPS. Default: plain HTTP. */
  readonly tls?: Tls
  /** The known tokens. Default: no token is required. */
  readonly access?: Access
  /** Which host names are accepted, and requests from which pages. Default: all. */
  readonly sites?: SiteOptions
  /** After this time without an event, a tail gets a comment. */
  readonly tailCommentMs?: number
  /** The directories of the built pages, by the names that they are served under. Default: no pages. */
  readonly pages?: Readonly<Record<string, string>>
}

interface Tls {
  readonly cert: string
  readonly key: string
}

/** Builds the server. It does not listen yet. To close it does not close the engine. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { engine, metrics, maxWaitMs, bodyLimitBytes, access } = options
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const { tailCommentMs: commentMs = TAIL_COMMENT_MS } = options
  const heads = new Heads()
  const sites = options.sites === undefined ? undefined : new Sites(options.sites)
  const app = newServer(options, timeouts, heads)
  const connections = new Connections(app.server)
  metrics.watchConnections(connections)
  const { maxConnections } = options
  if (maxConnections !== undefined) {
    connections.limit(maxConnections, (refused) =>
      app.log.warn({ refused, maxConnections }, 'connections closed at once: connection limit reached')
    )
  }
  const answerQueue = new AnswerQueue()
  const load = new Load(options.limits ?? NO_LIMITS, {
    unkeptBytes: () => engine.unkeptBytes(),
    answerMs: timeouts.answerMs,
    onRoom: () => {
      answerQueue.serve()
      engine.resume()
    }
  })
  const hangUps = new HangUps(
    () => metrics.undone(),
    (reply, run) => load.waiting(reply.raw, tokenOf(reply.request)?.name, run)
  )
  const eventStreams = new EventStreams({
    hangUps,
    commentMs,
    takePlace: () => engine.takePlace(),
    metrics,
    bodyLimitBytes
  })
  let isDraining = false
  app.decorate('beginDrain', () => {
    isDraining = true
    hangUps.drain()
    load.drain()
    eventStreams.drain()
    engine.drain()
    connections.drain(timeouts.drainMs)
  })
  app.decorate('recheckTokens', () => {
    if (access !== undefined) hangUps.refuse(currentRefusals(access))
  })
  app.decorate('adoptConnection', (socket: Socket) => connections.adopt(socket))
  app.addHook('onClose', async () => {
    hangUps.close()
    load.close()
  })
  metrics.watch(engine)
  metrics.watchLoad(load)
  metrics.watchRefusals(Object.keys(PROBLEMS))

  refuseWithProblems(app, { metrics, bodyLimitBytes })
  readBodies(app, { limitBytes: bodyLimitBytes, graceMs: timeouts.bodyGraceMs })
  sendUnfiltered(app)
  addRequestHooks(app, { hangUps, heads, sites, load, isDraining: () => isDraining })
  rememberTokens(app)
  await describeRoutes(app)
  const services: Services = {
    engine,
    metrics,
    hangUps,
    eventStreams,
    answerQueue,
    access,
    isDraining: () => isDraining,
    openApi: () => app.swagger()
  }
  const isLogged = app.log.level === 'debug' || app.log.level === 'trace'
  addOperations(app, allOperations(maxWaitMs), services, { access, load, metrics, isLogged })
  for (const [name, directory] of Object.entries(options.pages ?? {})) await servePage(app, name, directory)
  return app
}

/**
 * Adds the hooks that run for every request. `stagesOf` in `pipeline/` has the stages that follow for
 * operations.
 */
function addRequestHooks(
  app: FastifyInstance,
  { hangUps, heads, sites, load, isDraining }: RequestHookParts
): void {
  countRequests(app, load)
  app.addHook('onRequest', (request, reply, done) => {
    hangUps.requestArrived(request.raw.socket)
    ignoreTypeOfEmptyBody(request.raw.headers)
    reply.header('x-request-id', request.id)
    if (isDraining()) reply.header('connection', 'close')
    if (isCacheable(request.method)) reply.header('cache-control', 'no-store')
    const refusal = heads.faultOf(request.raw) ?? sites?.refusalOf(request)
    if (refusal !== undefined) return done(refusal)
    if (sites?.answersPreflight(request, reply) === true) return
    if (!isDraining() || request.raw.url?.startsWith(PREFIX) !== true) return done()
    // An `EventSource` reconnects after its connection was closed, but never after an answer other than 200.
    if (request.raw.headers.accept?.includes(EVENTS) === true) return dropConnection(request, reply)
    done(draining())
  })
}

interface RequestHookParts {
  readonly hangUps: HangUps
  readonly heads: Heads
  readonly sites: Sites | undefined
  readonly load: Load
  isDraining(): boolean
}

/**
 * From now on, new requests are refused with `draining`, reads do not wait, and the server is not ready. To
 * close the server afterwards waits for the requests that were accepted.
 */
export function beginDrain(app: FastifyInstance): void {
  app.getDecorator<() => void>('beginDrain')()
}

/**
 * Call it when tokens have changed. Waiting readers and tails end with a problem if their token is no longer
 * known or no longer allows what they do. Nothing more is delivered to them.
 */
export function recheckTokens(app: FastifyInstance): void {
  app.getDecorator<() => void>('recheckTokens')()
}

/** Serves a connection that another listener accepted, like one of the server's own. */
export function adoptConnection(app: FastifyInstance, socket: Socket): void {
  app.getDecorator<(socket: Socket) => void>('adoptConnection')(socket)
}

/** Uses this certificate and key for new connections. Does nothing for plain HTTP. */
export function renewTls(app: FastifyInstance, tls: Tls): void {
  if (app.server instanceof TlsServer) app.server.setSecureContext(tls)
}

/**
 * Whether caches may store an answer without `cache-control`. Answers that never change set it themselves.
 */
function isCacheable(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** The media type that only an `EventSource` accepts. */
const EVENTS = 'text/event-stream'
/** The prefix of the paths of all operations on streams. Only these are refused while the server drains. */
const PREFIX = '/v1'

/** How long clients may take. Time that a read waits for entries does not count. */
interface Timeouts {
  /** For a request to arrive completely. */
  readonly requestMs: number
  /** For its head to arrive. */
  readonly headersMs: number
  /** How much longer a large body may take than at 64 KiB per second. */
  readonly bodyGraceMs: number
  /** For an answer to be received. */
  readonly answerMs: number
  /** For a request to arrive when the server drains. */
  readonly drainMs: number
  /**
   * For the next request to begin. Longer than proxies keep idle connections, so that the proxy closes first.
   */
  readonly keepAliveMs: number
}
const TIMEOUTS: Timeouts = {
  requestMs: 60_000,
  headersMs: 15_000,
  bodyGraceMs: 5000,
  answerMs: 60_000,
  drainMs: 5000,
  keepAliveMs: 75_000
}
/** How much longer than the longest wait a connection may be idle. */
const SILENCE_MS = 30_000
/** Shorter than the usual idle timeouts of proxies. */
const TAIL_COMMENT_MS = 15_000
/** The kernel's keep-alive probes detect a peer that vanished after this time plus ten seconds. */
const KEEP_ALIVE_PROBE_MS = 10_000
/** Longer than any path that the HTTP parser accepts, so that only the schema limits the length of names. */
const MAX_PARAM_LENGTH = 65_536

function newServer(
  { metrics, logger, bodyLimitBytes, maxWaitMs, tls }: ServerOptions,
  timeouts: Timeouts,
  heads: Heads
): FastifyInstance {
  const newRequestId = requestIds()
  const http = {
    headersTimeout: timeouts.headersMs,
    connectionsCheckingInterval: timeouts.headersMs / 3,
    // A hook refuses requests without Host, because the answer of Node itself would be empty.
    requireHostHeader: false,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS
  }
  const https = {
    ...http,
    ...tls,
    allowHalfOpen: true,
    handshakeTimeout: timeouts.headersMs,
    minVersion: 'TLSv1.2' as const
  }
  const app = fastify({
    ...(logger === false ? { logger } : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger for each request would cost more than most requests.
    childLoggerFactory: (parent) => parent,
    genReqId: newRequestId,
    bodyLimit: bodyLimitBytes,
    connectionTimeout: maxWaitMs + SILENCE_MS,
    keepAliveTimeout: timeouts.keepAliveMs,
    requestTimeout: timeouts.requestMs,
    // With `https`, Fastify returns another type of server. It makes no difference here.
    ...((tls === undefined ? { http } : { https }) as { http: typeof http }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, querystringParser: parseQuery },
    frameworkErrors: (error, request, reply) =>
      refuse(heads.faultOf(request.raw) ?? error, request, reply, { metrics, bodyLimitBytes }),
    clientErrorHandler: (error, socket) => refuseBytes(error, socket, metrics, newRequestId())
  })
  // A client that ends its side of a connection may still read. Node has neither a public option nor a type
  // for this.
  Object.assign(app.server, { httpAllowHalfOpen: true })
  // Unknown expectations may be ignored. Tunnels are refused.
  app.server.on('checkExpectation', app.routing)
  app.server.on('connect', (_request, socket: Socket) => {
    const problem = new Problem('method-not-allowed', 'This server is not a proxy', {
      headers: { allow: '' }
    })
    answerBytes(problem, socket, metrics, newRequestId())
  })
  return app
}

/** Answers are not filtered by their schemas, because tests check them against the document. */
function sendUnfiltered(app: FastifyInstance): void {
  // To compile a serializer for each route would take most of the time of a start.
  app.addHook('onRoute', (route) => {
    route.serializerCompiler = () => JSON.stringify
  })
}
