import { describe, expect, it } from 'vitest'
import { until } from '../support/http.ts'
import {
  FIRST,
  GROUP,
  nack,
  pass,
  queueForTest,
  read,
  SECOND,
  STREAM,
  THIRD
} from '../support/queue-server.ts'

describe('nackEntries', () => {
  it('with retry delivers the entry again after the delay', async () => {
    const server = await queueForTest({ retryDelaysMs: [1000] })
    await read(server, 'ann')
    expect(await nack(server, [FIRST], 'retry', { consumer: 'ann', delayMs: 100 })).toEqual({
      nacked: 1,
      notPending: []
    })
    const { pending } = (await server.send('GET', `${GROUP}/pending`)).body
    expect(pending).toEqual([
      { id: FIRST, consumer: null, idleMs: 0, deliveries: 1, state: 'delayed', dueInMs: expect.any(Number) }
    ])
    expect(pending[0].dueInMs).toBeGreaterThan(0)
    expect(pending[0].dueInMs).toBeLessThanOrEqual(100)
    expect((await server.send('GET', GROUP)).body).toMatchObject({ pending: 1, delayed: 1, dead: 0 })
    expect((await read(server, 'bob', { count: 10 })).entries.map(idOf)).toEqual([SECOND, THIRD])
    await pass(server, 100)
    expect((await read(server, 'bob')).entries).toMatchObject([
      { id: FIRST, fields: { order: FIRST }, deliveries: 2, idleMs: expect.any(Number) }
    ])
  })

  it('with release delivers the entry again at once, and does not count the delivery', async () => {
    const server = await queueForTest({ maxDeliveries: 1 })
    for (let round = 0; round < 3; round++) {
      const { entries } = await read(server, 'ann', { count: 10 })
      expect(entries.map(deliveriesOf)).toEqual([1, 1, 1])
      expect((await nack(server, entries.map(idOf), 'release', { consumer: 'ann' })).nacked).toBe(3)
    }
    const { pending } = (await server.send('GET', `${GROUP}/pending`)).body
    expect(pending).toMatchObject(Array(3).fill({ consumer: null, deliveries: 0, state: 'due' }))
    expect(pending[0]).not.toHaveProperty('dueInMs')
  })

  it('with reject makes the entry dead, with its reason', async () => {
    const server = await queueForTest()
    await read(server, 'ann')
    const reason = 'Größe "XL" fehlt 😀\n'
    await nack(server, [FIRST], 'reject', { consumer: 'ann', reason })
    expect((await server.send('GET', GROUP)).body).toMatchObject({ pending: 0, delayed: 0, dead: 1 })
    expect((await server.send('GET', `${GROUP}/dead`)).body).toEqual({
      dead: [
        {
          id: FIRST,
          fields: { order: FIRST },
          deliveries: 1,
          consumer: 'ann',
          reason,
          deadAt: expect.any(Number)
        }
      ]
    })
    expect((await read(server, 'bob', { count: 10 })).entries.map(idOf)).toEqual([SECOND, THIRD])
  })

  it('with consumer leaves the entries of others alone', async () => {
    const server = await queueForTest()
    await read(server, 'ann')
    await read(server, 'bob')
    expect(await nack(server, [FIRST, SECOND, THIRD], 'reject', { consumer: 'ann' })).toEqual({
      nacked: 1,
      notPending: [SECOND, THIRD]
    })
  })

  it.each(['release', 'reject'])('accepts delayMs only with retry, not with %s', async (outcome) => {
    const server = await queueForTest()
    await read(server, 'ann')
    expect(await nack(server, [FIRST], outcome, { delayMs: 1 })).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/delayMs', detail: `Cannot be combined with the outcome "${outcome}"` }]
    })
    expect((await server.send('GET', GROUP)).body).toMatchObject({ pending: 1, delayed: 0, dead: 0 })
  })

  it('accepts a reason of 1024 bytes of UTF-8, and none that is longer', async () => {
    const server = await queueForTest()
    await read(server, 'ann')
    const longest = 'é'.repeat(512)
    expect(await nack(server, [FIRST], 'reject', { reason: `${longest}.` })).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/reason', detail: 'Must have at most 1024 bytes of UTF-8, got 1025' }]
    })
    expect((await nack(server, [FIRST], 'reject', { reason: longest })).nacked).toBe(1)
    expect((await server.send('GET', `${GROUP}/dead`)).body.dead[0].reason).toBe(longest)
  })

  it('wakes a waiting reader', async () => {
    const server = await queueForTest()
    await read(server, 'ann', { count: 10 })
    const waiting = read(server, 'bob', { waitMs: 60_000 })
    await nack(server, [SECOND], 'release')
    expect((await waiting).entries).toMatchObject([{ id: SECOND, deliveries: 1 }])
  })
})

describe('a lease that ends', () => {
  it('lets a waiting reader have the entries at that moment', async () => {
    const server = await queueForTest({ ackTimeoutMs: 100 })
    await read(server, 'ann', { count: 3 })
    const waiting = read(server, 'bob', { count: 3, waitMs: 60_000 })
    await until(async () => (await server.engine.status()).waiting === 1)
    await pass(server, 100)
    expect((await waiting).entries).toMatchObject([
      { id: FIRST, deliveries: 2, idleMs: expect.any(Number), ackBeforeMs: expect.any(Number) },
      { id: SECOND, deliveries: 2 },
      { id: THIRD, deliveries: 2 }
    ])
  })

  it('keeps no new entry from its turn', async () => {
    const server = await queueForTest({ ackTimeoutMs: 100 })
    await read(server, 'ann', { count: 2 })
    await pass(server, 100)
    const entries = Array.from({ length: 3 }, () => ({ fields: { order: 'new' } }))
    await server.send('POST', `${STREAM}/entries`, { entries })
    const { entries: read4 } = await read(server, 'bob', { count: 4 })
    expect(read4.map(deliveriesOf)).toEqual([2, 2, 1, 1])
  })
})

describe('extendEntries', () => {
  it('keeps the entries of a worker that takes long, and only its own', async () => {
    const server = await queueForTest({ ackTimeoutMs: 300 })
    const [entry] = (await read(server, 'ann')).entries
    expect(entry.ackBeforeMs).toBeLessThanOrEqual(300)
    for (let beat = 0; beat < 4; beat++) {
      await pass(server, 200)
      const { body } = await server.send('POST', `${GROUP}/extend`, { consumer: 'ann' })
      expect(body).toEqual({ extended: 1, notPending: [], ackBeforeMs: 300 })
      const others = { consumer: 'bob', ids: [FIRST] }
      expect((await server.send('POST', `${GROUP}/extend`, others)).body).toMatchObject({
        extended: 0,
        notPending: [FIRST]
      })
    }
    expect((await read(server, 'bob', { count: 10 })).entries.map(idOf)).toEqual([SECOND, THIRD])
    expect((await server.send('GET', `${GROUP}/pending?limit=1`)).body.pending).toMatchObject([
      { id: FIRST, consumer: 'ann', deliveries: 1, state: 'leased' }
    ])
  })

  it('comes too late for an entry that another worker has got, and in time before that', async () => {
    const server = await queueForTest({ ackTimeoutMs: 100 })
    await read(server, 'ann', { count: 3 })
    await pass(server, 100)
    const [taken] = (await read(server, 'bob')).entries
    expect(taken).toMatchObject({ id: FIRST, deliveries: 2 })
    const ids = { consumer: 'ann', ids: [FIRST, SECOND] }
    expect((await server.send('POST', `${GROUP}/extend`, ids)).body).toEqual({
      extended: 1,
      notPending: [FIRST],
      ackBeforeMs: 100
    })
    const ack = { consumer: 'ann', ids: [FIRST, THIRD] }
    expect((await server.send('POST', `${GROUP}/ack`, ack)).body).toEqual({ acked: 1, notPending: [FIRST] })
  })

  it('extends a thousand entries at a time, and shows whether there are more', async () => {
    const server = await queueForTest({ ackTimeoutMs: 60_000 })
    const entries = Array.from({ length: 998 }, () => ({ fields: { order: 'x' } }))
    await server.send('POST', `${STREAM}/entries`, { entries })
    expect((await read(server, 'ann', { count: 1000 })).entries).toHaveLength(1000)
    expect((await read(server, 'ann', { count: 1000 })).entries).toHaveLength(1)
    await pass(server, 2000)
    const extend = async () => (await server.send('POST', `${GROUP}/extend`, { consumer: 'ann' })).body
    expect(await extend()).toEqual({ extended: 1000, notPending: [], ackBeforeMs: 60_000, more: true })
    expect(await extend()).not.toHaveProperty('more')
  })

  it('starts the idle time again in a group without a policy', async () => {
    const server = await queueForTest()
    await read(server, 'ann')
    await pass(server, 500)
    const extended = await server.send('POST', `${GROUP}/extend`, { consumer: 'ann', ids: [FIRST] })
    expect(extended.body).toEqual({ extended: 1, notPending: [], ackBeforeMs: null })
    const { pending } = (await server.send('GET', `${GROUP}/pending`)).body
    expect(pending).toMatchObject([{ consumer: 'ann', deliveries: 1 }])
    expect(pending[0].idleMs).toBeLessThan(500)
  })

  it('does not create a consumer', async () => {
    const { send } = await queueForTest()
    const { body } = await send('POST', `${GROUP}/extend`, { consumer: 'ann', ids: [FIRST] })
    expect(body).toEqual({ extended: 0, notPending: [FIRST], ackBeforeMs: null })
    expect((await send('GET', `${GROUP}/consumers`)).body.consumers).toEqual([])
  })
})

describe('claims in a group with a delivery policy', () => {
  it('take only from one consumer with onlyFrom', async () => {
    const { send, ...server } = await queueForTest()
    await read({ send, ...server }, 'ann')
    await read({ send, ...server }, 'bob')
    const claim = { consumer: 'cid', ids: [FIRST, SECOND], onlyFrom: 'ann' }
    expect((await send('POST', `${GROUP}/claim`, claim)).body.entries.map(idOf)).toEqual([FIRST])
  })

  it('pass over entries that were delivered maxDeliveries times', async () => {
    const server = await queueForTest()
    await read(server, 'ann', { count: 2 })
    await server.send('POST', `${GROUP}/claim`, { consumer: 'ann', ids: [FIRST] })
    const autoClaim = { consumer: 'bob', minIdleMs: 0, maxDeliveries: 2 }
    const { body } = await server.send('POST', `${GROUP}/autoclaim`, autoClaim)
    expect(body).toMatchObject({ entries: [{ id: SECOND, deliveries: 2 }], next: '0-0' })
    const claiming = { claimIdleMs: 0, maxDeliveries: 2, count: 10 }
    expect((await read(server, 'cid', claiming)).entries.map(idOf)).toEqual([THIRD])
  })

  it('are refused in a read if entries come back by themselves, or if maxDeliveries comes alone', async () => {
    const { send } = await queueForTest({ ackTimeoutMs: 1000 })
    for (const [path, body] of [
      [`${GROUP}/read`, { consumer: 'ann' }],
      ['/v1/groups/billing/read', { consumer: 'ann', streams: [{ stream: 'orders' }] }]
    ] as const) {
      for (const [how, pointer] of [
        [{ claimIdleMs: 0 }, '/claimIdleMs'],
        [{ maxDeliveries: 2 }, '/maxDeliveries']
      ] as const) {
        expect(await send('POST', path, { ...body, ...how })).toMatchObject({
          status: 400,
          body: { code: 'invalid-request', errors: [{ pointer }] }
        })
      }
    }
  })
})

describe('a consumer that leaves', () => {
  it('hands over its entries with pending=release', async () => {
    const server = await queueForTest({ maxDeliveries: 1 })
    await read(server, 'ann', { count: 2 })
    const path = `${GROUP}/consumers/ann`
    expect((await server.send('DELETE', path)).body.code).toBe('consumer-has-pending')
    expect((await server.send('DELETE', `${path}?pending=release`)).body).toEqual({ pending: 2 })
    expect((await read(server, 'bob', { count: 10 })).entries).toMatchObject([
      { id: FIRST, deliveries: 1 },
      { id: SECOND, deliveries: 1 },
      { id: THIRD, deliveries: 1 }
    ])
    expect((await server.send('DELETE', `${path}?pending=release`)).body.code).toBe('consumer-not-found')
  })
})

function idOf({ id }: { id: string }): string {
  return id
}

function deliveriesOf({ deliveries }: { deliveries: number }): number {
  return deliveries
}
