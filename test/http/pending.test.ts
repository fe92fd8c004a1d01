import { describe, expect, it } from 'vitest'
import { entryId } from '../../src/contract/entry-id.ts'
import { age } from '../support/example-data.ts'
import { IS_ON_REDIS, timeless } from '../support/on-redis.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`

describe('listPending', () => {
  it.each([
    ['', ['1-0', '1-1', '2-0', '3-0']],
    ['from=1-1&to=2', ['1-1', '2-0']],
    ['after=1', ['1-1', '2-0', '3-0']],
    ['after=1-0&before=3-0', ['1-1', '2-0']],
    ['limit=2', ['1-0', '1-1']],
    ['consumer=bob', ['2-0', '3-0']],
    ['consumer=nobody', []],
    ['minIdleMs=500', ['1-0', '1-1']],
    ['minIdleMs=500&consumer=bob', []]
  ])('lists the entries of ?%s', async (query, ids) => {
    const { send } = await fourPending()
    const { body } = await send('GET', `${GROUP}/pending?${query}`)
    expect(body.pending.map(({ id }: { id: string }) => id)).toEqual(ids)
  })

  it('shows the owner, idle time and deliveries of an entry', async () => {
    const { send } = await fourPending()
    const { body } = await send('GET', `${GROUP}/pending?limit=1`)
    expect(body.pending[0].idleMs).toBeGreaterThanOrEqual(1000)
    expect(timeless(body.pending)).toEqual(
      timeless([{ id: '1-0', consumer: 'ann', idleMs: 1000, deliveries: 1, state: 'leased' }])
    )
  })

  it('refuses both from and after', async () => {
    const { send } = await fourPending()
    const { status, body } = await send('GET', `${GROUP}/pending?from=1&after=1`)
    expect(status).toBe(400)
    expect(body.errors).toMatchObject([{ pointer: '/query/from' }, { pointer: '/query/after' }])
  })
})

describe('getPendingSummary', () => {
  it('counts the pending entries of each consumer', async () => {
    const { send } = await fourPending()
    expect((await send('GET', `${GROUP}/pending/summary`)).body).toEqual({
      count: 4,
      firstId: '1-0',
      lastId: '3-0',
      consumers: [
        { name: 'ann', count: 2 },
        { name: 'bob', count: 2 }
      ]
    })
  })

  it('has no ids if nothing is pending', async () => {
    const { send } = await serverForTest()
    await send('PUT', GROUP, { createStream: true })
    const { body } = await send('GET', `${GROUP}/pending/summary`)
    expect(body).toEqual({ count: 0, firstId: null, lastId: null, consumers: [] })
  })
})

describe('claimEntries', () => {
  it('lists pending ids whose entry was deleted', async () => {
    const { send } = await fourPending()
    await send('POST', `${STREAM}/entries/delete`, { ids: ['1-0'] })
    const { body } = await send('POST', `${GROUP}/claim`, { consumer: 'bob', ids: ['1-0', '1-1'] })
    expect(body).toEqual({
      entries: [{ id: '1-1', fields: { order: '1-1' }, deliveries: 2 }],
      deletedIds: ['1-0']
    })
  })

  it('returns only ids with justIds', async () => {
    const { send } = await fourPending()
    const { body } = await send('POST', `${GROUP}/claim`, { consumer: 'bob', ids: ['1-0'], justIds: true })
    expect(body).toEqual({ entries: [{ id: '1-0', deliveries: 1 }], deletedIds: [] })
  })

  it('passes all options to the engine', async () => {
    const { send, clock } = await fourPending()
    if (IS_ON_REDIS) clock.now = Date.now()
    await send('POST', `${STREAM}/entries`, { entries: [{ fields: { order: 'new' }, id: '9-0' }] })
    const options = { ids: ['9-0'], force: true, deliveries: 7, lastId: '9', minIdleMs: 0 }
    await send('POST', `${GROUP}/claim`, { consumer: 'bob', ...options, deliveredAt: clock.now - 300 })
    const { pending } = (await send('GET', `${GROUP}/pending?from=9`)).body
    expect(pending[0].idleMs).toBeGreaterThanOrEqual(300)
    expect(timeless(pending)).toEqual(
      timeless([{ id: '9-0', consumer: 'bob', idleMs: 300, deliveries: 7, state: 'leased' }])
    )
    expect((await send('GET', GROUP)).body.lastDeliveredId).toBe('9-0')
  })

  it('refuses idleMs together with deliveredAt', async () => {
    const { send } = await fourPending()
    const { status, body } = await send('POST', `${GROUP}/claim`, {
      consumer: 'bob',
      ids: ['1-0'],
      idleMs: 1,
      deliveredAt: 1
    })
    expect(status).toBe(400)
    expect(body.errors).toMatchObject([{ pointer: '/idleMs' }, { pointer: '/deliveredAt' }])
  })
})

describe('autoClaimEntries', () => {
  it('pages through pending entries', async () => {
    const { send } = await fourPending()
    const page = async (from: string) => {
      const request = { consumer: 'bob', minIdleMs: 0, count: 3, from, justIds: true }
      return (await send('POST', `${GROUP}/autoclaim`, request)).body
    }
    const first = await page('0')
    expect(first).toMatchObject({ next: '3-0', entries: [{ id: '1-0' }, { id: '1-1' }, { id: '2-0' }] })
    expect(await page(first.next)).toMatchObject({ next: '0-0', entries: [{ id: '3-0' }] })
  })
})

/** Two entries have been pending with ann for a second, and two were just delivered to bob. */
async function fourPending(): Promise<TestServer> {
  const server = await serverForTest()
  const { send, clock, engine } = server
  const entries = ['1-0', '1-1', '2-0', '3-0'].map((id) => ({ id, fields: { order: id } }))
  await send('POST', `${STREAM}/entries`, { entries })
  await send('PUT', GROUP)
  await send('POST', `${GROUP}/read`, { consumer: 'ann', count: 2 })
  clock.now += 1000
  if (IS_ON_REDIS) await age(engine, 'ann', [entryId(1, 0), entryId(1, 1)], 1000)
  await send('POST', `${GROUP}/read`, { consumer: 'bob', count: 2 })
  return server
}
