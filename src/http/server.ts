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
import { serveConsole } from './pages/console.ts'
import { describeRoutes } from './pages/document.ts'
import { countRequests, dropConnection } from './pipeline/admission.ts'
import { ignoreTypeOfNothing, readBodies } from './pipeline/content.ts'
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
  /** The longest that a read may ask to wait. */
  readonly maxWaitMs: number
  /** How much is taken on at the same time. Without it, all that comes. */
  readonly limits?: Limits
  /** How many connections may be open; more are closed at once. Without it, any number. */
  readonly maxConnections?: number
  /** Those that are left out have defaults. */
  readonly timeouts?: Partial<Timeouts>
  /** What to serve HTTPS with. Without it, plain HTTP. */
  readonly tls?: Tls
  /** Who may do what. Without it, everybody may do everything. */
  readonly access?: Access
  /** Under which names it may be reached, and from which pages. Without it, under any and from all. */
  readonly sites?: SiteOptions
  /** How long a tail may be silent before it gets a comment. */
  readonly tailCommentMs?: number
  /** Where the built console is. Left out, there is none. */
  readonly consoleDirectory?: string
}

interface Tls {
  readonly cert: string
  readonly key: string
}

/** Builds the server. It does not listen yet, and leaves the engine open when it is closed. */
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
  if (options.consoleDirectory !== undefined) await serveConsole(app, options.consoleDirectory)
  return app
}

/** What any request goes through, for an operation or not. `stagesOf` in `pipeline/` has what follows for operations. */
function addRequestHooks(
  app: FastifyInstance,
  { hangUps, heads, sites, load, isDraining }: RequestHookParts
): void {
  countRequests(app, load)
  app.addHook('onRequest', (request, reply, done) => {
    hangUps.requestCame(request.raw.socket)
    ignoreTypeOfNothing(request.raw.headers)
    reply.header('x-request-id', request.id)
    if (isDraining()) reply.header('connection', 'close')
    if (isCacheable(request.method)) reply.header('cache-control', 'no-store')
    const refusal = heads.faultOf(request.raw) ?? sites?.refusalOf(request)
    if (refusal !== undefined) return done(refusal)
    if (sites?.answersPreflight(request, reply) === true) return
    if (!isDraining() || request.raw.url?.startsWith(PREFIX) !== true) return done()
    // A browser asks for events again when its connection was closed, but never after an answer other than 200.
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
 * From now on new requests are refused as `draining`, nobody waits, and the server is not ready. Closing the server
 * after that waits for the requests that were accepted.
 */
export function beginDrain(app: FastifyInstance): void {
  app.getDecorator<() => void>('beginDrain')()
}

/**
 * Tokens have changed: readers that wait, and tails, end with a problem if their token is no longer known or does not
 * allow what they do. Nothing is delivered to them any more.
 */
export function recheckTokens(app: FastifyInstance): void {
  app.getDecorator<() => void>('recheckTokens')()
}

/** Serves a connection that was accepted elsewhere, as one of the server's own. */
export function adoptConnection(app: FastifyInstance, socket: Socket): void {
  app.getDecorator<(socket: Socket) => void>('adoptConnection')(socket)
}

/** Connections that are made from now on are served with these keys. Of a server that serves HTTPS. */
export function renewTls(app: FastifyInstance, tls: Tls): void {
  if (app.server instanceof TlsServer) app.server.setSecureContext(tls)
}

/** Whether a cache may keep an answer that says nothing about it. What never changes says so. */
function isCacheable(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** What an `EventSource` accepts, and nobody else. */
const EVENTS = 'text/event-stream'
/** Of all operations on streams. Only they are refused while the server drains. */
const PREFIX = '/v1'

/** How long clients may take. Waiting for entries comes in between. */
interface Timeouts {
  /** For a request to arrive as a whole. */
  readonly requestMs: number
  /** For its head to arrive. */
  readonly headersMs: number
  /** How much longer a large body may take than it does at 64 KiB a second. */
  readonly bodyGraceMs: number
  /** For an answer to be taken. */
  readonly answerMs: number
  /** For a request to arrive when the server drains. */
  readonly drainMs: number
  /** For the next request to begin. Longer than proxies keep their connections, so that they are the ones to close. */
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
/** How much longer than the longest wait a connection may be silent. */
const SILENCE_MS = 30_000
/** Shorter than proxies commonly wait for a byte. */
const TAIL_COMMENT_MS = 15_000
/** Peers that vanished without a word are found by the kernel's probes, in this time and ten seconds more. */
const KEEP_ALIVE_PROBE_MS = 10_000
/** Longer than a path can be before the parser refuses it, so that the length of names is judged by their schema. */
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
    // Refused by a hook, because Node would do so with an empty answer.
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
    // A child of the logger for each request would cost more than most requests.
    childLoggerFactory: (parent) => parent,
    genReqId: newRequestId,
    bodyLimit: bodyLimitBytes,
    connectionTimeout: maxWaitMs + SILENCE_MS,
    keepAliveTimeout: timeouts.keepAliveMs,
    requestTimeout: timeouts.requestMs,
    // With `https` Fastify gives another type of server, which is no less of one for what is done here.
    ...((tls === undefined ? { http } : { https }) as { http: typeof http }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, querystringParser: parseQuery },
    frameworkErrors: (error, request, reply) =>
      refuse(heads.faultOf(request.raw) ?? error, request, reply, { metrics, bodyLimitBytes }),
    clientErrorHandler: (error, socket) => refuseBytes(error, socket, metrics, newRequestId())
  })
  // A client that ends its side of a connection may still read. Node has no other name for this, nor a type.
  Object.assign(app.server, { httpAllowHalfOpen: true })
  // Expectations that nobody understands may be ignored, and tunnels are not for us.
  app.server.on('checkExpectation', app.routing)
  app.server.on('connect', (_request, socket: Socket) => {
    const problem = new Problem('method-not-allowed', 'This server is not a proxy', {
      headers: { allow: '' }
    })
    answerBytes(problem, socket, metrics, newRequestId())
  })
  return app
}

/** Answers are not filtered by their schemas: they are ours, and tests hold them to the document. */
function sendUnfiltered(app: FastifyInstance): void {
  // To compile a serializer for each would take most of the time to start.
  app.addHook('onRoute', (route) => {
    route.serializerCompiler = () => JSON.stringify
  })
}
