import { expect } from 'vitest'
import { id, idsOf, LONG_MS, parked } from '../fixtures.ts'
import { extend, nack, ordersWith, pendingStates, pendingTexts, redrive } from '../policy-requests.ts'
import { append, deliver, entriesOf, read } from '../requests.ts'
import { deliveries, IDLE_MS, threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `undo` of a delivery of entries that had fallen due. */
export function undoDue(it: It): void {
  it('returns entries to their owner, with the old time and count of deliveries', async (context) => {
    const { engine, billing, bob, cid } = context
    await dueOrders(context)
    const before = await deliveries(context)
    const delivery = await deliver(engine, bob)
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0', '2-0', '3-0'])
    delivery.undo()
    expect(await deliveries(context)).toEqual(before)
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due ann×1', '2-0 due ann×1', '3-0 due ann×1'])
    expect(await read(engine, { ...cid, count: 1 })).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('returns nacked entries to nobody, with the old count', async (context) => {
    const { engine, billing, bob, cid } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'release', ['2-0'])
    const delivery = await deliver(engine, bob)
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0', '2-0'])
    delivery.undo()
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×1', '2-0 due -×0', '3-0 leased ann×1'])
    expect(await read(engine, cid)).toMatchObject([
      { id: '1-0', deliveries: 2 },
      { id: '2-0', deliveries: 1 }
    ])
  })

  it('keeps the time at which nacked entries fell due', async (context) => {
    const { engine, billing, bob, elapse, spanMs } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'])
    await elapse(spanMs)
    const delivery = await deliver(engine, bob)
    delivery.undo()
    const [first] = await pendingStates(engine, billing)
    expect(first).toMatchObject({ consumer: null, state: 'due' })
    expect(first?.idleMs).toBeGreaterThanOrEqual(spanMs)
  })

  it('wakes a waiting reader, which gets them', async (context) => {
    const { engine, billing, bob, cid } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'])
    const delivery = await deliver(engine, bob)
    const { answer } = await parked(engine, () => read(engine, { ...cid, waitMs: LONG_MS }))
    delivery.undo()
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('wakes a waiting reader also for entries that return to their owner', async (context) => {
    const { engine, billing, bob, cid } = context
    await dueOrders(context)
    const delivery = await deliver(engine, bob)
    const { answer } = await parked(engine, () => read(engine, { ...cid, waitMs: LONG_MS }))
    delivery.undo()
    const first = await answer
    expect(first[0]).toMatchObject({ id: '1-0', deliveries: 2 })
    await read(engine, cid)
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 leased cid×2',
      '2-0 leased cid×2',
      '3-0 leased cid×2'
    ])
  })

  it('delivers new entries of the same delivery as first deliveries', async (context) => {
    const { engine, orders, billing, bob, cid } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    await nack(engine, billing, 'retry', ['1-0'])
    const delivery = await deliver(engine, bob)
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0', '4-0'])
    delivery.undo()
    const again = await read(engine, cid)
    expect(new Map(again.map((one) => [one.id, one.deliveries]))).toEqual(
      new Map([
        ['1-0', 2],
        ['4-0', 1]
      ])
    )
  })

  it('makes new entries new again in a group with leases', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS, maxDeliveries: 1 }, '1-0', '2-0')
    const delivery = await deliver(engine, ann)
    delivery.undo()
    expect(await read(engine, bob)).toMatchObject([
      { id: '1-0', deliveries: 1, ackBeforeMs: IDLE_MS },
      { id: '2-0', deliveries: 1, ackBeforeMs: IDLE_MS }
    ])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased bob×1', '2-0 leased bob×1'])
  })

  it('does not count against maxDeliveries', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxDeliveries: 2 }, '1-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'])
    for (let rounds = 0; rounds < 3; rounds++) {
      const delivery = await deliver(engine, bob)
      expect(entriesOf(delivery)).toMatchObject([{ id: '1-0', deliveries: 2 }])
      delivery.undo()
    }
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, dead: 0 })
  })

  it('leaves entries alone that were acked or nacked meanwhile', async (context) => {
    const { engine, billing, bob } = context
    await dueOrders(context)
    const delivery = await deliver(engine, bob)
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    delivery.undo()
    expect(await pendingTexts(engine, billing)).toEqual(['2-0 delayed -×2', '3-0 due ann×1'])
  })

  it('leaves entries alone that another consumer got meanwhile', async (context) => {
    const { engine, billing, bob, cid } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0', '2-0'])
    const delivery = await deliver(engine, bob)
    await nack(engine, billing, 'retry', ['1-0'])
    await read(engine, cid)
    delivery.undo()
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 leased cid×3',
      '2-0 due -×1',
      '3-0 leased ann×1'
    ])
  })

  it('lets the owner extend again what it got back', async (context) => {
    const { engine, billing, ann, bob, cid } = context
    await dueOrders(context)
    const delivery = await deliver(engine, bob)
    expect(await extend(engine, ann, ['1-0'])).toMatchObject({ extended: 0 })
    delivery.undo()
    expect(await extend(engine, ann, ['1-0', '2-0', '3-0'])).toMatchObject({ extended: 3 })
    expect(await read(engine, cid)).toEqual([])
    expect(await pendingTexts(engine, billing)).toContain('1-0 leased ann×1')
  })

  it('makes a redriven entry due again with a count of 0', async (context) => {
    const { engine, billing, bob } = context
    await threeDelivered(context)
    await nack(engine, billing, 'reject', ['2-0'])
    await redrive(engine, billing)
    const delivery = await deliver(engine, bob)
    expect(entriesOf(delivery)).toMatchObject([{ id: '2-0', deliveries: 1 }])
    delivery.undo()
    expect((await pendingTexts(engine, billing))[1]).toBe('2-0 due -×0')
  })

  it('does nothing the second time', async (context) => {
    const { engine, billing, bob, cid } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'])
    const delivery = await deliver(engine, bob)
    delivery.undo()
    await read(engine, cid)
    delivery.undo()
    expect((await pendingTexts(engine, billing))[0]).toBe('1-0 leased cid×2')
  })
}

/** 1-0 to 3-0, which have fallen due with ann. Leases last for `spanMs`. */
async function dueOrders(context: TestContext): Promise<void> {
  const { engine, ann, elapse, spanMs } = context
  await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0', '2-0', '3-0')
  await read(engine, ann)
  await elapse(spanMs)
}
