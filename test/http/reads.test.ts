import { describe, expect, it } from 'vitest'
import { makeExampleData } from '../support/example-data.ts'
import { until } from '../support/http.ts'
import { timeless } from '../support/on-redis.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`
const FIRST = '1767225600000-0'
const SECOND = '1767225600000-1'

describe('readGroup', () => {
  it('gives each entry to one consumer and counts its delivery', async () => {
    const server = await world('group')
    const { send } = server
    const read = (consumer: string) => send('POST', `${GROUP}/read`, { consumer, count: 1 })
    expect((await read('ann')).body.entries).toMatchObject([{ id: FIRST, deliveries: 1 }])
    expect((await read('bob')).body.entries).toMatchObject([{ id: SECOND, deliveries: 1 }])
    expect((await read('ann')).body).toEqual({ entries: [] })
  })

  it('gives ten entries when nothing is said of how many', async () => {
    const { send } = await world('group')
    const entries = Array.from({ length: 20 }, () => ({ fields: { order: '1003' } }))
    await send('POST', `${STREAM}/entries`, { entries })
    expect((await send('POST', `${GROUP}/read`, { consumer: 'ann' })).body.entries).toHaveLength(10)
  })

  it('makes nothing pending with noAck', async () => {
    const { send } = await world('group')
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    expect(body.entries).toHaveLength(2)
    expect((await send('GET', `${GROUP}/pending/summary`)).body.count).toBe(0)
  })

  it('gives with after what the consumer has pending, deleted entries as null', async () => {
    const { send } = await world('pending')
    await send('POST', `${STREAM}/entries/delete`, { ids: [FIRST] })
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'ann', after: '0' })
    expect(body.entries).toEqual([{ id: FIRST, fields: null, deliveries: 1 }])
    const behind = await send('POST', `${GROUP}/read`, { consumer: 'ann', after: FIRST, waitMs: 60_000 })
    expect(behind.body.entries).toEqual([])
  })

  it('gives with claimIdleMs what was idle for so long before what is new', async () => {
    const { send } = await world('pending')
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'bob', claimIdleMs: 4200 })
    expect(body.entries[0].idleMs).toBeGreaterThanOrEqual(4200)
    expect(timeless(body.entries)).toMatchObject([
      timeless({ id: FIRST, deliveries: 2, idleMs: 4200 }),
      { id: SECOND, deliveries: 1 }
    ] as object[])
  })

  it('waits until there is an entry', async () => {
    const server = await world('group')
    const { send } = server
    await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    const reading = send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 })
    await readersWaiting(server, 1)
    const { ids } = (await send('POST', `${STREAM}/entries`, { entries: [{ fields: { order: '1003' } }] }))
      .body
    expect((await reading).body.entries).toEqual([{ id: ids[0], fields: { order: '1003' }, deliveries: 1 }])
  })

  it('gives an empty list when the wait is over', async () => {
    const { send } = await world('group')
    await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    const answer = await send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 1 })
    expect(answer).toMatchObject({ status: 200, body: { entries: [] } })
  })

  it.each([
    ['group', GROUP, 'group-not-found'],
    ['stream', STREAM, 'stream-not-found']
  ])('is refused when the %s goes while it waits', async (_, path, code) => {
    const server = await world('group')
    const { send } = server
    await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    const reading = send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 })
    await readersWaiting(server, 1)
    await send('DELETE', path)
    expect(await reading).toMatchObject({ status: 404, body: { code } })
  })

  it('is refused when too many wait already', async () => {
    const server = await serverForTest({ maxWaiting: 1 })
    const { send } = server
    await send('PUT', GROUP, { createStream: true })
    const reading = send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 })
    await readersWaiting(server, 1)
    const { status, headers, body } = await send('POST', `${GROUP}/read`, { consumer: 'bob', waitMs: 60_000 })
    expect({ status, code: body.code, retryable: body.retryable }).toEqual({
      status: 429,
      code: 'too-many-waiting',
      retryable: true
    })
    expect(headers['retry-after']).toBe('1')
    server.engine.drain()
    expect((await reading).body).toEqual({ entries: [] })
  })

  it('refuses to wait longer than the server is configured for', async () => {
    const { send } = await serverForTest({ maxWaitMs: 1000 })
    await send('PUT', GROUP, { createStream: true })
    const { status, body } = await send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 1001 })
    expect(status).toBe(400)
    expect(body.errors).toEqual([{ pointer: '/waitMs', detail: 'Must be at most 1000, got 1001' }])
  })
})

describe('readGroups', () => {
  it('gives what there is of several streams and leaves out those without entries', async () => {
    const { send } = await world('group')
    for (const stream of ['bills', 'eu/orders 🧾']) {
      await send('PUT', `/v1/streams/${encodeURIComponent(stream)}/groups/billing`, { createStream: true })
    }
    await send('POST', `/v1/streams/${encodeURIComponent('eu/orders 🧾')}/entries`, {
      entries: [{ fields: { order: '7' } }]
    })
    const streams = [{ stream: 'bills' }, { stream: 'orders' }, { stream: 'eu/orders 🧾' }]
    const { body } = await send('POST', '/v1/groups/billing/read', { streams, consumer: 'ann', count: 1 })
    expect(body.streams).toMatchObject([
      { stream: 'orders', entries: [{ id: FIRST, deliveries: 1 }] },
      { stream: 'eu/orders 🧾', entries: [{ fields: { order: '7' } }] }
    ])
  })

  it('refuses a stream that is named twice, and says which', async () => {
    const { send } = await world('group')
    const streams = [{ stream: 'orders' }, { stream: 'orders' }]
    const { status, body } = await send('POST', '/v1/groups/billing/read', { streams, consumer: 'ann' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/streams/1/stream' }] })
  })

  it('is refused as a whole when one of the groups does not exist', async () => {
    const { send } = await world('group')
    await send('PUT', '/v1/streams/bills')
    const streams = [{ stream: 'orders' }, { stream: 'bills' }]
    const answer = await send('POST', '/v1/groups/billing/read', { streams, consumer: 'ann', waitMs: 60_000 })
    expect(answer).toMatchObject({ status: 404, body: { code: 'group-not-found' } })
    expect((await send('GET', GROUP)).body).toMatchObject({ pending: 0, consumers: 0 })
  })
})

describe('readStreams', () => {
  it('gives what comes behind a place of each stream', async () => {
    const { send } = await world('stream')
    await send('PUT', '/v1/streams/bills')
    const streams = [
      { stream: 'bills', after: '0' },
      { stream: 'orders', after: FIRST }
    ]
    const { body } = await send('POST', '/v1/read', { streams })
    expect(body.streams).toMatchObject([
      { stream: 'bills', entries: [], next: '0-0' },
      { stream: 'orders', entries: [{ id: SECOND }], next: SECOND }
    ])
  })

  it('waits for what comes behind the last entry', async () => {
    const server = await world('stream')
    const { send } = server
    const reading = send('POST', '/v1/read', {
      streams: [{ stream: 'orders', after: 'last' }],
      waitMs: 60_000
    })
    await readersWaiting(server, 1)
    await send('POST', `${STREAM}/entries`, { entries: [{ fields: { order: '1003' } }] })
    expect((await reading).body.streams).toMatchObject([
      { stream: 'orders', entries: [{ fields: { order: '1003' } }] }
    ])
  })

  it('says where to continue after "last", so that nothing is missed in between', async () => {
    const server = await world('stream')
    const { send } = server
    await send('PUT', '/v1/streams/bills')
    const ask = async (places: object[]) =>
      (await send('POST', '/v1/read', { streams: places, waitMs: 1 })).body.streams
    const silent = await ask(['orders', 'bills'].map((stream) => ({ stream, after: 'last' })))
    expect(silent).toEqual([
      { stream: 'orders', entries: [], next: SECOND },
      { stream: 'bills', entries: [], next: '0-0' }
    ])
    await send('POST', '/v1/streams/bills/entries', { entries: [{ id: '7-0', fields: { order: '1003' } }] })
    const places = silent.map(({ stream, next }: { stream: string; next: string }) => ({
      stream,
      after: next
    }))
    expect(await ask(places)).toMatchObject([{ entries: [] }, { entries: [{ id: '7-0' }], next: '7-0' }])
  })

  it('is refused at once when one of the streams does not exist', async () => {
    const { send } = await world('stream')
    const streams = [
      { stream: 'orders', after: '0' },
      { stream: 'bills', after: '0' }
    ]
    const answer = await send('POST', '/v1/read', { streams, waitMs: 60_000 })
    expect(answer).toMatchObject({ status: 404, body: { code: 'stream-not-found' } })
  })
})

describe('ack', () => {
  it('names what was not pending, in the form of whole ids', async () => {
    const { send } = await world('pending')
    const { body } = await send('POST', `${GROUP}/ack`, { ids: [FIRST, SECOND, '5', FIRST] })
    expect(body).toEqual({ acked: 1, notPending: [SECOND, '5-0'] })
  })

  it('leaves alone what another consumer has', async () => {
    const { send } = await world('pending')
    const { body } = await send('POST', `${GROUP}/ack`, { ids: [FIRST], consumer: 'bob' })
    expect(body).toEqual({ acked: 0, notPending: [FIRST] })
  })
})

async function world(state: 'stream' | 'group' | 'pending'): Promise<TestServer> {
  const server = await serverForTest()
  await makeExampleData(server, state)
  return server
}

async function readersWaiting({ engine }: TestServer, count: number): Promise<void> {
  await until(async () => (await engine.status()).waiting === count)
}
