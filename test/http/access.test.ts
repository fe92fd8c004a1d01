import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtPage } from '../support/built-page.ts'
import { makeExampleData } from '../support/example-data.ts'
import { IS_ON_REDIS } from '../support/on-redis.ts'
import { operations } from '../support/openapi-document.ts'
import { openServer, serverForTest, type TestServer } from '../support/server.ts'
import { as, tokensFor } from '../support/tokens.ts'

/** The scopes that allow an operation, by the scope that the OpenAPI document names. */
const ALLOWED_BY: Readonly<Record<string, readonly string[]>> = {
  append: ['append', 'admin'],
  read: ['read', 'consume', 'admin'],
  consume: ['consume', 'admin'],
  manage: ['manage', 'admin'],
  metrics: ['metrics', 'admin']
}
const SCOPES = ['append', 'read', 'consume', 'manage', 'metrics', 'admin']

const TOKENS = tokensFor({
  ...Object.fromEntries(SCOPES.map((scope) => [scope, [scope]])),
  elsewhere: SCOPES.filter((scope) => scope !== 'metrics').map((scope) => `${scope}:bills*`),
  orders: ['consume:orders', 'append:orders']
})
const { access, headers } = TOKENS
const UNKNOWN_TOKEN = { authorization: 'Bearer weir_nobodys' }

/** Operations on the streams that their bodies name, or on all streams that the token may see. */
const ON_SEVERAL_STREAMS = ['listStreams', 'readStreams', 'readGroups']

const guarded = operations.filter(({ scope }) => scope !== undefined)

describe('a server with tokens', () => {
  it('requires a scope for every operation except probes and the document', () => {
    const open = operations.filter(({ scope }) => scope === undefined).map(({ operationId }) => operationId)
    expect(open.toSorted()).toEqual(['getLiveness', 'getOpenApi', 'getReadiness'])
  })

  it.each(open())('answers $operationId without a valid token', async ({ method, path }) => {
    const { send } = await serverForTest({ access })
    expect((await send(method, path, undefined, UNKNOWN_TOKEN)).status).toBe(200)
  })

  it('shows its storage in /readyz only with the scope metrics', async () => {
    const { send } = await serverForTest({ access })
    expect((await send('GET', '/readyz')).body).toEqual({ ready: true })
    expect((await send('GET', '/readyz', undefined, headers('append'))).body).toEqual({ ready: true })
    const { body } = await send('GET', '/readyz', undefined, headers('metrics'))
    expect(IS_ON_REDIS ? body.servers : body.storage).toBeDefined()
  })

  it('serves its documentation without a token, and answers 404 for unknown paths', async () => {
    const { app, send } = await serverForTest({ access, pages: { docs: await builtPage(1) } })
    expect((await app.inject({ url: '/docs/' })).statusCode).toBe(200)
    expect((await send('GET', '/v1/nonsense')).status).toBe(404)
  })

  it.each(['bearer', 'BEARER', 'Bearer  '])('accepts a token after "%s"', async (scheme) => {
    const { send } = await serverForTest({ access })
    const authorization = headers('admin').authorization.replace('Bearer', scheme)
    expect((await send('GET', '/v1/streams', undefined, { authorization })).status).toBe(200)
  })

  it.each(['Basic YW5uOmFubg==', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(600)}`, ''])(
    'refuses the authorization "%s"',
    async (authorization) => {
      const { send } = await serverForTest({ access })
      const answer = await send('GET', '/v1/streams', undefined, { authorization })
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    }
  )
})

describe.each(guarded)(
  '$operationId',
  ({ operationId, scope = '', method, path, template, ...operation }) => {
    // An allowed request must not wait.
    const example = operation.example && {
      ...operation.example,
      ...('waitMs' in operation.example && { waitMs: 0 })
    }
    let server: TestServer & { close(): Promise<void> }
    let directory: string
    let before: string
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'weir-test-'))
      server = await openServer(directory, { access })
      await makeExampleData(as(server, headers('admin')))
      before = await stateOf(server)
    })
    afterAll(async () => {
      await server.close()
      await rm(directory, { recursive: true })
    })

    it.each([
      ['no token', {}, 'Bearer realm="weir"'],
      ['an unknown token', UNKNOWN_TOKEN, 'Bearer realm="weir", error="invalid_token"']
    ])('is refused with %s', async (_, sent: Record<string, string>, challenge) => {
      const answer = await server.send(method, path, example, sent)
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated', sideEffects: 'none' } })
      expect(answer.headers['www-authenticate']).toBe(challenge)
      expect(await stateOf(server)).toBe(before)
    })

    /** A tail that is allowed never ends. Without its stream it ends at once, but after the check of the scope. */
    const endTail = async () => {
      if (operationId === 'tailEntries')
        await server.send('DELETE', '/v1/streams/orders', undefined, headers('admin'))
    }
    const allowed = ALLOWED_BY[scope] ?? []
    it.each(SCOPES.filter((name) => !allowed.includes(name)))('is refused with %s', async (name) => {
      const answer = await server.send(method, path, example, headers(name))
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', sideEffects: 'none' } })
      expect(answer.headers['www-authenticate']).toBe(
        `Bearer realm="weir", error="insufficient_scope", scope="${scope}"`
      )
      expect(await stateOf(server)).toBe(before)
    })

    it('is refused with every scope on other streams, except for listStreams, which shows those', async () => {
      const { status } = await server.send(method, path, example, headers('elsewhere'))
      expect(status).toBe(operationId === 'listStreams' ? 200 : 403)
      expect(await stateOf(server)).toBe(before)
    })

    it('is refused as a HEAD request if it has one', async () => {
      const { statusCode } = await server.app.inject({ method: 'HEAD', url: path })
      expect([401, 405]).toContain(statusCode)
    })

    it.each(allowed)('is answered with %s', async (name) => {
      await endTail()
      const { status } = await server.send(method, path, example, headers(name))
      expect([401, 403]).not.toContain(status)
    })

    it('is answered with a token for the stream in its path only', async () => {
      const isAllowed = template.includes('{stream}') && scope !== 'manage'
      const { status } = await server.send(method, path, example, headers('orders'))
      expect(status === 403).toBe(!isAllowed && !ON_SEVERAL_STREAMS.includes(operationId))
    })
  }
)

describe('a request for several streams', () => {
  it.each([
    ['/v1/read', { streams: [{ stream: 'orders', after: '0-0' }] }, { stream: 'bills', after: '0-0' }],
    ['/v1/groups/billing/read', { streams: [{ stream: 'orders' }], consumer: 'ann' }, { stream: 'bills' }]
  ])('at %s needs the scope on each of them', async (path, body, other) => {
    const server = await serverForTest({ access })
    await makeExampleData(as(server, headers('admin')))
    expect((await server.send('POST', path, body, headers('orders'))).status).toBe(200)
    const both = { ...body, streams: [...body.streams, other] }
    const { status, body: problem } = await server.send('POST', path, both, headers('orders'))
    expect({ status, code: problem.code }).toEqual({ status: 403, code: 'forbidden' })
    expect(problem.detail).toContain('bills')
  })
})

describe('the scope manage', () => {
  it('is needed to trim with an append', async () => {
    const { send } = await serverForTest({ access })
    const entries = [{ fields: { order: '1001' } }]
    const path = '/v1/streams/orders/entries'
    expect((await send('POST', path, { entries }, headers('append'))).status).toBe(201)
    const trimming = { entries, trim: { maxLength: 0 } }
    expect((await send('POST', path, trimming, headers('append'))).status).toBe(403)
    expect((await send('POST', path, trimming, headers('admin'))).status).toBe(201)
  })

  it('is needed for ids more than a day ahead', async () => {
    const { send } = await serverForTest({ access })
    const path = '/v1/streams/orders/entries'
    const near = Date.now() + 23 * 3600 * 1000
    const far = Date.now() + 25 * 3600 * 1000
    const fields = { order: '1001' }
    const append = (id: string, name: string) =>
      send('POST', path, { entries: [{ fields }, { fields, id }] }, headers(name))
    for (const id of [`${far}`, `${far}-*`, `${far}-7`, '18446744073709551615-18446744073709551615']) {
      expect(await append(id, 'append')).toMatchObject({
        status: 403,
        body: { code: 'forbidden', errors: [{ pointer: '/entries/1/id' }] }
      })
    }
    for (const id of [`${near}`, `${near + 1}-*`, `${near + 2}-7`]) {
      expect((await append(id, 'append')).status).toBe(201)
    }
    expect((await append(`${far}-7`, 'admin')).status).toBe(201)
  })

  it('is needed to move a group with a claim, or to create it beyond the end of the stream', async () => {
    const server = await serverForTest({ access })
    await makeExampleData(as(server, headers('admin')))
    const { send } = server
    const path = '/v1/streams/orders/groups'
    const claim = { consumer: 'ann', ids: ['1-0'], minIdleMs: 0 }
    const moving = { ...claim, lastId: '1-0' }
    expect((await send('POST', `${path}/billing/claim`, claim, headers('consume'))).status).toBe(200)
    expect(await send('POST', `${path}/billing/claim`, moving, headers('consume'))).toMatchObject({
      status: 403,
      body: { code: 'forbidden', errors: [{ pointer: '/lastId' }] }
    })
    expect((await send('POST', `${path}/billing/claim`, moving, headers('admin'))).status).toBe(200)
    const beyond = { ...claim, lastId: '18446744073709551615-0' }
    expect(await send('POST', `${path}/billing/claim`, beyond, headers('admin'))).toMatchObject({
      status: 409,
      body: { code: 'id-too-high', retryable: false, errors: [{ pointer: '/lastId' }] }
    })
    const farAhead = { after: '18446744073709551615-0' }
    expect(await send('PUT', `${path}/far`, farAhead, headers('consume'))).toMatchObject({
      status: 403,
      body: { code: 'forbidden', errors: [{ pointer: '/after' }] }
    })
    for (const after of ['0-0', '1-0', 'last']) {
      expect((await send('PUT', `${path}/at-${after}`, { after }, headers('consume'))).status).toBe(200)
    }
    expect((await send('PUT', `${path}/far`, farAhead, headers('admin'))).status).toBe(200)
  })

  it('is needed to create a stream for a group', async () => {
    const { send } = await serverForTest({ access })
    const path = '/v1/streams/orders/groups/billing'
    expect((await send('PUT', path, { createStream: true }, headers('consume'))).status).toBe(403)
    expect((await send('PUT', path, { createStream: true }, headers('admin'))).status).toBe(200)
  })
})

describe('listStreams', () => {
  const names = ['a', 'orders', 'orders-eu', 'orders-us', 'orderz', 'ünder', 'z']

  it.each([
    ['orders*', ['orders', 'orders-eu', 'orders-us']],
    ['orders', ['orders']],
    ['*', names],
    ['z* a ünder orders-* orders-eu*', ['a', 'orders-eu', 'orders-us', 'z', 'ünder']],
    ['nothing*', []]
  ])('pages through the streams that %s allows, and shows no trace of others', async (patterns, visible) => {
    const tokens = tokensFor({
      ann: patterns.split(' ').map((pattern) => `read:${pattern}`),
      admin: ['admin']
    })
    const server = await serverForTest({ access: tokens.access })
    for (const name of names) await server.engine.ensureStream({ stream: name, onlyNew: false })
    for (const limit of [1, 2, 100]) {
      const seen: string[] = []
      let cursor = ''
      do {
        const page = await server.send(
          'GET',
          `/v1/streams?limit=${limit}${cursor}`,
          undefined,
          tokens.headers('ann')
        )
        expect(page.status).toBe(200)
        seen.push(...page.body.streams.map(({ name }: { name: string }) => name))
        cursor = page.body.cursor === undefined ? '' : `&cursor=${encodeURIComponent(page.body.cursor)}`
      } while (cursor !== '')
      expect(seen).toEqual(seen.length === names.length ? byBytes(names) : visible)
    }
  })

  it('applies the prefix to the streams that the token allows', async () => {
    const tokens = tokensFor({ ann: ['read:orders*', 'read:bills'] })
    const { engine, send } = await serverForTest({ access: tokens.access })
    for (const name of [...names, 'bills']) await engine.ensureStream({ stream: name, onlyNew: false })
    const list = async (prefix: string) => {
      const { body } = await send('GET', `/v1/streams?prefix=${prefix}`, undefined, tokens.headers('ann'))
      return body.streams.map(({ name }: { name: string }) => name)
    }
    expect(await list('orders-')).toEqual(['orders-eu', 'orders-us'])
    expect(await list('o')).toEqual(['orders', 'orders-eu', 'orders-us'])
    expect(await list('bi')).toEqual(['bills'])
    expect(await list('a')).toEqual([])
  })

  it('refuses an invalid cursor', async () => {
    const tokens = tokensFor({ ann: ['read:orders*'] })
    const { send } = await serverForTest({ access: tokens.access })
    for (const cursor of ['x', '0', '0.x', '-1.', 'b3JkZXJz']) {
      const answer = await send('GET', `/v1/streams?cursor=${cursor}`, undefined, tokens.headers('ann'))
      expect({ cursor, status: answer.status }).toEqual({ cursor, status: 400 })
    }
  })
})

function open() {
  return operations.filter(({ scope }) => scope === undefined)
}

function byBytes(names: readonly string[]): string[] {
  return names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** The full description of the stream, as JSON. */
async function stateOf({ engine }: TestServer): Promise<string> {
  const description = await engine.describeStream({ stream: 'orders', limit: 1000 })
  return JSON.stringify(description, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
}
