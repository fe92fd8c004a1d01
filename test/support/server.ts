import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifyInstance, FastifyRequest, InjectOptions } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import document from '../../openapi/openapi-3.1.json' with { type: 'json' }
import type { Engine } from '../../src/contract/engine.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { QuotaLimits } from '../../src/embedded/quotas.ts'
import { buildServer, type ServerOptions } from '../../src/http/server.ts'
import { createMetrics, type Metrics } from '../../src/metrics.ts'
import { openSharedRedis } from './shared-redis.ts'
import { temporaryDirectory } from './weir.ts'

/** The time in the examples of the OpenAPI document, in milliseconds since the epoch. */
export const START = 1767225600000

export interface TestServer {
  readonly app: FastifyInstance
  readonly engine: Engine
  readonly metrics: Metrics
  /** The clock of the engine. The Redis engine uses the clock of Redis instead. */
  readonly clock: { now: number }
  /** Sends a request without a socket. Fails if the answer does not match the OpenAPI document. */
  send(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | number | undefined>
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it expects of a body.
  readonly body: any
}

interface Options extends Partial<Omit<ServerOptions, 'engine'>> {
  readonly maxWaiting?: number
  readonly most?: Partial<QuotaLimits>
}

/**
 * Builds a server on an engine in a new directory. Both are closed and the directory is removed when the test is
 * over.
 */
export async function serverForTest(options: Options = {}): Promise<TestServer> {
  const server = await openServer(await temporaryDirectory(), options)
  onTestFinished(() => server.close())
  return server
}

export async function openServer(
  directory: string,
  { maxWaiting = 100, most, metrics = createMetrics(), ...options }: Options = {}
): Promise<TestServer & { close(): Promise<void> }> {
  const clock = { now: START }
  const engine =
    process.env['WEIR_ENGINE'] === 'redis'
      ? await openSharedRedis(maxWaiting)
      : await openEmbeddedEngine({
          directory,
          fsync: 'never',
          maxWaiting,
          ...(most !== undefined && { most }),
          now: () => clock.now
        })
  const app = await buildServer({
    engine,
    metrics,
    logger: false,
    bodyLimitBytes: 8 * 1024 * 1024,
    maxWaitMs: 60_000,
    ...options
  })
  const mismatches = checkAnswers(app)
  return {
    app,
    engine,
    metrics,
    clock,
    async send(method, url, body, headers = {}) {
      const answer = await app.inject({
        method: method as 'GET',
        url,
        headers: { ...(isRaw(body) && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { payload: body as InjectOptions['payload'] & object })
      })
      expect(mismatches.splice(0)).toEqual([])
      const isJson = /json/.test(String(answer.headers['content-type']))
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: isJson ? answer.json() : answer.body
      }
    },
    async close() {
      await app.close()
      await engine.close()
    }
  }
}

function isRaw(body: unknown): boolean {
  return typeof body === 'string' || Buffer.isBuffer(body)
}

/** The committed document. Another check compares it with the server. */
const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, 'document')
const schemas = new Map<string, ValidateFunction | undefined>()

function compile(pointer: string): ValidateFunction | undefined {
  if (!schemas.has(pointer)) schemas.set(pointer, ajv.getSchema(`document#${pointer}`))
  return schemas.get(pointer)
}

/** Compares every answer with the document. Returns the list to which mismatches are added. */
function checkAnswers(app: FastifyInstance): string[] {
  const mismatches: string[] = []
  app.addHook('onSend', async (request, reply, payload) => {
    const type = String(reply.getHeader('content-type')).split(';')[0] ?? ''
    // Pages are no operations.
    if (request.method === 'HEAD' || /^\/(console|docs)(\/|$)/.test(request.url)) return
    const { statusCode: status } = reply
    // The answer to a preflight request belongs to no operation and has no body.
    if (status === 204) return
    const text = String(payload)
    if (status >= 400) {
      const undocumented = undocumentedCode(request, JSON.parse(text).code)
      if (undocumented !== undefined) mismatches.push(undocumented)
    }
    const pointer = status >= 400 ? PROBLEM : answerPointer(request, status, type)
    const validate = compile(pointer)
    if (validate === undefined)
      mismatches.push(`${pointer} is not in openapi/openapi.json: run npm run openapi`)
    else if (!validate(type === 'text/plain' ? text : JSON.parse(text))) {
      mismatches.push(`${pointer}: ${JSON.stringify(validate.errors)} in ${text}`)
    }
    if (type === 'application/problem+json') expect(JSON.parse(text).status).toBe(status)
    expect(reply.getHeader('x-request-id')).toBe(request.id)
  })
  return mismatches
}

const PROBLEM = '/components/schemas/Problem'

/** Why a refusal with this code does not match the document. A path that is not an operation may have any. */
function undocumentedCode(request: FastifyRequest, code: string): string | undefined {
  const { url } = request.routeOptions
  if (url === undefined) return undefined
  const path = (document.paths as Paths)[templateOf(url)]
  const codes = path?.[request.method.toLowerCase()]?.['x-codes'] ?? []
  return codes.includes(code) ? undefined : `${code} is not among the x-codes of ${request.method} ${url}`
}

type Paths = Record<string, Record<string, { readonly 'x-codes'?: readonly string[] }>>

function templateOf(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}')
}

function answerPointer(request: FastifyRequest, status: number, type: string): string {
  const path = templateOf(request.routeOptions.url ?? '')
  const tokens = ['paths', path, request.method.toLowerCase(), 'responses', status, 'content', type, 'schema']
  return tokens
    .map((token) => `/${encodeURIComponent(String(token).replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('')
}
