import { stat } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openFiles } from '../../src/serve/open-files.ts'
import { builtPage } from '../support/built-page.ts'
import { Connection, type RawAnswer } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

/** A server with two pages of two files each. */
async function withPages(): Promise<TestServer> {
  const directory = await builtPage(100_000)
  return serverForTest({ pages: { console: directory, docs: directory } })
}

/** Such a server, and a function that sends a path unchanged, without normalizing it as clients do. */
async function listening() {
  const { app, engine } = await withPages()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  let connection = new Connection(url)
  onTestFinished(() => void connection.socket.destroy())
  const send = async (...request: Parameters<Connection['request']>): Promise<RawAnswer> => {
    connection.request(...request)
    const answer = await connection.answer()
    if (answer?.headers['connection'] === 'close') connection = new Connection(url)
    return answer as RawAnswer
  }
  return { engine, url, send }
}

const LONG = 'x'.repeat(15_000)
const ODD = [
  ...[
    '%00',
    'index.html%00',
    '%00%2e%2e',
    '%2e%2e/secret',
    '%2e%2e%2fsecret',
    '..%5csecret',
    '%5c..%5csecret'
  ],
  ...[
    '..%c0%afsecret',
    '%ff',
    '%e0%80%af',
    '%',
    '%2',
    '%zz',
    '//',
    '/../secret',
    '../secret',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'assets'
  ],
  ...[
    'assets/',
    'assets/..',
    'assets%2findex-1.js%00',
    'con',
    '.',
    '%2e',
    '%2e%2e',
    'index.html/',
    '~',
    '*',
    LONG
  ]
]
const PREFIXES = [
  '/console/',
  '/docs/',
  '/docs/assets/',
  '/docs/%61ssets/',
  '/',
  '/v1/',
  '/openapi.json/',
  '/metrics/'
]
const PATHS_WITH_NAMES = [
  (odd: string) => `/v1/streams/${odd}`,
  (odd: string) => `/v1/streams/orders/entries/${odd}`,
  (odd: string) => `/v1/streams/orders/groups/${odd}/pending`,
  (odd: string) => `/v1/streams/orders/groups/billing/consumers/${odd}`,
  (odd: string) => `/v1/streams/${odd}/groups/${odd}/consumers/${odd}`,
  (odd: string) => `/v1/groups/${odd}/read`
]

describe('an odd path', () => {
  it.each(PREFIXES)('below %s is not found or invalid, but never an internal error', async (prefix) => {
    const { send } = await listening()
    for (const odd of ODD) {
      const { status, body } = await send('GET', prefix + odd)
      expect({ odd, body }).toMatchObject({
        body: { status, code: expect.stringMatching(/^(not-found|invalid-request)$/) }
      })
    }
  })

  it.each(PATHS_WITH_NAMES)(
    'in place of a name is refused or used as a name, but never an internal error',
    async (path) => {
      const { send } = await listening()
      for (const odd of ODD) {
        for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH']) {
          const { status } = await send(method, path(odd), method === 'GET' ? undefined : {})
          expect({ method, path: path(odd), isInternal: status >= 500 }).toMatchObject({ isInternal: false })
        }
      }
    }
  )
})

describe('an odd header', () => {
  const HEADERS = {
    range: ['bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=x', 'lines=1-2', `bytes=${'0-,'.repeat(3000)}`],
    'if-modified-since': ['yesterday', '', '-1', 'Sat, 32 Foo 99999 99:99:99 GMT'],
    'if-none-match': ['"', '*x', 'W/', ',,,', '"a", W/"b"']
  }

  it.each(['/console/', '/docs/', '/docs/assets/index-1.js'])('is ignored: %s', async (path) => {
    const { send } = await listening()
    for (const [name, values] of Object.entries(HEADERS)) {
      for (const value of values) {
        const { status } = await send('GET', path, undefined, { [name]: value })
        expect({ name, value, status }).toEqual({ name, value, status: 200 })
      }
    }
  })
})

describe('a page', () => {
  it.each(['/console/', '/docs/', '/console/assets/index-1.js', '/docs/assets/index-1.js'])(
    'is sent with a policy that blocks other origins: %s',
    async (url) => {
      const { app } = await withPages()
      const { statusCode, headers } = await app.inject({ url })
      expect(statusCode).toBe(200)
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; /
      )
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    }
  )

  it.each(['/console/assets/index-1.js', '/docs/assets/index-1.js'])(
    'keeps no file open for requests whose answers nobody reads: %s',
    async (path) => {
      const { engine, url } = await listening()
      const before = openFiles().open
      const connection = new Connection(url)
      connection.socket.pause()
      connection.socket.write(`GET ${path} HTTP/1.1\r\nhost: weir\r\n\r\n`.repeat(200))
      // The stream is created after all the requests before it have begun.
      connection.request('PUT', '/v1/streams/orders')
      const exists = async () => (await engine.listStreams({ prefix: 'orders', limit: 1 })).streams.length > 0
      await until(exists)
      // File system calls of these requests run before the ones that begin now.
      for (let turn = 0; turn < 10; turn++) await Promise.all(Array.from({ length: 20 }, () => stat('.')))
      expect(openFiles().open - before).toBeLessThan(50)
      connection.socket.destroy()
    }
  )

  it.each(['/console/', '/docs/', '/docs/assets/index-1.js'])(
    'is sent again only if it has changed, and without its body for HEAD: %s',
    async (url) => {
      const { app } = await withPages()
      const { headers, body } = await app.inject({ url })
      const etag = String(headers.etag)
      const known = await app.inject({ url, headers: { 'if-none-match': etag } })
      expect([known.statusCode, known.body, known.headers.etag]).toEqual([304, '', etag])
      const changed = await app.inject({ url, headers: { 'if-none-match': '"another"' } })
      expect([changed.statusCode, changed.body]).toEqual([200, body])
      const head = await app.inject({ method: 'HEAD', url })
      expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', etag])
    }
  )
})
