import { expect } from 'vitest'
import { delivered, id, idsFrom, idsOf, refusal } from '../fixtures.ts'
import { append, claim, consumersOf, makeGroup, moments, pending, read } from '../requests.ts'
import { deliveries, IDLE_MS, threeDelivered } from '../situations.ts'
import type { It } from '../test-context.ts'

/** `claim` of pending entries. */
export function claims(it: It): void {
  it('makes the consumer the owner of pending entries', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeDelivered(context)
    expect(await claim(engine, { ...bob, ids: ['1-0', '3-0'] })).toEqual({
      entries: [delivered('1-0', 2), delivered('3-0', 2)],
      deletedIds: []
    })
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: bob.consumer, deliveries: 2 },
      { id: '2-0', consumer: ann.consumer, deliveries: 1 },
      { id: '3-0', consumer: bob.consumer, deliveries: 2 }
    ])
    expect(await consumersOf(engine, billing)).toMatchObject([
      { name: ann.consumer, pending: 1 },
      { name: bob.consumer, pending: 2 }
    ])
  })

  it('answers in the order of the request, and claims a repeated id twice', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    const { entries } = await claim(engine, { ...bob, ids: ['3-0', '1-0', '3-0'] })
    expect(entries).toEqual([delivered('3-0', 2), delivered('1-0', 2), delivered('3-0', 3)])
    expect(await pending(engine, bob)).toContainEqual({ id: '3-0', consumer: bob.consumer, deliveries: 3 })
  })

  it('claims a repeated id once if it is no longer idle the second time', async (context) => {
    const { engine, ann, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...ann, ids: ['1-0'], idleMs: IDLE_MS, justIds: true })
    const { entries } = await claim(engine, { ...bob, ids: ['1-0', '1-0'], minIdleMs: IDLE_MS })
    expect(entries).toEqual([delivered('1-0', 2)])
  })

  it('claims entries of its own consumer, too', async (context) => {
    const { engine, ann, elapse } = context
    await threeDelivered(context)
    const before = await deliveries(context)
    await elapse(20)
    expect((await claim(engine, { ...ann, ids: ['1-0'] })).entries).toEqual([delivered('1-0', 2)])
    const after = await deliveries(context)
    expect(after[0]?.deliveredAt).toBeGreaterThanOrEqual((before[0]?.deliveredAt ?? Number.NaN) + 20)
    expect(after[1]).toEqual(before[1])
  })

  it('claims only entries that have been idle for minIdleMs', async (context) => {
    const { engine, ann, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...ann, ids: ['2-0'], idleMs: IDLE_MS, justIds: true })
    const ids = ['1-0', '2-0', '3-0']
    expect(await claim(engine, { ...bob, ids, minIdleMs: IDLE_MS })).toEqual({
      entries: [delivered('2-0', 2)],
      deletedIds: []
    })
    expect(await claim(engine, { ...bob, ids, minIdleMs: IDLE_MS })).toEqual({ entries: [], deletedIds: [] })
  })

  it('skips ids that are not pending', async (context) => {
    const { engine, orders, bob } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    await engine.ackEntries({ ...bob, consumer: 'ann', ids: [id('1-0')] })
    const answer = await claim(engine, { ...bob, ids: ['1-0', '4-0', '9-0', '0-0'] })
    expect(answer).toEqual({ entries: [], deletedIds: [] })
    expect(await read(engine, bob)).toEqual([delivered('4-0')])
  })

  it('drops deleted entries and lists their ids, whatever their idle time', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeDelivered(context)
    await engine.deleteEntries({ ...orders, ids: [id('3-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    const ids = ['3-0', '2-0', '1-0', '3-0', '9-0']
    expect(await claim(engine, { ...bob, ids, minIdleMs: IDLE_MS })).toEqual({
      entries: [],
      deletedIds: ['3-0', '1-0']
    })
    expect(await pending(engine, billing)).toEqual([{ id: '2-0', consumer: ann.consumer, deliveries: 1 }])
  })

  it('creates its consumer even if it claims nothing, as seen but not active', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...bob, ids: ['9-0'] })
    expect(await moments(engine, bob)).toEqual({ seenAt: expect.any(Number), activeAt: null })
    await claim(engine, { ...bob, ids: ['1-0'], justIds: true })
    const { seenAt, activeAt } = await moments(engine, bob)
    expect(activeAt).toBe(seenAt)
  })

  it('claims a thousand entries in any order', async ({ engine, orders, billing, ann, bob }) => {
    await append(engine, orders, ...idsFrom(1, 1001))
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1001 })
    const ids = idsFrom(1, 1000).reverse()
    expect(idsOf((await claim(engine, { ...bob, ids })).entries)).toEqual(ids)
    expect(idsOf(await read(engine, { ...bob, after: '0-0', count: 1000 }))).toEqual(idsFrom(1, 1000))
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['1001-0'])
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, ann }) => {
    const request = () => claim(engine, { ...ann, ids: ['1-0'], lastId: '9-0' })
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}
