import { describe, expect, it, onTestFinished } from 'vitest'
import { type Environment, readConfig } from '../../src/config/config.ts'
import { sitesOf } from '../../src/serve/sites.ts'
import { Connection } from '../support/connection.ts'
import { operations } from '../support/document.ts'
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

/** Which servers accept a host; the others refuse it. */
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
  it.each(ALL)('is accepted or refused as the table says: %s', async (name) => {
    const { engine, asked } = await serving(SERVERS[name] ?? {})
    const accepted: string[] = []
    for (const [index, [host, acceptedBy]] of HOSTS.entries()) {
      const { status, body } = await asked('PUT', `/v1/streams/${index}`, [`host: ${host}`])
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
    ['none', 'HTTP/1.1', [], 400, 'invalid-request'],
    ['two', 'HTTP/1.1', ['host: localhost', 'host: evil.example'], 400, 'invalid-request'],
    [
      'two, the other way round',
      'HTTP/1.1',
      ['host: evil.example', 'host: localhost'],
      400,
      'invalid-request'
    ],
    ['none, where none is needed', 'HTTP/1.0', [], 403, 'host-not-allowed'],
    ['another one in the path', 'HTTP/1.1', ['host: evil.example'], 403, 'host-not-allowed']
  ])('is refused: %s', async (case_, version, lines, status, code) => {
    const { engine, asked } = await serving({})
    const path = case_ === 'another one in the path' ? 'http://localhost/v1/streams/a' : '/v1/streams/a'
    const answer = await asked('PUT', path, lines, version)
    expect(answer).toMatchObject({ status, body: { code } })
    expect((await engine.listStreams({ prefix: '', limit: 1 })).streams).toEqual([])
  })

  it.each(['x-forwarded-host: localhost', 'forwarded: host=localhost', 'x-original-host: localhost'])(
    'is what Host says, whatever else is sent: %s',
    async (line) => {
      const { asked } = await serving({})
      const refused = await asked('PUT', '/v1/streams/a', ['host: evil.example', line])
      expect(refused).toMatchObject({ status: 403, body: { code: 'host-not-allowed' } })
    }
  )

  it('counts for every operation but probes, and for every other path', async () => {
    const { asked } = await serving({})
    const evil = ['host: evil.example', 'origin: http://evil.example']
    for (const { operationId, method, path } of operations) {
      const isProbe = ['getLiveness', 'getReadiness', 'getMetrics'].includes(operationId)
      const { status } = await asked(method, path, evil)
      expect({ operationId, status }).toEqual({ operationId, status: isProbe ? 200 : 403 })
    }
    for (const path of ['/docs', '/docs/', '/docs/json', '/docs/static/swagger-ui.css', '/nothing', '/']) {
      for (const method of ['GET', 'OPTIONS', 'POST']) {
        expect({ path, method, ...(await asked(method, path, evil)) }).toMatchObject({ status: 403 })
      }
    }
  })
})

const OWN = 'localhost:7070'
/** A host and an origin, and which servers without tokens accept them. */
const ORIGINS: [string, string, readonly string[]][] = [
  [OWN, 'http://localhost:7070', ['loopback', 'insecure']],
  // A proxy ended TLS.
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
  it.each(WITHOUT_TOKENS)('is accepted or refused as the table says: %s', async (name) => {
    const { engine, asked } = await serving(SERVERS[name] ?? {})
    const accepted: string[] = []
    for (const [index, [host, origin, acceptedBy]] of ORIGINS.entries()) {
      const line = { host, origin }
      const path = `/v1/streams/${index}`
      const { status, body } = await asked('PUT', path, [`host: ${host}`, `origin: ${origin}`])
      if (acceptedBy.some((by) => by === name || (by === 'loopback' && name === 'loopback with names'))) {
        expect({ ...line, status }).toEqual({ ...line, status: 200 })
        accepted.push(`${index}`)
      } else {
        expect({ ...line, status }).toEqual({ ...line, status: 403 })
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

  it('may be any where there are tokens, which no page of another site has', async () => {
    const { asked } = await serving(TOKENS)
    const answer = await asked('PUT', '/v1/streams/a', ['host: weir', 'origin: http://evil.example'])
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('is refused by probes as well, since nothing but a page of another site sends one', async () => {
    const { asked } = await serving({})
    for (const path of ['/livez', '/readyz', '/metrics']) {
      const answer = await asked('GET', path, ['host: localhost', 'origin: http://evil.example'])
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin-not-allowed' } })
    }
  })
})

/** A server as it would be configured, and somebody who sends requests with just these lines in their heads. */
async function serving(environment: Environment) {
  const config = readConfig(environment)
  const { access, headers } = tokensFor({ ann: ['admin'] })
  const { app, engine } = await serverForTest({
    sites: sitesOf(config),
    ...(config.tokensFile !== '' && { access })
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const authorization = config.tokensFile === '' ? [] : [`authorization: ${headers('ann').authorization}`]
  const asked = async (method: string, path: string, lines: readonly string[], version = 'HTTP/1.1') => {
    const connection = new Connection(url)
    onTestFinished(() => void connection.socket.destroy())
    connection.socket.write([`${method} ${path} ${version}`, ...authorization, ...lines, '', ''].join('\r\n'))
    const answer = await connection.answer()
    connection.socket.destroy()
    if (answer === null) throw new Error(`No answer to ${method} ${path}`)
    return answer
  }
  return { engine, asked }
}
