import { once } from 'node:events'
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection, type RawAnswer } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest } from '../support/server.ts'

describe('a path', () => {
  it.each(['/', '/v1', '/v1/', '/v1/stream', '/v2/streams', '/v1/streams/a/b/c/d', '/V1/streams'])(
    'that does not exist is not found: %s',
    async (path) => {
      const { send } = await serverForTest()
      const { status, body } = await send('GET', path)
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'not-found' })
    }
  )

  it.each([
    ['POST', '/v1/streams', 'GET, HEAD'],
    ['DELETE', '/v1/streams?prefix=x', 'GET, HEAD'],
    ['POST', '/v1/streams/orders', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['GET', '/v1/streams/orders/groups/billing/read', 'POST'],
    ['PUT', '/v1/streams/orders/entries', 'GET, HEAD, POST'],
    ['OPTIONS', '/v1/read', 'POST'],
    ['QUERY', '/v1/streams/orders', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['POST', '/livez', 'GET, HEAD']
  ])('refuses other methods and lists its own: %s %s', async (method, path, allow) => {
    const { send } = await serverForTest()
    const { status, headers, body } = await send(method, path, method === 'POST' ? '{' : undefined)
    expect({ status, code: body.code, allow: headers['allow'] }).toEqual({
      status: 405,
      code: 'method-not-allowed',
      allow
    })
  })
})

describe('a bug', () => {
  it('is logged once with its stack and answered without details', async () => {
    const lines: Record<string, unknown>[] = []
    const logger: FastifyBaseLogger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
    const server = await serverForTest({ logger })
    server.engine.getStream = async () => {
      throw new TypeError('secret')
    }
    const { status, body } = await server.send('GET', '/v1/streams/orders', undefined, {
      'x-request-id': 'mine'
    })
    expect(status).toBe(500)
    expect(body).toMatchObject({ code: 'internal', sideEffects: 'possible' })
    expect(JSON.stringify(body)).not.toContain('secret')
    expect(lines).toMatchObject([
      { level: 50, requestId: 'mine', err: { message: 'secret', stack: expect.any(String) } }
    ])
  })
})

describe('a client that disconnects in the middle of a body', () => {
  it('is not logged as an error', async () => {
    const lines: Record<string, unknown>[] = []
    const logger: FastifyBaseLogger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
    const { app, metrics } = await serverForTest({ logger })
    const connection = new Connection(await app.listen({ host: '127.0.0.1', port: 0 }))
    connection.request('PUT', '/v1/streams/orders', undefined, {
      'content-type': 'application/json',
      'content-length': '1000'
    })
    await once(app.server, 'request')
    connection.socket.destroy()
    await until(async () => (await metrics.text()).includes('weir_refusals_total{code="invalid-request"} 1'))
    expect(lines.filter(({ level }) => Number(level) >= 40)).toEqual([])
  })
})

describe('bytes that are not a valid request', () => {
  it.each([
    ['another protocol', '\u0016\u0003\u0001 hello\r\n\r\n', 400, 'invalid-request'],
    ['an invalid request line', 'GET\r\n\r\n', 400, 'invalid-request'],
    ['an unknown method', 'BREW /livez HTTP/1.1\r\nhost: weir\r\n\r\n', 400, 'invalid-request'],
    ['an invalid header', 'GET /livez HTTP/1.1\r\nho st: weir\r\n\r\n', 400, 'invalid-request'],
    [
      'two lengths',
      'POST /v1/read HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'invalid-request'
    ],
    [
      'too large headers',
      `GET /livez HTTP/1.1\r\nhost: weir\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large'
    ],
    [
      'a path that is too long',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: weir\r\n\r\n`,
      431,
      'headers-too-large'
    ],
    ['no host', 'GET /livez HTTP/1.1\r\n\r\n', 400, 'invalid-request'],
    [
      'a path that is not percent-encoded',
      'GET /v1/streams/é HTTP/1.1\r\nhost: weir\r\n\r\n',
      400,
      'invalid-request'
    ],
    ['a tunnel', 'CONNECT weir:80 HTTP/1.1\r\nhost: weir\r\n\r\n', 405, 'method-not-allowed']
  ])('are refused with a problem: %s', async (_, bytes, status, code) => {
    const connection = await connected()
    connection.socket.write(bytes)
    expectProblem(await connection.answer(), status, code)
  })

  it('are refused if the rest does not arrive', async () => {
    const { app } = await serverForTest()
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const accepted = once(app.server, 'connection')
    const connection = new Connection(url)
    connection.socket.write('GET /livez HTTP/1.1\r\nhost:')
    const [socket] = await accepted
    // Node emits this when a request has taken too long. That time would be too long for a test.
    app.server.emit(
      'clientError',
      Object.assign(new Error('timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
      socket
    )
    expectProblem(await connection.answer(), 408, 'request-timeout')
  })

  it('do not garble the answer to an earlier request', async () => {
    const connection = await connected()
    connection.request('GET', '/livez')
    connection.socket.write('nonsense\r\n\r\n')
    const answer = await connection.answer()
    expect([200, 400]).toContain(answer?.status)
    await connection.closed()
  })
})

describe('an unusual request', () => {
  it('may have an unknown expectation, which is ignored', async () => {
    const connection = await connected()
    connection.request('GET', '/livez', undefined, { expect: 'wonders' })
    expect((await connection.answer())?.status).toBe(200)
  })

  it('may wait for 100 Continue before it sends its body', async () => {
    const connection = await connected()
    connection.request('PUT', '/v1/streams/orders', {}, { expect: '100-continue' })
    expect((await connection.answer())?.status).toBe(100)
    expect((await connection.answer())?.body.created).toBe(true)
  })

  it('may use HTTP/1.0 without a host', async () => {
    const connection = await connected()
    connection.socket.write('GET /livez HTTP/1.0\r\n\r\n')
    expect((await connection.answer())?.body).toEqual({ alive: true })
  })

  it('may be a HEAD request', async () => {
    const { app } = await serverForTest()
    const { statusCode, headers, body } = await app.inject({ method: 'HEAD', url: '/livez' })
    expect({ statusCode, body, type: headers['content-type'] }).toEqual({
      statusCode: 200,
      body: '',
      type: 'application/json; charset=utf-8'
    })
  })

  it('may name UTF-8 as the charset of its JSON', async () => {
    const { send } = await serverForTest()
    for (const type of [
      'application/json;charset=UTF-8',
      'application/json; charset="utf-8"',
      'Application/JSON'
    ]) {
      const answer = await send('PUT', '/v1/streams/orders', '{}', { 'content-type': type })
      expect(answer.status).toBe(200)
    }
  })
})

describe('a body that is too large', () => {
  const path = '/v1/streams/orders/entries'

  it('is refused on a real connection, which stays open', async () => {
    const connection = await connected({ bodyLimitBytes: 1000 })
    connection.request('POST', path, { entries: [{ fields: { order: 'x'.repeat(9 * 1024 * 1024) } }] })
    const answer = await connection.answer()
    expectProblem(answer, 413, 'body-too-large')
    expect(answer?.body.detail).toContain('1000')
    connection.request('GET', '/livez')
    expect((await connection.answer())?.status).toBe(200)
  })

  it('is refused when it arrives in chunks', async () => {
    const connection = await connected({ bodyLimitBytes: 1000 })
    const headers = 'host: weir\r\ncontent-type: application/json\r\ntransfer-encoding: chunked'
    connection.socket.write(`POST ${path} HTTP/1.1\r\n${headers}\r\n\r\n7d0\r\n${'x'.repeat(2000)}\r\n`)
    expectProblem(await connection.answer(), 413, 'body-too-large')
  })

  it('closes the connection if it does not end', async () => {
    const connection = await connected({ bodyLimitBytes: 1000 })
    connection.request('POST', path, undefined, {
      'content-type': 'application/json',
      'content-length': '9999999999'
    })
    const answer = await connection.answer()
    expectProblem(answer, 413, 'body-too-large')
    expect(answer?.headers['connection']).toBe('close')
  })
})

function expectProblem(answer: RawAnswer | null, status: number, code: string): void {
  expect({ status: answer?.status, code: answer?.body.code }).toEqual({ status, code })
  expect(answer?.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(answer?.body).toMatchObject({ type: `urn:weir:problem:${code}`, status })
  expect(answer?.body.requestId).toBe(answer?.headers['x-request-id'])
}

async function connected(options = {}): Promise<Connection> {
  const { app } = await serverForTest(options)
  const connection = new Connection(await app.listen({ host: '127.0.0.1', port: 0 }))
  onTestFinished(() => {
    connection.socket.destroy()
  })
  return connection
}
