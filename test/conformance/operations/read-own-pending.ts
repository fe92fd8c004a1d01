import { expect } from 'vitest'
import { delivered, id, idsFrom, idsOf, LONG_MS, shown } from '../fixtures.ts'
import { append, claim, deliver, makeGroup, moments, pending, read } from '../requests.ts'
import { deliveries } from '../situations.ts'
import type { It } from '../test-context.ts'

/** `readGroups` with `after`: entries that were delivered to the consumer and that it has not acked. */
export function readOwnPending(it: It): void {
  it('reads the pending entries of the consumer', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    await read(engine, { ...bob, count: 1 })
    await read(engine, { ...ann, count: 1 })
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([delivered('1-0', 2), delivered('3-0', 2)])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([delivered('2-0', 2)])
  })

  it('begins after the id, with or without an entry of that id', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '3-0', '5-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    expect(idsOf(await read(engine, { ...ann, after: '1-0' }))).toEqual(['3-0', '5-0'])
    expect(idsOf(await read(engine, { ...ann, after: '2-9' }))).toEqual(['3-0', '5-0'])
    expect(idsOf(await read(engine, { ...ann, after: '5-0' }))).toEqual([])
  })

  it('pages through many pending entries', async ({ engine, orders, billing, ann }) => {
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

  it('orders entries by id, whatever the order in which the consumer claimed them', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, bob)
    for (const one of ['3-0', '1-0', '2-0']) await claim(engine, { ...ann, ids: [one] })
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['1-0', '2-0', '3-0'])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([])
  })

  it('omits acked entries', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['2-0'])
  })

  it('counts as a new delivery of every returned entry', async (context) => {
    const { engine, orders, billing, ann, elapse } = context
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    const before = await deliveries(context)
    await elapse(20)
    await read(engine, { ...ann, after: '0-0', count: 1 })
    const after = await deliveries(context)
    expect(after[0]?.deliveries).toBe(2)
    expect(after[0]?.deliveredAt).toBeGreaterThanOrEqual((before[0]?.deliveredAt ?? Number.NaN) + 20)
    expect(after[1]).toEqual(before[1])
  })

  it('returns deleted entries without fields and counts no delivery of them', async (context) => {
    const { engine, orders, billing, ann, elapse } = context
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    const before = await deliveries(context)
    await elapse(20)
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([
      { id: '1-0', fields: null, deliveries: 1 },
      { id: '2-0', fields: null, deliveries: 1 },
      delivered('3-0', 2)
    ])
    expect((await deliveries(context)).slice(0, 2)).toEqual(before.slice(0, 2))
  })

  it('answers at once if nothing is pending, despite waitMs', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    const { streams } = await deliver(engine, { ...ann, after: '0-0', waitMs: LONG_MS })
    expect(streams).toEqual([])
  })

  it('ignores noAck and claimIdleMs', async ({ engine, orders, billing, ann, bob }) => {
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

  it('changes neither the position of the group nor activeAt', async (context) => {
    const { engine, orders, billing, ann, elapse } = context
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

  it('creates an unknown consumer', async ({ engine, billing, ann }) => {
    await makeGroup(engine, billing)
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([])
    expect(await moments(engine, ann)).toEqual({ seenAt: expect.any(Number), activeAt: null })
  })
}
