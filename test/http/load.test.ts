import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_LIMITS } from '../../src/http/limits/load.ts'
import { type Connection, connectionForTest } from '../support/connection.ts'
import { makeExampleData } from '../support/example-data.ts'
import { readersWaiting, until } from '../support/http.ts'
import { IS_ON_REDIS } from '../support/on-redis.ts'
import { openServer, serverForTest, type TestServer } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory } from '../support/weir.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`
const ENTRIES = { entries: [{ fields: { order: '1001' } }] }

describe('requests in flight', () => {
  it('are refused above their limit, with Retry-After and without effects', async () => {
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

  it('end with their answer, whatever it is', async () => {
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

  it('include neither waiting readers nor incomplete requests', async () => {
    const server = await serverForTest({ limits: { ...NO_LIMITS, maxInFlight: 1 } })
    await server.send('PUT', GROUP, { createStream: true })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const slow = connectionForTest(url)
    slow.socket.write(`POST ${STREAM}/entries HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`)
    slow.socket.write('content-length: 50\r\n\r\n{"entries":')
    const readers = ['ann', 'bob'].map((consumer) => {
      const connection = connectionForTest(url)
      connection.request('POST', `${GROUP}/read`, { consumer, waitMs: 60_000 })
      return connection
    })
    await until(async () => (await readersWaiting(url)) === 2)
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
    expect((await readers[0]?.answer())?.body.entries).toHaveLength(1)
  })
})

describe('buffered bytes', () => {
  it('include a body as soon as its head has arrived, and a large one leaves room for small ones', async () => {
    const server = await serverForTest({ limits: { ...NO_LIMITS, maxBufferedBytes: 1_000_000 } })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const large = connectionForTest(url)
    large.socket.write(headOf(800_000))
    await until(async () => (await bufferedBytes(server)) === 800_000)
    const other = connectionForTest(url)
    other.socket.write(headOf(100_000))
    const { status, headers, body } = (await other.answer()) ?? { status: 0, headers: {}, body: {} }
    expect({ status, code: body.code, effects: body.sideEffects }).toEqual({
      status: 503,
      code: 'overloaded',
      effects: 'none'
    })
    expect(headers).toMatchObject({ 'retry-after': '1', connection: 'close' })
    other.socket.end()
    await other.closed()
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
    large.socket.destroy()
    await until(async () => (await bufferedBytes(server)) === 0)
  })

  it('are refused when there is no room left, except for requests that free space', async () => {
    const server = await serverForTest({ limits: { ...NO_LIMITS, maxBufferedBytes: 1_000_000 } })
    await makeExampleData(server)
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const bodies = [850_000, 60_000, 60_000, 30_000].map((bytes) => {
      const connection = connectionForTest(url)
      connection.socket.write(headOf(bytes))
      return connection
    })
    await until(async () => (await bufferedBytes(server)) === 1_000_000)
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).body.code).toBe('overloaded')
    expect((await server.send('GET', `${STREAM}/entries`)).body.code).toBe('overloaded')
    const ids = ['1767225600000-0']
    expect((await server.send('POST', `${GROUP}/ack`, { ids })).body).toEqual({ acked: 1, notPending: [] })
    const padded = ' '.repeat(70_000) + JSON.stringify({ ids })
    expect((await server.send('POST', `${GROUP}/ack`, padded)).body.code).toBe('overloaded')
    for (const { socket } of bodies) socket.destroy()
    await until(async () => (await bufferedBytes(server)) === 0)
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
  })

  it('do not include a parsed body, such as that of a waiting read', async () => {
    const server = await serverForTest()
    await server.send('PUT', STREAM, {})
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const reader = connectionForTest(url)
    const body =
      ' '.repeat(500_000) + JSON.stringify({ streams: [{ stream: 'orders', after: 'last' }], waitMs: 60_000 })
    reader.socket.write(headOf(body.length, 'POST /v1/read'))
    await until(async () => (await bufferedBytes(server)) === body.length)
    reader.socket.write(body)
    await until(async () => (await waitingIn(server)) === 1)
    expect(await bufferedBytes(server)).toBe(0)
  })

  it('must arrive at 64 KiB a second once they are reserved', async () => {
    const server = await serverForTest({ timeouts: { bodyGraceMs: 10 } })
    const connection = connectionForTest(await server.app.listen({ host: '127.0.0.1', port: 0 }))
    connection.socket.write(`${headOf(70_000)}{`)
    const begun = performance.now()
    expect((await connection.answer())?.body).toMatchObject({ code: 'request-timeout', status: 408 })
    // The time for 70,000 bytes at that rate, and the grace period.
    expect(performance.now() - begun).toBeGreaterThan(1000)
    await until(async () => (await bufferedBytes(server)) === 0)
  })

  it('are refused in the middle of a body of unknown length', async () => {
    const server = await serverForTest({ limits: { ...NO_LIMITS, maxBufferedBytes: 1_000_000 } })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const known = connectionForTest(url)
    known.socket.write(headOf(800_000))
    await until(async () => (await bufferedBytes(server)) === 800_000)
    const unknown = connectionForTest(url)
    unknown.socket.write(`PUT ${STREAM} HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`)
    unknown.socket.write(
      `transfer-encoding: chunked\r\n\r\n${(100_000).toString(16)}\r\n${' '.repeat(100_000)}`
    )
    expect((await unknown.answer())?.body).toMatchObject({ code: 'overloaded', sideEffects: 'none' })
    await until(async () => (await bufferedBytes(server)) === 800_000)
  })

  it('include bodies of unknown length', async () => {
    const server = await serverForTest()
    const connection = connectionForTest(await server.app.listen({ host: '127.0.0.1', port: 0 }))
    connection.socket.write(`PUT ${STREAM} HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n`)
    connection.socket.write('transfer-encoding: chunked\r\n\r\n1\r\n{\r\n')
    await until(async () => (await bufferedBytes(server)) === 1)
    connection.socket.write('1\r\n}\r\n0\r\n\r\n')
    expect((await connection.answer())?.status).toBe(200)
    await until(async () => (await bufferedBytes(server)) === 0)
  })

  it('include an answer that nobody reads', async () => {
    const server = await serverForTest()
    const note = 'x'.repeat(7_000_000)
    for (let i = 0; i < 2; i++) {
      await server.send('POST', `${STREAM}/entries`, { entries: [{ fields: { note } }] })
    }
    const connection = connectionForTest(await server.app.listen({ host: '127.0.0.1', port: 0 }))
    connection.socket.pause()
    connection.request('GET', `${STREAM}/entries`)
    await until(async () => (await bufferedBytes(server)) > 14_000_000)
    connection.socket.resume()
    expect((await connection.answer())?.body.entries).toHaveLength(2)
    await until(async () => (await bufferedBytes(server)) === 0)
  })
})

describe('answers that nobody reads', () => {
  const MIB = 1024 ** 2
  const limits = { ...NO_LIMITS, maxBufferedBytes: 16 * MIB }

  it('count in full, and above the limit reads are refused, but not acks and trims', async () => {
    const server = await serverForTest({ limits })
    await makeExampleData(server)
    const { url, id } = await withLargeEntry(server)
    for (let n = 1; n <= 3; n++) {
      unread(url, `${STREAM}/entries/${id}`)
      await until(async () => (await bufferedBytes(server)) > n * 4 * MIB)
    }
    for (const path of [`/entries/${id}`, '', '/full', '/entries?order=desc&limit=1']) {
      const { status, body } = await server.send('GET', `${STREAM}${path}`)
      expect({ path, status, code: body.code }).toEqual({ path, status: 503, code: 'overloaded' })
    }
    const read = await server.send('POST', '/v1/read', { streams: [{ stream: 'orders', after: '0-0' }] })
    expect(read.body.code).toBe('overloaded')
    const ids = ['1767225600000-0']
    const claim = { consumer: 'bob', ids }
    expect((await server.send('POST', `${GROUP}/claim`, claim)).body.code).toBe('overloaded')
    expect((await server.send('POST', `${GROUP}/autoclaim`, { consumer: 'bob', minIdleMs: 0 })).status).toBe(
      503
    )
    expect((await server.send('GET', `${GROUP}/pending`)).body.pending).toMatchObject([{ consumer: 'ann' }])
    expect((await server.send('POST', `${GROUP}/ack`, { ids })).body.acked).toBe(1)
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
    expect((await server.send('POST', `${STREAM}/trim`, { maxLength: 0 })).status).toBe(200)
  })

  it('leave entries of a refused group read to the next reader', async () => {
    const server = await serverForTest({ limits })
    await server.send('PUT', GROUP, { createStream: true })
    const { url, id } = await withLargeEntry(server)
    const readers = [1, 2, 3].map(() => unread(url, `${STREAM}/entries/${id}`))
    await until(async () => (await bufferedBytes(server)) > 12 * MIB)
    const { body } = await server.send('POST', `${GROUP}/read`, { consumer: 'ann' })
    expect(body.code).toBe('overloaded')
    for (const { socket } of readers) socket.destroy()
    await until(async () => (await bufferedBytes(server)) === 0)
    const { entries } = (await server.send('POST', `${GROUP}/read`, { consumer: 'bob' })).body
    expect(entries).toMatchObject([{ id, deliveries: 1 }])
  })

  it('leave a read that settles with what it settled, and its entries to the next reader', async () => {
    const server = await serverForTest({ limits })
    await makeExampleData(server)
    const { send } = server
    await send('POST', `${GROUP}/read`, { consumer: 'bob' })
    const { url, id } = await withLargeEntry(server)
    const readers = [1, 2, 3].map(() => unread(url, `${STREAM}/entries/${id}`))
    await until(async () => (await bufferedBytes(server)) > 12 * MIB)
    const settling = { ack: ['1767225600000-0'], nack: [{ ids: ['1767225600000-1'], outcome: 'reject' }] }
    expect(await send('POST', `${GROUP}/read`, { consumer: 'ann', ...settling })).toMatchObject({
      status: 200,
      body: { acked: 1, nacked: 0, notPending: ['1767225600000-1'], entries: [] }
    })
    const streams = [{ stream: 'orders', ack: ['9-9'] }]
    const several = { consumer: 'ann', streams }
    expect((await send('POST', '/v1/groups/billing/read', several)).body.streams).toEqual([
      { stream: 'orders', acked: 0, nacked: 0, notPending: ['9-9'], entries: [] }
    ])
    for (const { socket } of readers) socket.destroy()
    await until(async () => (await bufferedBytes(server)) === 0)
    const { entries } = (await send('POST', `${GROUP}/read`, { consumer: 'cid' })).body
    expect(entries).toMatchObject([{ id, deliveries: 1 }])
  })

  it('let claims wait briefly for the room that others release', async () => {
    const server = await serverForTest({ limits })
    await makeExampleData(server)
    const { url, id } = await withLargeEntry(server)
    const readers = [1, 2, 3].map(() => unread(url, `${STREAM}/entries/${id}`))
    await until(async () => (await bufferedBytes(server)) > 12 * MIB)
    const claimed = server.send('POST', `${GROUP}/claim`, { consumer: 'bob', ids: ['1767225600000-0'] })
    for (const { socket } of readers) socket.destroy()
    expect((await claimed).body.entries).toHaveLength(1)
  })

  it('are dropped with their connections if they are not read in time', async () => {
    const server = await serverForTest({ timeouts: { answerMs: 100 } })
    const { url, id } = await withLargeEntry(server)
    const reader = unread(url, `${STREAM}/entries/${id}`)
    await until(async () => (await bufferedBytes(server)) > 4 * MIB)
    await until(async () => (await bufferedBytes(server)) === 0)
    reader.socket.resume()
    await reader.closed()
  })

  it('count even if they are small, and so do the answers in line after them', async () => {
    const server = await serverForTest()
    const { url, id } = await withLargeEntry(server)
    const reader = unread(url, `${STREAM}/entries/${id}`)
    await until(async () => (await bufferedBytes(server)) > 4 * MIB)
    const before = await bufferedBytes(server)
    reader.socket.write(`GET ${STREAM}/groups HTTP/1.1\r\nhost: weir\r\n\r\n`.repeat(100))
    await until(async () => (await bufferedBytes(server)) > before + 100 * '{"groups":[]}'.length)
    reader.socket.destroy()
    await until(async () => (await bufferedBytes(server)) === 0)
    expect((await server.send('GET', '/metrics')).body).toContain('weir_requests_in_flight 0\n')
  })

  it('are produced one after the other if a client pipelines many reads', async () => {
    const server = await serverForTest()
    await server.send('POST', `${STREAM}/entries`, ENTRIES)
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const reader = connectionForTest(url)
    reader.request('POST', '/v1/read', { streams: [{ stream: 'orders', after: 'last' }], waitMs: 60_000 })
    await until(async () => (await server.engine.status()).waiting === 1)
    const before = await bufferedBytes(server)
    const PATHS = ['', '/entries', '/groups']
    for (const path of PATHS) reader.request('GET', `${STREAM}${path}`)
    await until(async () => (await bufferedBytes(server)) >= before + PATHS.length * 6 * 1024)
    expect((await server.send('GET', '/metrics')).body).toContain('weir_requests_in_flight 0\n')
    await server.send('POST', `${STREAM}/entries`, ENTRIES)
    expect((await reader.answer())?.body.streams).toHaveLength(1)
    expect((await reader.answer())?.body.length).toBe(2)
    expect((await reader.answer())?.body.entries).toHaveLength(2)
    expect((await reader.answer())?.body.groups).toEqual([])
    await until(async () => (await bufferedBytes(server)) === 0)
  })

  it('end a connection that requests more than there is room for without reading', async () => {
    const server = await serverForTest({ limits: { ...NO_LIMITS, maxBufferedBytes: MIB } })
    const { url, id } = await withLargeEntry(server)
    const reader = unread(url, `${STREAM}/entries/${id}`)
    await until(async () => (await bufferedBytes(server)) > 4 * MIB)
    reader.socket.write(`GET ${STREAM}/groups HTTP/1.1\r\nhost: weir\r\n\r\n`.repeat(1000))
    await until(async () => (await bufferedBytes(server)) === 0)
    reader.socket.resume()
    await reader.closed()
  })
})

describe('the share of a client', () => {
  const limits = { ...NO_LIMITS, maxBufferedBytes: 1_000_000, maxBufferedShare: 50 }

  it('applies to a token and does not affect other tokens', async () => {
    const { access, headers } = tokensFor({ ann: ['admin'], bob: ['admin'] })
    const server = await serverForTest({ access, limits })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const send = (name: string, bytes: number) => {
      const connection = connectionForTest(url)
      connection.socket.write(headOf(bytes, undefined, headers(name)))
      return connection
    }
    send('ann', 400_000)
    await until(async () => (await bufferedBytes(server, headers('ann'))) === 400_000)
    const refused = (await send('ann', 100_000).answer()) ?? { headers: {}, body: {} }
    expect(refused.body).toMatchObject({ code: 'too-many-bytes', status: 429, sideEffects: 'none' })
    expect(refused.headers).toMatchObject({ 'retry-after': '1', connection: 'close' })
    expect((await server.send('PUT', STREAM, {}, headers('ann'))).status).toBe(200)
    send('bob', 400_000)
    await until(async () => (await bufferedBytes(server, headers('ann'))) === 800_000)
    const unknown = connectionForTest(url)
    unknown.socket.write(headOf(100_000))
    expect((await unknown.answer())?.body.code).toBe('unauthenticated')
  })

  it('always has room for a small answer', async () => {
    const server = await serverForTest({
      limits: { ...limits, maxBufferedBytes: 1024 ** 2, maxBufferedShare: 1 }
    })
    const entry = { fields: { note: 'x'.repeat(60_000) } }
    const { body: appended } = await server.send('POST', `${STREAM}/entries`, { entries: [entry] })
    const { status, body } = await server.send('GET', `${STREAM}/entries/${appended.ids[0]}`)
    expect({ status, body }).toMatchObject({ status: 200, body: entry })
  })

  it('once exhausted, refuses reads of this client only, before entries are loaded', async () => {
    const { access, headers } = tokensFor({ ann: ['admin'], bob: ['admin'] })
    const server = await serverForTest({ access, limits: { ...limits, maxBufferedBytes: 8_000_000 } })
    await server.send('POST', `${STREAM}/entries`, ENTRIES, headers('ann'))
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const body = connectionForTest(url)
    body.socket.write(headOf(3_490_000, undefined, headers('ann')))
    await until(async () => (await bufferedBytes(server, headers('ann'))) === 3_490_000)
    for (const path of ['/entries', '', '/full']) {
      const { body: problem } = await server.send('GET', `${STREAM}${path}`, undefined, headers('ann'))
      expect({ path, code: problem.code }).toEqual({ path, code: 'too-many-bytes' })
      expect((await server.send('GET', `${STREAM}${path}`, undefined, headers('bob'))).status).toBe(200)
    }
    expect((await server.send('GET', `${STREAM}/groups`, undefined, headers('ann'))).status).toBe(200)
  })

  it('applies to an address if there are no tokens', async () => {
    const server = await serverForTest({ limits })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const first = connectionForTest(url)
    first.socket.write(headOf(400_000))
    await until(async () => (await bufferedBytes(server)) === 400_000)
    const second = connectionForTest(url)
    second.socket.write(headOf(100_000))
    expect((await second.answer())?.body.code).toBe('too-many-bytes')
    first.socket.destroy()
    await until(async () => (await bufferedBytes(server)) === 0)
  })
})

describe('a token', () => {
  const tokens = tokensFor({ ann: ['admin'], bob: ['admin'] })
  const { access, headers } = tokens

  it('has a limit on its waiting readers that does not affect other tokens', async () => {
    const server = await serverForTest({ access, limits: { ...NO_LIMITS, maxWaitingPerToken: 1 } })
    await server.send('PUT', STREAM, {}, headers('ann'))
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const read = (name: string) => {
      const connection = connectionForTest(url)
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

  it('has a limit on its requests per second that does not affect other tokens', async () => {
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

// Other clients create streams and groups in Redis too, so Weir cannot limit them there.
if (!IS_ON_REDIS) {
  describe('limits on streams, groups and consumers', () => {
    const most = { streams: 1, groups: 1, consumers: 2 }
    const refused = { status: 503, body: { code: 'limit-reached', sideEffects: 'none' } }

    it('refuse every request that would create more', async () => {
      const server = await serverForTest({ most })
      await makeExampleData(server)
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
      for (const line of ['weir_streams 1', 'weir_groups 1', 'weir_consumers 2', 'weir_pending_entries 3'])
        expect(body).toContain(`${line}\n`)
    })

    it('on pending entries refuse only requests that would add some', async () => {
      const server = await serverForTest({ most: { pending: 3 } })
      await makeExampleData(server)
      const { send } = server
      const entries = [{ fields: { n: '1' } }, { fields: { n: '2' } }, { fields: { n: '3' } }]
      await send('POST', `${STREAM}/entries`, { entries })
      const read = { consumer: 'bob', count: 10 }
      const { body: first } = await send('POST', `${GROUP}/read`, read)
      expect(first.entries).toHaveLength(2)
      const listed = (await send('GET', `${STREAM}/entries`)).body.entries
      const lastId = listed.at(-1).id
      const forced = { consumer: 'bob', ids: [lastId], force: true }
      for (const [path, body] of [
        ['read', read],
        ['read', { ...read, waitMs: 1000, claimIdleMs: 60_000 }],
        ['claim', forced]
      ] as const) {
        const answer = await send('POST', `${GROUP}/${path}`, body)
        expect(answer).toMatchObject({ ...refused, body: { ...refused.body, retryable: true } })
      }
      const own = await send('POST', `${GROUP}/read`, { ...read, after: '0-0' })
      expect(own.body.entries.length).toBeGreaterThanOrEqual(2)
      const idle = await send('POST', `${GROUP}/read`, { consumer: 'ann', claimIdleMs: 0 })
      expect(idle.body.entries).toHaveLength(3)
      const ids = first.entries.map(({ id }: { id: string }) => id)
      expect((await send('POST', `${GROUP}/claim`, { consumer: 'bob', ids })).body.entries).toHaveLength(2)
      expect((await send('POST', `${GROUP}/autoclaim`, { consumer: 'ann', minIdleMs: 0 })).status).toBe(200)
      expect(
        (await send('POST', `${GROUP}/read`, { ...read, count: 1, noAck: true })).body.entries
      ).toHaveLength(1)
      expect((await send('POST', `${GROUP}/ack`, { ids: ids.slice(1) })).body.acked).toBe(1)
      expect((await send('POST', `${GROUP}/read`, read)).body.entries).toHaveLength(1)
    })

    it('allow new ones after deletions, also after a restart', async () => {
      const directory = await temporaryDirectory()
      const before = await openServer(directory, { most })
      await makeExampleData(before)
      await before.close()
      const server = await openServer(directory, { most })
      onTestFinished(() => server.close())
      const { send } = server
      expect(await send('PUT', `${GROUP}/consumers/carol`)).toMatchObject(refused)
      await send('DELETE', `${GROUP}/consumers/bob`)
      expect((await send('PUT', `${GROUP}/consumers/carol`)).status).toBe(200)
      await send('DELETE', `${GROUP}?pending=drop`)
      expect((await send('PUT', `${STREAM}/groups/audit`)).status).toBe(200)
      for (const consumer of ['ann', 'bob']) await send('PUT', `${STREAM}/groups/audit/consumers/${consumer}`)
      await send('DELETE', STREAM)
      expect((await server.engine.status()).counts).toEqual({
        streams: 0,
        groups: 0,
        consumers: 0,
        pending: 0
      })
    })
  })
}

/** The head of a request with a body of `bytes` bytes. */
function headOf(
  bytes: number,
  line = `POST ${STREAM}/entries`,
  headers: Record<string, string> = {}
): string {
  const all = {
    host: 'weir',
    'content-type': 'application/json',
    'content-length': `${bytes}`,
    ...headers
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** Appends an entry of 4 MiB and lets the server listen. */
async function withLargeEntry(server: TestServer): Promise<{ url: string; id: string }> {
  const entries = [{ fields: { note: 'x'.repeat(4 * 1024 ** 2) } }]
  const { body } = await server.send('POST', `${STREAM}/entries`, { entries })
  return { url: await server.app.listen({ host: '127.0.0.1', port: 0 }), id: body.ids[0] }
}

/** A connection that sends a request and does not read. */
function unread(url: string, path: string): Connection {
  const connection = connectionForTest(url)
  connection.socket.pause()
  connection.request('GET', path)
  return connection
}

/** `weir_buffered_bytes` of the metrics. */
async function bufferedBytes({ app }: TestServer, headers: Record<string, string> = {}): Promise<number> {
  const { body } = await app.inject({ url: '/metrics', headers })
  return Number(/^weir_buffered_bytes (\d+)$/m.exec(body)?.[1])
}

async function waitingIn({ engine }: TestServer): Promise<number> {
  return (await engine.status()).waiting
}
