import { describe, expect, it } from 'vitest'
import { beginDrain } from '../../src/http/server.ts'
import { serverForTest } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'

const APP = 'https://app.example'
const STREAM = '/v1/streams/orders'
const PREFLIGHT = {
  origin: APP,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'authorization,content-type'
}
const NO_CORS_HEADERS = {
  'access-control-allow-origin': undefined,
  'access-control-allow-headers': undefined
}

describe('a page of another origin', () => {
  it('may send requests and read answers if its origin is configured', async () => {
    const { app } = await serving([APP])
    const preflight = await app.inject({ method: 'OPTIONS', url: STREAM, headers: PREFLIGHT })
    expect(preflight.statusCode).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET, HEAD, PUT, POST, PATCH, DELETE',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '600',
      vary: 'Origin'
    })
    const answer = await app.inject({ method: 'PUT', url: STREAM, headers: { origin: APP } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': APP, vary: 'Origin' })
    const readable = String(answer.headers['access-control-expose-headers']).toLowerCase().split(', ')
    expect(readable).toEqual(expect.arrayContaining(['retry-after', 'x-request-id', 'www-authenticate']))
    // Credentials that a browser adds by itself, such as cookies, grant nothing.
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it('sends its preflight without a token, and may read why its request is refused', async () => {
    const { access, headers } = tokensFor({ ann: ['read:orders'] })
    const { app } = await serving([APP], { access, sites: { refusesOrigins: false, corsOrigins: [APP] } })
    const preflight = await app.inject({ method: 'OPTIONS', url: STREAM, headers: PREFLIGHT })
    expect(preflight.statusCode).toBe(204)
    for (const [token, status] of [
      [{}, 401],
      [headers('ann'), 403]
    ] as const) {
      const answer = await app.inject({ method: 'PUT', url: STREAM, headers: { ...token, origin: APP } })
      expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([status, APP])
    }
  })

  it('may read any problem, also of an unknown path and of a draining server', async () => {
    const { app } = await serving([APP])
    const allowed = { 'access-control-allow-origin': APP, 'access-control-expose-headers': /X-Request-Id/ }
    const problemOf = async (url: string) => {
      const { statusCode, headers } = await app.inject({ url, headers: { origin: APP } })
      expect(headers['access-control-allow-origin']).toBe(allowed['access-control-allow-origin'])
      expect(headers['access-control-expose-headers']).toMatch(allowed['access-control-expose-headers'])
      return statusCode
    }
    expect(await problemOf('/nothing')).toBe(404)
    expect(await problemOf(`${STREAM}/entries?limit=0`)).toBe(400)
    beginDrain(app)
    expect(await problemOf(STREAM)).toBe(503)
    expect((await app.inject({ method: 'OPTIONS', url: STREAM, headers: PREFLIGHT })).statusCode).toBe(204)
  })

  it.each([
    ['https://app.example.evil.example'],
    ['http://app.example'],
    ['https://app.example:8443'],
    ['https://App.example'],
    ['null']
  ])('is refused if its origin is %s', async (origin) => {
    const { app } = await serving([APP])
    for (const method of ['OPTIONS', 'PUT', 'GET'] as const) {
      const answer = await app.inject({ method, url: STREAM, headers: { ...PREFLIGHT, origin } })
      expect(answer.statusCode).toBe(403)
      expect({ ...NO_CORS_HEADERS, ...answer.headers }).toMatchObject(NO_CORS_HEADERS)
      expect(answer.headers.vary).toBeUndefined()
    }
  })

  it('is refused at a host that is not allowed', async () => {
    const { app } = await serving([APP])
    for (const method of ['OPTIONS', 'PUT'] as const) {
      const headers = { ...PREFLIGHT, host: 'evil.example' }
      const answer = await app.inject({ method, url: STREAM, headers })
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'host-not-allowed'])
      expect({ ...NO_CORS_HEADERS, ...answer.headers }).toMatchObject(NO_CORS_HEADERS)
    }
  })

  it('gets no CORS headers if no origin is configured', async () => {
    const { access, headers } = tokensFor({ ann: ['admin'] })
    const { app } = await serving([], { access, sites: { refusesOrigins: false, corsOrigins: [] } })
    const preflight = await app.inject({ method: 'OPTIONS', url: STREAM, headers: PREFLIGHT })
    expect(preflight.statusCode).toBe(405)
    const answer = await app.inject({
      method: 'PUT',
      url: STREAM,
      headers: { ...headers('ann'), origin: APP }
    })
    expect(answer.statusCode).toBe(200)
    for (const { headers } of [preflight, answer]) {
      expect({ ...NO_CORS_HEADERS, vary: undefined, ...headers }).toMatchObject({
        ...NO_CORS_HEADERS,
        vary: undefined
      })
    }
  })

  it('is distinguished by caches', async () => {
    const { app } = await serving([APP])
    expect((await app.inject({ url: '/v1/streams' })).headers.vary).toBe('Origin')
  })
})

/** A server without tokens on loopback, unless the options override it. */
function serving(corsOrigins: string[], options: Parameters<typeof serverForTest>[0] = {}) {
  const sites = { hosts: { names: [], loopback: true }, refusesOrigins: true, corsOrigins }
  return serverForTest({ sites, ...options })
}
