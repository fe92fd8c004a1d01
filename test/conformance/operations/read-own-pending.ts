import { expect } from 'vitest'
import { delivered, id, idsFrom, idsOf, LONG_MS, shown } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, claim, deliver, makeGroup, moments, pending, read } from '../requests.ts'
import { deliveries } from '../situations.ts'

/** `readGroups` with `after`: what the consumer was given before and has not acked. */
export function readOwnPending(it: It): void {
  it('can read the history of the entries a consumer owns', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    await read(engine, { ...bob, count: 1 })
    await read(engine, { ...ann, count: 1 })
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([delivered('1-0', 2), delivered('3-0', 2)])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([delivered('2-0', 2)])
  })

  it('begins after the id, which need not be one of an entry', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '3-0', '5-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    expect(idsOf(await read(engine, { ...ann, after: '1-0' }))).toEqual(['3-0', '5-0'])
    expect(idsOf(await read(engine, { ...ann, after: '2-9' }))).toEqual(['3-0', '5-0'])
    expect(idsOf(await read(engine, { ...ann, after: '5-0' }))).toEqual([])
  })

  it('pages through a long history', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1000 })
    const pages: string[] = []
    for (let after = '0-0'; ; ) {
      const page = idsOf(await read(engine, { ...ann, after, count: 300 }))
      pages.push(...page)
      if (page.length < 300) break
      after = page.at(-1) ?? ''
    }
    expect(pages).toEqual(idsFrom(1, 1000))
  })

  it('orders it by id, however the entries came to the consumer', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, bob)
    for (const one of ['3-0', '1-0', '2-0']) await claim(engine, { ...ann, ids: [one] })
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['1-0', '2-0', '3-0'])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([])
  })

  it('leaves out what was acked', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.ack({ ...billing, ids: [id('1-0')] })
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['2-0'])
  })

  it('counts as a delivery of every entry, at this moment', async (given) => {
    const { engine, orders, billing, ann, elapse } = given
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    const before = await deliveries(given)
    await elapse(20)
    await read(engine, { ...ann, after: '0-0', count: 1 })
    const after = await deliveries(given)
    expect(after[0]?.deliveries).toBe(2)
    expect(after[0]?.deliveredAt).toBeGreaterThanOrEqual((before[0]?.deliveredAt ?? Number.NaN) + 20)
    expect(after[1]).toEqual(before[1])
  })

  it('gives entries that were deleted without fields, and leaves them as they are', async (given) => {
    const { engine, orders, billing, ann, elapse } = given
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    const before = await deliveries(given)
    await elapse(20)
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([
      { id: '1-0', fields: null, deliveries: 1 },
      { id: '2-0', fields: null, deliveries: 1 },
      delivered('3-0', 2)
    ])
    expect((await deliveries(given)).slice(0, 2)).toEqual(before.slice(0, 2))
  })

  it('answers at once with nothing, however long it may wait', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    const { streams } = await deliver(engine, { ...ann, after: '0-0', waitMs: LONG_MS })
    expect(streams).toEqual([])
  })

  it('knows no noAck and no claimIdleMs', async ({ engine, orders, billing, ann, bob }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, { ...bob, count: 1 })
    await read(engine, { ...ann, count: 1 })
    const reading = { ...ann, after: '0-0', noAck: true, claimIdleMs: 0 }
    expect(await read(engine, reading)).toEqual([delivered('2-0', 2)])
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: bob.consumer, deliveries: 1 },
      { id: '2-0', consumer: ann.consumer, deliveries: 2 }
    ])
  })

  it('moves neither the group nor the moment of activity', async (given) => {
    const { engine, orders, billing, ann, elapse } = given
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    const before = await moments(engine, ann)
    await elapse(20)
    await read(engine, { ...ann, after: '0-0' })
    const after = await moments(engine, ann)
    expect(after.activeAt).toBe(before.activeAt)
    expect(after.seenAt).toBeGreaterThanOrEqual(before.seenAt + 20)
    const group = shown(await engine.getGroup(billing))
    expect(group).toMatchObject({ lastDeliveredId: '1-0', entriesRead: 1, lag: 1 })
  })

  it('makes a consumer that is not known yet', async ({ engine, billing, ann }) => {
    await makeGroup(engine, billing)
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([])
    expect(await moments(engine, ann)).toEqual({ seenAt: expect.any(Number), activeAt: null })
  })
}
