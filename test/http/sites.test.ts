import { describe, expect, it, onTestFinished } from 'vitest'
import { type Environment, readConfig } from '../../src/config/config.ts'
import { sitesOf } from '../../src/serve/sites.ts'
import { builtPage } from '../support/built-page.ts'
import { Connection } from '../support/connection.ts'
import { operations } from '../support/openapi-document.ts'
import { serverForTest } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'

const NAMED = { WEIR_ALLOWED_HOSTS: 'weir.example,proxy.example:8443' }
const INSECURE = { WEIR_INSECURE: '1', WEIR_HOST: '0.0.0.0' }
const TOKENS = { WEIR_TOKENS_FILE: 'tokens.json' }
const SERVERS: Readonly<Record<string, Environment>> = {
  loopback: {},
  'loopback with names': NAMED,
  insecure: INSECURE,
  'insecure with names': { ...INSECURE, ...NAMED },
  tokens: TOKENS,
  'tokens with names': { ...TOKENS, ...NAMED }
}
const ALL = Object.keys(SERVERS)
const WITH_NAMES = ALL.filter((name) => name.endsWith('names'))
const ANY_NAME = ['insecure', 'tokens']
const LOOPBACK = ['loopback', 'loopback with names', ...ANY_NAME]

/** A host, and the servers that accept it. The others refuse it. */
const HOSTS: [string, readonly string[]][] = [
  ['localhost', LOOPBACK],
  ['localhost:7070', LOOPBACK],
  ['LOCALHOST:7070', LOOPBACK],
  ['localhost.', LOOPBACK],
  ['127.0.0.1', LOOPBACK],
  ['127.0.0.1:1', LOOPBACK],
  ['127.1', LOOPBACK],
  ['127.1.2.3:7070', LOOPBACK],
  ['[::1]', LOOPBACK],
  ['[::1]:7070', LOOPBACK],
  ['[0:0:0:0:0:0:0:1]', LOOPBACK],
  ['[::ffff:127.0.0.1]:7070', LOOPBACK],
  ['weir.example', [...WITH_NAMES, ...ANY_NAME]],
  ['Weir.Example.:8080', [...WITH_NAMES, ...ANY_NAME]],
  ['proxy.example', [...WITH_NAMES, ...ANY_NAME]],
  ['proxy.example:7070', [...WITH_NAMES, ...ANY_NAME]],
  ...[
    ...['evil.example:7070', '127.0.0.1.nip.example', 'localhost.evil.example', 'evil.weir.example'],
    ...['[::1%lo]:7070', '[fe80::1%25eth0]', '[::2]', '0.0.0.0', '192.168.1.5', 'localhost@evil.example'],
    ...['evil.example#localhost', 'localhost/', 'localhost:x', 'localhost, evil.example', '%6cocalhost', '']
  ].map((host): [string, readonly string[]] => [host, ANY_NAME])
]

describe('a host', () => {
  it.each(ALL)('is accepted or refused according to the table: %s', async (name) => {
    const { engine, send } = await serving(SERVERS[name] ?? {})
    const accepted: string[] = []
    for (const [index, [host, acceptedBy]] of HOSTS.entries()) {
      const { status, body } = await send('PUT', `/v1/streams/${index}`, [`host: ${host}`])
      if (acceptedBy.includes(name)) {
        expect({ host, status }).toEqual({ host, status: 200 })
        accepted.push(`${index}`)
      } else {
        expect({ host, status, code: body.code }).toEqual({ host, status: 403, code: 'host-not-allowed' })
        expect(body).toMatchObject({ sideEffects: 'none', errors: [{ pointer: '/headers/host' }] })
      }
    }
    const { streams } = await engine.listStreams({ prefix: '', limit: 1000 })
    expect(streams.map((stream) => stream.name)).toEqual(accepted.toSorted())
  })

  it.each([
    ['missing', 'HTTP/1.1', [], 400, 'invalid-request'],
    ['sent twice', 'HTTP/1.1', ['host: localhost', 'host: evil.example'], 400, 'invalid-request'],
    [
      'sent twice, in the other order',
      'HTTP/1.1',
      ['host: evil.example', 'host: localhost'],
      400,
      'invalid-request'
    ],
    ['missing in HTTP/1.0', 'HTTP/1.0', [], 403, 'host-not-allowed'],
    ['not the one in the path', 'HTTP/1.1', ['host: evil.example'], 403, 'host-not-allowed']
  ])('is refused if it is %s', async (condition, version, lines, status, code) => {
    const { engine, send } = await serving({})
    const path = condition === 'not the one in the path' ? 'http://localhost/v1/streams/a' : '/v1/streams/a'
    const answer = await send('PUT', path, lines, version)
    expect(answer).toMatchObject({ status, body: { code } })
    expect((await engine.listStreams({ prefix: '', limit: 1 })).streams).toEqual([])
  })

  it.each(['x-forwarded-host: localhost', 'forwarded: host=localhost', 'x-original-host: localhost'])(
    'is read from the Host header only: %s',
    async (line) => {
      const { send } = await serving({})
      const refused = await send('PUT', '/v1/streams/a', ['host: evil.example', line])
      expect(refused).toMatchObject({ status: 403, body: { code: 'host-not-allowed' } })
    }
  )

  it('is checked for every operation except probes, and for every other path', async () => {
    const { send } = await serving({})
    const evil = ['host: evil.example', 'origin: http://evil.example']
    for (const { operationId, method, path } of operations) {
      const isProbe = ['getLiveness', 'getReadiness', 'getMetrics'].includes(operationId)
      const { status } = await send(method, path, evil)
      expect({ operationId, status }).toEqual({ operationId, status: isProbe ? 200 : 403 })
    }
    for (const path of ['/docs', '/docs/', '/docs/assets/index-1.js', '/console/', '/nothing', '/']) {
      for (const method of ['GET', 'OPTIONS', 'POST']) {
        expect({ path, method, ...(await send(method, path, evil)) }).toMatchObject({ status: 403 })
      }
    }
  })
})

const OWN = 'localhost:7070'
/** A host, an origin, and the servers without tokens that accept them. */
const ORIGINS: [string, string, readonly string[]][] = [
  [OWN, 'http://localhost:7070', ['loopback', 'insecure']],
  // A proxy terminated TLS.
  [OWN, 'https://localhost:7070', ['loopback', 'insecure']],
  ['localhost', 'http://localhost:80', ['loopback', 'insecure']],
  ['localhost:443', 'https://localhost', ['loopback', 'insecure']],
  ['weir.example', 'https://weir.example', WITH_NAMES.concat('insecure')],
  // A proxy replaced the host.
  ['127.0.0.1:7070', 'https://weir.example', ['loopback with names']],
  ['127.0.0.1:7070', 'https://proxy.example:8443', ['loopback with names']],
  ['127.0.0.1:7070', 'https://proxy.example', []],
  ['127.0.0.1:7070', 'https://weir.example:3000', []],
  ['weir.example', 'https://weir.example:3000', []],
  ['weir.example', 'http://localhost:7070', []],
  ...[
    ...['null', 'http://localhost', 'https://localhost', 'http://localhost:3000', 'http://127.0.0.1:7070'],
    ...['http://evil.example', 'http://evil.example:7070', 'http://localhost:7070.evil.example', 'file://'],
    ...['http://localhost:7070, http://evil.example', 'http://localhost:7070/', 'chrome-extension://weir', '']
  ].map((origin): [string, string, readonly string[]] => [OWN, origin, []])
]
const WITHOUT_TOKENS = ['loopback', 'loopback with names', 'insecure']

describe('an origin', () => {
  it.each(WITHOUT_TOKENS)('is accepted or refused according to the table: %s', async (name) => {
    const { engine, send } = await serving(SERVERS[name] ?? {})
    const accepted: string[] = []
    for (const [index, [host, origin, acceptedBy]] of ORIGINS.entries()) {
      const request = { host, origin }
      const path = `/v1/streams/${index}`
      const { status, body } = await send('PUT', path, [`host: ${host}`, `origin: ${origin}`])
      if (acceptedBy.some((by) => by === name || (by === 'loopback' && name === 'loopback with names'))) {
        expect({ ...request, status }).toEqual({ ...request, status: 200 })
        accepted.push(`${index}`)
      } else {
        expect({ ...request, status }).toEqual({ ...request, status: 403 })
        expect(body.code).toMatch(/^(origin|host)-not-allowed$/)
        expect(body).toMatchObject({
          sideEffects: 'none',
          errors: [{ pointer: /^o/.test(body.code) ? '/headers/origin' : '/headers/host' }]
        })
      }
    }
    const { streams } = await engine.listStreams({ prefix: '', limit: 1000 })
    expect(streams.map((stream) => stream.name)).toEqual(accepted.toSorted())
  })

  it('may be anything if tokens are required, which pages of other sites do not have', async () => {
    const { send } = await serving(TOKENS)
    const answer = await send('PUT', '/v1/streams/a', ['host: weir', 'origin: http://evil.example'])
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('is refused by probes, too, because only pages of other sites send one', async () => {
    const { send } = await serving({})
    for (const path of ['/livez', '/readyz', '/metrics']) {
      const answer = await send('GET', path, ['host: localhost', 'origin: http://evil.example'])
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin-not-allowed' } })
    }
  })
})

/** A server with this configuration, and a function that sends requests with exactly these header lines. */
async function serving(environment: Environment) {
  const config = readConfig(environment)
  const { access, headers } = tokensFor({ ann: ['admin'] })
  const page = await builtPage(1)
  const { app, engine } = await serverForTest({
    sites: sitesOf(config),
    pages: { console: page, docs: page },
    ...(config.tokensFile !== '' && { access })
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const authorization = config.tokensFile === '' ? [] : [`authorization: ${headers('ann').authorization}`]
  const send = async (method: string, path: string, lines: readonly string[], version = 'HTTP/1.1') => {
    const connection = new Connection(url)
    onTestFinished(() => void connection.socket.destroy())
    connection.socket.write([`${method} ${path} ${version}`, ...authorization, ...lines, '', ''].join('\r\n'))
    const answer = await connection.answer()
    connection.socket.destroy()
    if (answer === null) throw new Error(`No answer to ${method} ${path}`)
    return answer
  }
  return { engine, send }
}
