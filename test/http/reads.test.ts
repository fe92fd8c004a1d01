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
  it('delivers each entry to one consumer and counts the delivery', async () => {
    const server = await exampleData('group')
    const { send } = server
    const read = (consumer: string) => send('POST', `${GROUP}/read`, { consumer, count: 1 })
    expect((await read('ann')).body.entries).toMatchObject([{ id: FIRST, deliveries: 1 }])
    expect((await read('bob')).body.entries).toMatchObject([{ id: SECOND, deliveries: 1 }])
    expect((await read('ann')).body).toEqual({ entries: [] })
  })

  it('delivers ten entries without count', async () => {
    const { send } = await exampleData('group')
    const entries = Array.from({ length: 20 }, () => ({ fields: { order: '1003' } }))
    await send('POST', `${STREAM}/entries`, { entries })
    expect((await send('POST', `${GROUP}/read`, { consumer: 'ann' })).body.entries).toHaveLength(10)
  })

  it('makes no entries pending with noAck', async () => {
    const { send } = await exampleData('group')
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    expect(body.entries).toHaveLength(2)
    expect((await send('GET', `${GROUP}/pending/summary`)).body.count).toBe(0)
  })

  it('returns the pending entries of the consumer with after, deleted ones with null as fields', async () => {
    const { send } = await exampleData('pending')
    await send('POST', `${STREAM}/entries/delete`, { ids: [FIRST] })
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'ann', after: '0' })
    expect(body.entries).toEqual([{ id: FIRST, fields: null, deliveries: 1 }])
    const rest = await send('POST', `${GROUP}/read`, { consumer: 'ann', after: FIRST, waitMs: 60_000 })
    expect(rest.body.entries).toEqual([])
  })

  it('delivers idle entries before new ones with claimIdleMs', async () => {
    const { send } = await exampleData('pending')
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'bob', claimIdleMs: 4200 })
    expect(body.entries[0].idleMs).toBeGreaterThanOrEqual(4200)
    expect(timeless(body.entries)).toMatchObject([
      timeless({ id: FIRST, deliveries: 2, idleMs: 4200 }),
      { id: SECOND, deliveries: 1 }
    ] as object[])
  })

  it('waits for an entry', async () => {
    const server = await exampleData('group')
    const { send } = server
    await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    const reading = send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 })
    await readersWaiting(server, 1)
    const { ids } = (await send('POST', `${STREAM}/entries`, { entries: [{ fields: { order: '1003' } }] }))
      .body
    expect((await reading).body.entries).toEqual([{ id: ids[0], fields: { order: '1003' }, deliveries: 1 }])
  })

  it('returns an empty list when the wait is over', async () => {
    const { send } = await exampleData('group')
    await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    const answer = await send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 1 })
    expect(answer).toMatchObject({ status: 200, body: { entries: [] } })
  })

  it.each([
    ['group', GROUP, 'group-not-found'],
    ['stream', STREAM, 'stream-not-found']
  ])('is refused when the %s is deleted while it waits', async (_, path, code) => {
    const server = await exampleData('group')
    const { send } = server
    await send('POST', `${GROUP}/read`, { consumer: 'ann', noAck: true })
    const reading = send('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 })
    await readersWaiting(server, 1)
    await send('DELETE', path)
    expect(await reading).toMatchObject({ status: 404, body: { code } })
  })

  it('is refused when too many readers already wait', async () => {
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
  it('delivers entries of several streams and omits streams without entries', async () => {
    const { send } = await exampleData('group')
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

  it('refuses a repeated stream and points to it', async () => {
    const { send } = await exampleData('group')
    const streams = [{ stream: 'orders' }, { stream: 'orders' }]
    const { status, body } = await send('POST', '/v1/groups/billing/read', { streams, consumer: 'ann' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/streams/1/stream' }] })
  })

  it('is refused as a whole if one of the groups does not exist', async () => {
    const { send } = await exampleData('group')
    await send('PUT', '/v1/streams/bills')
    const streams = [{ stream: 'orders' }, { stream: 'bills' }]
    const answer = await send('POST', '/v1/groups/billing/read', { streams, consumer: 'ann', waitMs: 60_000 })
    expect(answer).toMatchObject({ status: 404, body: { code: 'group-not-found' } })
    expect((await send('GET', GROUP)).body).toMatchObject({ pending: 0, consumers: 0 })
  })
})

describe('readStreams', () => {
  it('returns the entries after an id of each stream', async () => {
    const { send } = await exampleData('stream')
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

  it('waits for entries after the last one', async () => {
    const server = await exampleData('stream')
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

  it('returns where to continue after "last", so that no entry in between is missed', async () => {
    const server = await exampleData('stream')
    const { send } = server
    await send('PUT', '/v1/streams/bills')
    const read = async (streams: object[]) =>
      (await send('POST', '/v1/read', { streams, waitMs: 1 })).body.streams
    const empty = await read(['orders', 'bills'].map((stream) => ({ stream, after: 'last' })))
    expect(empty).toEqual([
      { stream: 'orders', entries: [], next: SECOND },
      { stream: 'bills', entries: [], next: '0-0' }
    ])
    await send('POST', '/v1/streams/bills/entries', { entries: [{ id: '7-0', fields: { order: '1003' } }] })
    const streams = empty.map(({ stream, next }: { stream: string; next: string }) => ({
      stream,
      after: next
    }))
    expect(await read(streams)).toMatchObject([{ entries: [] }, { entries: [{ id: '7-0' }], next: '7-0' }])
  })

  it('is refused at once if one of the streams does not exist', async () => {
    const { send } = await exampleData('stream')
    const streams = [
      { stream: 'orders', after: '0' },
      { stream: 'bills', after: '0' }
    ]
    const answer = await send('POST', '/v1/read', { streams, waitMs: 60_000 })
    expect(answer).toMatchObject({ status: 404, body: { code: 'stream-not-found' } })
  })
})

describe('ackEntries', () => {
  it('lists the ids that were not pending, in full', async () => {
    const { send } = await exampleData('pending')
    const { body } = await send('POST', `${GROUP}/ack`, { ids: [FIRST, SECOND, '5', FIRST] })
    expect(body).toEqual({ acked: 1, notPending: [SECOND, '5-0'] })
  })

  it('does not ack entries of another consumer', async () => {
    const { send } = await exampleData('pending')
    const { body } = await send('POST', `${GROUP}/ack`, { ids: [FIRST], consumer: 'bob' })
    expect(body).toEqual({ acked: 0, notPending: [FIRST] })
  })
})

async function exampleData(state: 'stream' | 'group' | 'pending'): Promise<TestServer> {
  const server = await serverForTest()
  await makeExampleData(server, state)
  return server
}

async function readersWaiting({ engine }: TestServer, count: number): Promise<void> {
  await until(async () => (await engine.status()).waiting === count)
}
