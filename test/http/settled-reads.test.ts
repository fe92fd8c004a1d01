import { describe, expect, it } from 'vitest'
import { beginDrain } from '../../src/http/server.ts'
import { connectionForTest } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { FIRST, GROUP, metric, queueForTest, read, SECOND, STREAM, THIRD } from '../support/queue-server.ts'
import type { TestServer } from '../support/server.ts'

const READ_GROUPS = '/v1/groups/billing/read'

describe('readGroup with ack and nack', () => {
  it('settles earlier entries and delivers the next ones', async () => {
    const server = await queueForTest()
    await read(server, 'ann', { count: 2 })
    const settle = { ack: [FIRST], nack: [{ ids: [SECOND], outcome: 'reject', reason: 'No such customer' }] }
    expect(await read(server, 'ann', settle)).toEqual({
      acked: 1,
      nacked: 1,
      notPending: [],
      entries: [{ id: THIRD, fields: { order: THIRD }, deliveries: 1 }]
    })
    expect((await server.send('GET', GROUP)).body).toMatchObject({ pending: 1, dead: 1 })
    expect((await server.send('GET', `${GROUP}/dead`)).body.dead).toMatchObject([
      { id: SECOND, reason: 'No such customer', consumer: 'ann' }
    ])
  })

  it('settles only what the consumer owns, and each entry once', async () => {
    const server = await queueForTest()
    await read(server, 'ann', { count: 2 })
    await read(server, 'bob')
    const nacks = [
      { ids: [FIRST, SECOND], outcome: 'retry', delayMs: 60_000 },
      { ids: [THIRD, SECOND], outcome: 'reject' }
    ]
    const { acked, nacked, notPending, entries } = await read(server, 'ann', { ack: [FIRST], nack: nacks })
    expect({ acked, nacked, entries }).toEqual({ acked: 1, nacked: 1, entries: [] })
    expect(notPending.toSorted()).toEqual([FIRST, SECOND, THIRD])
    expect(await metric(server, 'weir_entries_nacked_total')).toMatchObject({
      'outcome="retry"': 1,
      'outcome="reject"': 0
    })
    expect(await metric(server, 'weir_entries_acked_total')).toEqual({ '': 1 })
  })

  it('answers with what it settled even if that is nothing, and as before without them', async () => {
    const server = await queueForTest()
    expect(await read(server, 'ann', { ack: [], count: 3 })).toMatchObject({
      acked: 0,
      nacked: 0,
      notPending: [],
      entries: [{ id: FIRST }, { id: SECOND }, { id: THIRD }]
    })
    expect(await read(server, 'ann', { nack: [] })).toEqual({
      acked: 0,
      nacked: 0,
      notPending: [],
      entries: []
    })
    expect(await read(server, 'ann')).toEqual({ entries: [] })
    expect(await read(server, 'ann', { ack: null, nack: null })).toEqual({ entries: [] })
  })

  it('settles before it waits', async () => {
    const server = await queueForTest()
    await read(server, 'ann', { count: 3 })
    const waiting = read(server, 'ann', { ack: [FIRST, SECOND], waitMs: 60_000 })
    await until(async () => (await server.engine.status()).waiting === 1)
    expect((await server.send('GET', GROUP)).body.pending).toBe(1)
    await server.send('POST', `${STREAM}/entries`, { entries: [{ fields: { order: 'new' } }] })
    expect(await waiting).toMatchObject({ acked: 2, entries: [{ fields: { order: 'new' } }] })
  })

  it('makes room for its own delivery under maxPendingPerConsumer', async () => {
    const server = await queueForTest({ maxPendingPerConsumer: 1 })
    expect((await read(server, 'ann', { count: 10 })).entries).toHaveLength(1)
    expect((await read(server, 'ann', { count: 10 })).entries).toHaveLength(0)
    expect(await read(server, 'ann', { ack: [FIRST], count: 10 })).toMatchObject({
      acked: 1,
      entries: [{ id: SECOND }]
    })
  })
})

describe('readGroups with ack and nack', () => {
  it('answers each stream in which it settled, and others only if they have entries', async () => {
    const { send } = await queueForTest()
    for (const stream of ['bills', 'mails', 'notes']) {
      await send('PUT', `/v1/streams/${stream}/groups/billing`, { createStream: true })
    }
    await send('POST', '/v1/streams/mails/entries', { entries: [{ fields: { to: 'ann' } }] })
    const streams = ['notes', 'orders', 'bills', 'mails'].map((stream) => ({ stream }))
    const one = { consumer: 'ann', count: 1 }
    const { body } = await send('POST', READ_GROUPS, { ...one, streams })
    expect(body.streams.map(({ stream }: { stream: string }) => stream)).toEqual(['orders', 'mails'])
    expect(body.streams[0]).not.toHaveProperty('acked')
    const settling = [
      { stream: 'notes' },
      { stream: 'orders', ack: [FIRST] },
      { stream: 'bills', ack: ['1-1'], nack: [{ ids: ['2-2'], outcome: 'release' }] },
      { stream: 'mails' }
    ]
    expect((await send('POST', READ_GROUPS, { ...one, streams: settling })).body).toEqual({
      streams: [
        {
          stream: 'orders',
          acked: 1,
          nacked: 0,
          notPending: [],
          entries: [{ id: SECOND, fields: { order: SECOND }, deliveries: 1 }]
        },
        { stream: 'bills', acked: 0, nacked: 0, notPending: ['1-1', '2-2'], entries: [] }
      ]
    })
  })
})

describe('a read that settles', () => {
  const ids = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `${from + n + 1}-0`)
  const single = (settle: object) => ({ path: `${GROUP}/read`, body: { consumer: 'ann', ...settle } })
  const several = (...streams: object[]) => ({ path: READ_GROUPS, body: { consumer: 'ann', streams } })

  it.each([
    ['/nack/0/ids', single({ ack: ids(1000), nack: [{ ids: ids(1), outcome: 'retry' }] })],
    ['/ack', single({ ack: ids(1001) })],
    [
      '/nack/1/ids',
      single({
        nack: [
          { ids: ids(1), outcome: 'retry' },
          { ids: ids(1000), outcome: 'retry' }
        ]
      })
    ],
    [
      '/streams/1/ack',
      several({ stream: 'orders', ack: ids(600) }, { stream: 'bills', ack: ids(401) }, { stream: 'mails' })
    ]
  ])('is refused above a thousand ids, at %s', async (pointer, { path, body }) => {
    const { send } = await queueForTest()
    const { status, body: problem } = await send('POST', path, body)
    expect({ status, errors: problem.errors }).toMatchObject({ status: 400, errors: [{ pointer }] })
    expect(problem.errors).toHaveLength(1)
  })

  it('may name a thousand ids', async () => {
    const { send } = await queueForTest()
    const nack = [{ ids: ids(400, 600), outcome: 'release' }]
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'ann', ack: ids(600), nack })
    expect(body.notPending).toHaveLength(1000)
  })

  it.each([
    ['/nack/0/delayMs', single({ nack: [{ ids: ['1-0'], outcome: 'release', delayMs: 1 }] })],
    ['/nack/0/reason', single({ nack: [{ ids: ['1-0'], outcome: 'retry', reason: 'é'.repeat(513) }] })],
    ['/ack/1', single({ ack: ['1-0', 'x'] })],
    ['/nack/0/ids/0', single({ nack: [{ ids: ['x'], outcome: 'retry' }] })],
    ['/streams/0/ack/0', several({ stream: 'orders', ack: ['x'] })],
    ['/streams/0/nack/0/ids/0', several({ stream: 'orders', nack: [{ ids: ['x'], outcome: 'retry' }] })],
    [
      '/streams/0/nack/0/delayMs',
      several({ stream: 'orders', nack: [{ ids: ['1-0'], outcome: 'reject', delayMs: 1 }] })
    ]
  ])('is refused with a pointer, and settles nothing: %s', async (pointer, { path, body }) => {
    const server = await queueForTest()
    await read(server, 'ann')
    const { status, body: problem } = await server.send('POST', path, body)
    expect({ status, errors: problem.errors }).toMatchObject({ status: 400, errors: [{ pointer }] })
    expect((await server.send('GET', GROUP)).body).toMatchObject({ pending: 1, delayed: 0 })
  })

  it('settles nothing if it is refused because a group does not exist', async () => {
    const server = await queueForTest()
    await read(server, 'ann')
    await server.send('PUT', '/v1/streams/bills')
    const streams = [{ stream: 'orders', ack: [FIRST] }, { stream: 'bills' }]
    expect((await server.send('POST', READ_GROUPS, { consumer: 'ann', streams })).status).toBe(404)
    expect((await server.send('GET', GROUP)).body.pending).toBe(1)
  })

  it('keeps what it settled, and gives its entries to the next reader, if the client hangs up', async () => {
    const server = await listening()
    await read(server, 'ann', { count: 3 })
    const ann = connectionForTest(server.url)
    ann.request('POST', `${GROUP}/read`, { consumer: 'ann', ack: [FIRST, SECOND], waitMs: 60_000 })
    await until(async () => (await server.engine.status()).waiting === 1)
    const appended = append(server)
    ann.socket.destroy()
    await appended
    expect((await read(server, 'bob', { count: 10, waitMs: 10_000 })).entries).toMatchObject([
      { fields: { order: 'new' }, deliveries: 1 }
    ])
    expect((await server.send('GET', `${GROUP}/pending/summary`)).body.consumers).toEqual([
      { name: 'ann', count: 1 },
      { name: 'bob', count: 1 }
    ])
    expect(await metric(server, 'weir_entries_acked_total')).toEqual({ '': 2 })
  })

  it('answers a client that half-closes with what it settled', async () => {
    const server = await listening()
    await read(server, 'ann')
    const ann = connectionForTest(server.url)
    ann.request('POST', `${GROUP}/read`, { consumer: 'ann', count: 3, ack: [FIRST], waitMs: 60_000 })
    ann.socket.end()
    expect(await ann.answer()).toEqual({
      status: 200,
      headers: expect.anything(),
      body: expect.objectContaining({ acked: 1, nacked: 0, notPending: [] })
    })
  })

  it('answers with what it settled if the server drains meanwhile', async () => {
    const server = await listening()
    await read(server, 'ann', { count: 3 })
    const ann = connectionForTest(server.url)
    ann.request('POST', `${GROUP}/read`, { consumer: 'ann', ack: [FIRST], waitMs: 60_000 })
    await until(async () => (await server.engine.status()).waiting === 1)
    beginDrain(server.app)
    expect(await ann.answer()).toMatchObject({ status: 200, body: { acked: 1, entries: [] } })
  })
})

interface Listening extends TestServer {
  readonly url: string
}

async function listening(): Promise<Listening> {
  const server = await queueForTest()
  return { ...server, url: await server.app.listen({ host: '127.0.0.1', port: 0 }) }
}

async function append({ engine }: TestServer): Promise<void> {
  const entries = [{ fields: Buffer.from('{"order":"new"}') }]
  await engine.appendEntries({ stream: 'orders', createStream: false, entries })
}
