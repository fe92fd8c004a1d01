import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_LIMITS } from '../../src/http/load.ts'
import { Connection } from '../support/connection.ts'
import { readersWaiting, until } from '../support/http.ts'
import { IS_ON_REDIS } from '../support/on-redis.ts'
import { openServer, serverForTest, type TestServer } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory } from '../support/weir.ts'
import { makeWorld } from '../support/world.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`
const ENTRIES = { entries: [{ fields: { order: '1001' } }] }

describe('requests in flight', () => {
  it('are refused beyond their number, with advice to come back, and change nothing', async () => {
    const { send } = await serverForTest({ limits: { ...NO_LIMITS, maxInFlight: 0 } })
    const { status, headers, body } = await send('POST', `${STREAM}/entries`, ENTRIES)
    expect({ status, code: body.code, effects: body.sideEffects }).toEqual({
      status: 503,
      code: 'overloaded',
      effects: 'none'
    })
    expect(headers['retry-after']).toBe('1')
    for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json']) {
      expect((await send('GET', path)).status).toBe(200)
    }
  })

  it('are over when they are answered, however that is', async () => {
    const { send } = await serverForTest({ limits: { ...NO_LIMITS, maxInFlight: 1 } })
    for (const [method, path, body] of [
      ['POST', `${STREAM}/entries`, ENTRIES],
      ['POST', `${STREAM}/entries`, { entries: [] }],
      ['POST', `${STREAM}/entries`, '{'],
      ['GET', `${STREAM}/entries?waitMs=1&after=last`, undefined],
      ['GET', '/v1/streams/bills', undefined],
      ['GET', STREAM, undefined]
    ] as const) {
      expect((await send(method, path, body)).status).not.toBe(503)
    }
    expect((await send('GET', '/metrics')).body).toContain('weir_requests_in_flight 0\n')
  })

  it('do not include readers that wait, nor what has not arrived', async () => {
    const server = await serverForTest({ limits: { ...NO_LIMITS, maxInFlight: 1 } })
    await server.send('PUT', GROUP, { createStream: true })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const slow = connected(url)
    slow.socket.write(`POST ${STREAM}/entries HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`)
    slow.socket.write('content-length: 50\r\n\r\n{"entries":')
    const readers = ['ann', 'bob'].map((consumer) => {
      const connection = connected(url)
      connection.request('POST', `${GROUP}/read`, { consumer, waitMs: 60_000 })
      return connection
    })
    await until(async () => (await readersWaiting(url)) === 2)
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
    expect((await readers[0]?.answer())?.body.entries).toHaveLength(1)
  })
})

describe('bytes on their way', () => {
  it('count as they arrive: beyond their number what adds to them is refused, and what frees is not', async () => {
    const server = await serverForTest({ limits: { ...NO_LIMITS, maxBufferedBytes: 200_000 } })
    await makeWorld(server)
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const large = connected(url)
    large.socket.write(`POST ${STREAM}/entries HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`)
    large.socket.write(`content-length: 400000\r\n\r\n${' '.repeat(300_000)}`)
    await until(async () => (await bufferedBytes(server)) === 300_000)
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).body.code).toBe('overloaded')
    expect((await server.send('GET', `${STREAM}/entries`)).body.code).toBe('overloaded')
    const ids = ['1767225600000-0']
    expect((await server.send('POST', `${GROUP}/ack`, { ids })).body).toEqual({ acked: 1, notPending: [] })
    large.socket.destroy()
    await until(async () => (await bufferedBytes(server)) === 0)
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
  })

  it('count in bodies of unknown length, too', async () => {
    const server = await serverForTest()
    const connection = connected(await server.app.listen({ host: '127.0.0.1', port: 0 }))
    connection.socket.write(`PUT ${STREAM} HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`)
    connection.socket.write('transfer-encoding: chunked\r\n\r\n1\r\n{\r\n')
    await until(async () => (await bufferedBytes(server)) === 1)
    connection.socket.write('1\r\n}\r\n0\r\n\r\n')
    expect((await connection.answer())?.status).toBe(200)
    await until(async () => (await bufferedBytes(server)) === 0)
  })

  it('count in an answer that nobody takes', async () => {
    const server = await serverForTest()
    const note = 'x'.repeat(7_000_000)
    for (let i = 0; i < 2; i++) {
      await server.send('POST', `${STREAM}/entries`, { entries: [{ fields: { note } }] })
    }
    const connection = connected(await server.app.listen({ host: '127.0.0.1', port: 0 }))
    connection.socket.pause()
    connection.request('GET', `${STREAM}/entries`)
    await until(async () => (await bufferedBytes(server)) > 14_000_000)
    connection.socket.resume()
    expect((await connection.answer())?.body.entries).toHaveLength(2)
    await until(async () => (await bufferedBytes(server)) === 0)
  })
})

describe('a token', () => {
  const tokens = tokensFor({ ann: ['admin'], bob: ['admin'] })
  const { access, headers } = tokens

  it('has so many readers that wait, and others have theirs', async () => {
    const server = await serverForTest({ access, limits: { ...NO_LIMITS, maxWaitingPerToken: 1 } })
    await server.send('PUT', STREAM, {}, headers('ann'))
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const read = (name: string) => {
      const connection = connected(url)
      connection.request('GET', `${STREAM}/entries?waitMs=60000`, undefined, headers(name))
      return connection
    }
    const first = read('ann')
    await until(async () => (await waitingIn(server)) === 1)
    expect((await read('ann').answer())?.body).toMatchObject({ code: 'too-many-waiting', status: 429 })
    const other = read('bob')
    await until(async () => (await waitingIn(server)) === 2)
    await server.send('POST', `${STREAM}/entries`, ENTRIES, headers('ann'))
    for (const reader of [first, other]) {
      expect((await reader.answer())?.body.entries).toHaveLength(1)
    }
    expect((await read('ann').answer())?.body.entries).toHaveLength(1)
  })

  it('has so many requests a second, and others have theirs', async () => {
    const { send } = await serverForTest({ access, limits: { ...NO_LIMITS, maxRate: 3 } })
    const statuses: number[] = []
    for (let i = 0; i < 4; i++)
      statuses.push((await send('GET', '/v1/streams', undefined, headers('ann'))).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const { headers: answered, body } = await send('GET', '/v1/streams', undefined, headers('ann'))
    expect(body).toMatchObject({ code: 'rate-limited', retryable: true })
    expect(answered['retry-after']).toBe('1')
    expect((await send('GET', '/v1/streams', undefined, headers('bob'))).status).toBe(200)
  })
})

// What there is in a Redis, others make as well: nobody counts it there.
if (!IS_ON_REDIS) {
  describe('streams, groups and consumers', () => {
    const most = { streams: 1, groups: 1, consumers: 2 }
    const refused = { status: 503, body: { code: 'limit-reached', sideEffects: 'none' } }

    it('are refused beyond their number, however they would come into being', async () => {
      const server = await serverForTest({ most })
      await makeWorld(server)
      const { send } = server
      const read = { consumer: 'carol' }
      for (const [method, path, body] of [
        ['PUT', '/v1/streams/bills', {}],
        ['POST', '/v1/streams/bills/entries', ENTRIES],
        ['PUT', '/v1/streams/bills/groups/billing', { createStream: true }],
        ['PUT', `${STREAM}/groups/audit`, {}],
        ['PUT', `${GROUP}/consumers/carol`, undefined],
        ['POST', `${GROUP}/read`, read],
        ['POST', `${GROUP}/read`, { ...read, after: '0-0' }],
        ['POST', `${GROUP}/claim`, { ...read, ids: ['1767225600000-0'] }],
        ['POST', `${GROUP}/autoclaim`, { ...read, minIdleMs: 0 }]
      ] as const) {
        expect(await send(method, path, body)).toMatchObject(refused)
      }
      expect((await send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
      expect((await send('POST', `${GROUP}/read`, { consumer: 'bob' })).body.entries).toHaveLength(2)
      const { body } = await send('GET', '/metrics')
      for (const line of ['weir_streams 1', 'weir_groups 1', 'weir_consumers 2'])
        expect(body).toContain(`${line}\n`)
    })

    it('leave room for others when they go, also after a restart', async () => {
      const directory = await temporaryDirectory()
      const before = await openServer(directory, { most })
      await makeWorld(before)
      await before.close()
      const server = await openServer(directory, { most })
      onTestFinished(() => server.close())
      const { send } = server
      expect(await send('PUT', `${GROUP}/consumers/carol`)).toMatchObject(refused)
      await send('DELETE', `${GROUP}/consumers/bob`)
      expect((await send('PUT', `${GROUP}/consumers/carol`)).status).toBe(200)
      await send('DELETE', GROUP)
      expect((await send('PUT', `${STREAM}/groups/audit`)).status).toBe(200)
      for (const consumer of ['ann', 'bob']) await send('PUT', `${STREAM}/groups/audit/consumers/${consumer}`)
      await send('DELETE', STREAM)
      expect(server.engine.status().counts).toEqual({ streams: 0, groups: 0, consumers: 0 })
    })
  })
}

function connected(url: string): Connection {
  const connection = new Connection(url)
  onTestFinished(() => {
    connection.socket.destroy()
  })
  return connection
}

/** As the metrics tell it. */
async function bufferedBytes({ app }: TestServer): Promise<number> {
  const { body } = await app.inject({ url: '/metrics' })
  return Number(/^weir_buffered_bytes (\d+)$/m.exec(body)?.[1])
}

async function waitingIn({ engine }: TestServer): Promise<number> {
  return engine.status().waiting
}
