import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Connection, connectionForTest } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const STREAM = '/v1/streams/orders'
const APPEND = `POST ${STREAM}/entries HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`
const BODY = '{"entries":[{"fields":{"order":"1001"}}]}'
const NEXT = 'GET /livez HTTP/1.1\r\nhost: weir\r\n\r\n'

async function listening(options = {}): Promise<{ server: TestServer; connect(): Connection }> {
  const server = await serverForTest(options)
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
  return {
    server,
    connect() {
      return connectionForTest(url)
    }
  }
}

async function lengthOfStream({ engine }: TestServer): Promise<number> {
  const { streams } = await engine.listStreams({ prefix: 'orders', limit: 1 })
  return streams[0]?.length ?? 0
}

describe('a slow client', () => {
  const timeouts = { headersMs: 150, requestMs: 400, answerMs: 150 }

  it.each([
    ['a head', 'GET /livez HTTP/1.1\r\nhost: weir\r\nx-slow: '],
    ['a body', `${APPEND}content-length: 1000\r\n\r\n{`],
    ['a body in chunks', `${APPEND}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`]
  ])('that sends %s byte by byte is cut off with request-timeout and changes nothing', async (_, start) => {
    const { server, connect } = await listening({ timeouts })
    const connection = connect()
    connection.socket.write(start)
    const timer = setInterval(
      () => connection.socket.write(start.includes('chunked') ? '1\r\n \r\n' : ' '),
      20
    )
    onTestFinished(() => clearInterval(timer))
    const answer = await connection.answer()
    clearInterval(timer)
    expect(answer).toMatchObject({
      status: 408,
      body: { code: 'request-timeout' },
      headers: { connection: 'close' }
    })
    await connection.closed()
    expect(await lengthOfStream(server)).toBe(0)
  })

  it('does not shorten a long poll that waits longer than a request may take to arrive', async () => {
    const { server, connect } = await listening({ timeouts })
    await server.send('PUT', STREAM)
    const reader = connect()
    reader.request('GET', `${STREAM}/entries?waitMs=60000`)
    const slow = connect()
    slow.socket.write('GET /livez HTTP/1.1\r\n')
    // Two requests that began later have been cut off for being slow.
    expect((await slow.answer())?.status).toBe(408)
    const slower = connect()
    slower.socket.write(`${APPEND}content-length: 1000\r\n\r\n`)
    expect((await slower.answer())?.status).toBe(408)
    await server.send('POST', `${STREAM}/entries`, BODY)
    expect((await reader.answer())?.body.entries).toHaveLength(1)
  })
})

describe('a client that does not read its answer', () => {
  it('is cut off, so that the server need not hold the answer for ever', async () => {
    const { server, connect } = await listening({ timeouts: { answerMs: 50 } })
    const note = 'x'.repeat(7_000_000)
    for (let i = 0; i < 2; i++) {
      await server.send('POST', `${STREAM}/entries`, { entries: [{ fields: { note } }] })
    }
    const connection = connect()
    connection.socket.pause()
    connection.request('GET', `${STREAM}/entries`)
    await until(async () => (await openConnections(server)) === 1)
    await until(async () => (await openConnections(server)) === 0)
  })
})

describe('a thousand idle connections', () => {
  it('do not keep other clients from being served', async () => {
    const { server, connect } = await listening()
    const idle = Array.from({ length: 1000 }, connect)
    await Promise.all(idle.map(({ socket }) => once(socket, 'connect')))
    const connection = connect()
    connection.socket.write(`${APPEND}content-length: ${BODY.length}\r\n\r\n${BODY}`)
    expect((await connection.answer())?.status).toBe(201)
    for (const other of idle.slice(0, 10)) {
      other.socket.write(NEXT)
      expect((await other.answer())?.status).toBe(200)
    }
    expect(await lengthOfStream(server)).toBe(1)
  })
})

function openConnections({ app }: TestServer): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}

describe('pipelined requests', () => {
  it('are all answered, in their order', async () => {
    const { server, connect } = await listening()
    const connection = connect()
    const append = `${APPEND}content-length: ${BODY.length}\r\n\r\n${BODY}`
    const refused = `${APPEND}content-length: 2\r\n\r\n{}`
    connection.socket.write([append, NEXT, refused, append, NEXT].join(''))
    const statuses: unknown[] = []
    for (let i = 0; i < 5; i++) statuses.push((await connection.answer())?.status)
    expect(statuses).toEqual([201, 200, 400, 201, 200])
    expect(await lengthOfStream(server)).toBe(2)
  })

  it('are answered in their order when the first of them waits', async () => {
    const { server, connect } = await listening()
    await server.send('PUT', STREAM)
    const connection = connect()
    connection.socket.write(`GET ${STREAM}/entries?waitMs=60000 HTTP/1.1\r\nhost: weir\r\n\r\n${NEXT}`)
    await until(async () => (await server.engine.status()).waiting === 1)
    await server.send('POST', `${STREAM}/entries`, BODY)
    expect((await connection.answer())?.body.entries).toHaveLength(1)
    expect((await connection.answer())?.body).toEqual({ alive: true })
  })
})

describe('a connection that its client has half closed', () => {
  // When a process dies, its kernel closes its connections, which looks the same.
  it('counts as hung up, and is closed', async () => {
    const { server, connect } = await listening()
    await server.send('PUT', `${STREAM}/groups/billing`, { createStream: true })
    await server.send('POST', `${STREAM}/entries`, BODY)
    const connection = connect()
    const body = '{"consumer":"ann"}'
    const head = `POST ${STREAM}/groups/billing/read HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`
    connection.socket.end(`${head}content-length: ${body.length}\r\n\r\n${body}`)
    const answers = await connection.answers()
    await connection.closed()
    // Whether it gets an answer is a race. If it gets none, the entry goes to bob.
    const bob = await server.send('POST', `${STREAM}/groups/billing/read`, { consumer: 'bob', waitMs: 1000 })
    expect(answers.length + bob.body.entries.length).toBe(1)
  })

  it.each([
    ['a head', 'POST /v1/streams/orders/entries HTTP/1.1\r\nhost: we'],
    ['a body', `${APPEND}content-length: ${BODY.length}\r\n\r\n${BODY.slice(0, 20)}`]
  ])('in the middle of %s changes nothing, and is closed', async (_, bytes) => {
    const { server, connect } = await listening()
    const connection = connect()
    connection.socket.end(bytes)
    for (const answer of await connection.answers()) expect(answer.status).toBe(400)
    await connection.closed()
    expect(await lengthOfStream(server)).toBe(0)
  })

  it('ends its long poll', async () => {
    const { server, connect } = await listening()
    await server.send('PUT', STREAM)
    const connection = connect()
    connection.socket.end(`GET ${STREAM}/entries?waitMs=60000 HTTP/1.1\r\nhost: weir\r\n\r\n`)
    await connection.closed()
    await until(async () => (await server.engine.status()).waiting === 0)
  })
})

describe('a request that two servers may parse differently', () => {
  const smuggled = `${APPEND}content-length: ${BODY.length}\r\n\r\n${BODY}`
  const chunkedAs10 = (request: string) => request.replace('HTTP/1.1', 'HTTP/1.0')

  it.each([
    [
      'a length and chunks',
      `${APPEND}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`
    ],
    [
      'chunks and a length',
      `${APPEND}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${smuggled}`
    ],
    ['two lengths', `${APPEND}content-length: 2\r\ncontent-length: 41\r\n\r\n{}${smuggled}`],
    ['the same length twice', `${APPEND}content-length: 2\r\ncontent-length: 2\r\n\r\n{}${smuggled}`],
    ['two hosts', `${APPEND}host: other\r\ncontent-length: 2\r\n\r\n{}${smuggled}`],
    ['two hosts and an invalid path', `GET /% HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n${smuggled}`],
    ['the same host twice', `${APPEND}Host: weir\r\ncontent-length: 2\r\n\r\n{}${smuggled}`],
    ['chunks in HTTP/1.0', chunkedAs10(`${APPEND}transfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`)],
    ['compressed chunks', `${APPEND}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['chunks twice', `${APPEND}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    [
      'chunks in two headers',
      `${APPEND}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`
    ],
    ['the transfer coding identity', `${APPEND}transfer-encoding: identity\r\n\r\n${smuggled}`],
    ['an empty transfer coding', `${APPEND}transfer-encoding: \r\ncontent-length: 2\r\n\r\n{}${smuggled}`],
    ['a list of lengths', `${APPEND}content-length: 2, 2\r\n\r\n{}${smuggled}`],
    ['a negative length', `${APPEND}content-length: -1\r\n\r\n${smuggled}`],
    ['a length with a sign', `${APPEND}content-length: +2\r\n\r\n{}${smuggled}`],
    ['a length in hexadecimal', `${APPEND}content-length: 0x2\r\n\r\n{}${smuggled}`],
    ['a space before the colon', `${APPEND}content-length : 2\r\n\r\n{}${smuggled}`],
    ['a folded header', `${APPEND}x: y\r\n content-length: 2\r\n\r\n{}${smuggled}`],
    ['chunks in disguise', `${APPEND}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['chunks that are not last', `${APPEND}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a vertical tab in the encoding', `${APPEND}transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a chunk of an invalid length', `${APPEND}transfer-encoding: chunked\r\n\r\nx\r\n${smuggled}`],
    [
      'a chunk that is longer than its length',
      `${APPEND}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n${smuggled}`
    ],
    ['a line feed alone', `${APPEND}content-length: 2\n\n{}${smuggled}`],
    ['a header that hides another one', `${APPEND}x: y\rcontent-length: 2\r\n\r\n{}${smuggled}`],
    ['a NUL in a header', `${APPEND}x: a\0b\r\ncontent-length: 2\r\n\r\n{}${smuggled}`]
  ])('is refused and its connection closed before the next request is read: %s', async (_, bytes) => {
    const { server, connect } = await listening()
    await server.send('PUT', STREAM)
    const connection = connect()
    connection.socket.write(bytes)
    const answers = await connection.answers()
    expect(answers.map(({ status }) => status)).toEqual([400])
    expect(answers[0]?.body).toMatchObject({ code: 'invalid-request', sideEffects: 'none' })
    expect(await lengthOfStream(server)).toBe(0)
  })
})

describe('a decompression bomb', () => {
  it('is refused without being decompressed', async () => {
    const { server, connect } = await listening({ bodyLimitBytes: 1024 * 1024 })
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20))
    expect(bomb.length).toBeLessThan(1024 * 1024)
    const before = process.memoryUsage.rss()
    for (const encoding of ['gzip', 'x-gzip', 'deflate', 'br', 'gzip, gzip']) {
      const connection = connect()
      connection.socket.write(
        `${APPEND}content-encoding: ${encoding}\r\ncontent-length: ${bomb.length}\r\n\r\n`
      )
      connection.socket.write(bomb)
      expect((await connection.answer())?.body.code).toBe('unsupported-media-type')
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
    expect(await lengthOfStream(server)).toBe(0)
  })

  it('of deeply nested JSON is refused', async () => {
    const { server } = await listening()
    const depth = 1_000_000
    const { status } = await server.send('POST', `${STREAM}/entries`, '['.repeat(depth) + ']'.repeat(depth))
    expect(status).toBe(400)
  })
})
