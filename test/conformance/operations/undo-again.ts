import { expect } from 'vitest'
import { delivered, id, idsOf, LONG_MS, parked } from '../fixtures.ts'
import { append, claim, deliver, entriesOf, makeGroup, pending, read } from '../requests.ts'
import { deliveries, IDLE_MS } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `undo` of a delivery of entries that were already pending: claimed ones, and the consumer's own. */
export function undoAgain(it: It): void {
  it('returns claimed entries to their owners, with the old time and count of deliveries', async (context) => {
    const { engine, cid } = context
    await ordersOfAnnAndBob(context)
    const before = await deliveries(context)
    const delivery = await deliver(engine, { ...cid, claimIdleMs: IDLE_MS })
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0', '2-0', '3-0'])
    delivery.undo()
    expect(await deliveries(context)).toEqual(before)
    expect(await read(engine, { ...cid, after: '0-0' })).toEqual([])
  })

  it('lets a waiting reader claim them', async (context) => {
    const { engine, billing, ann, cid } = context
    await ordersOfAnnAndBob(context)
    await engine.ackEntries({ ...billing, ids: [id('2-0')] })
    const delivery = await deliver(engine, { ...cid, count: 1, claimIdleMs: IDLE_MS })
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0'])
    await read(engine, ann)
    const waiting = { ...ann, claimIdleMs: IDLE_MS, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => read(engine, waiting))
    delivery.undo()
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('delivers new entries of the same delivery to the next reader', async (context) => {
    const { engine, ann, bob, cid } = context
    await ordersOfAnnAndBob(context)
    const delivery = await deliver(engine, { ...cid, claimIdleMs: IDLE_MS })
    delivery.undo()
    expect(await read(engine, { ...cid, count: 1 })).toEqual([delivered('3-0')])
    expect(await pending(engine, cid)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 },
      { id: '3-0', consumer: cid.consumer, deliveries: 1 }
    ])
  })

  it('returns claimed entries to their owners even with noAck', async (context) => {
    const { engine, ann, bob, cid } = context
    await ordersOfAnnAndBob(context)
    const delivery = await deliver(engine, { ...cid, claimIdleMs: IDLE_MS, noAck: true })
    delivery.undo()
    expect(await pending(engine, cid)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 }
    ])
    expect(await read(engine, cid)).toEqual([delivered('3-0')])
  })

  it('leaves entries alone that were acked or claimed meanwhile', async (context) => {
    const { engine, billing, ann, bob, cid } = context
    await ordersOfAnnAndBob(context)
    const delivery = await deliver(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await claim(engine, { ...ann, ids: ['2-0'] })
    delivery.undo()
    expect(await pending(engine, billing)).toEqual([{ id: '2-0', consumer: ann.consumer, deliveries: 3 }])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([])
  })

  it('returns entries that were deleted meanwhile to their owners as pending', async (context) => {
    const { engine, orders, ann, cid } = context
    await ordersOfAnnAndBob(context)
    const delivery = await deliver(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    delivery.undo()
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([{ id: '1-0', fields: null, deliveries: 1 }])
  })

  it('delivers entries whose owner was deleted to the next reader', async (context) => {
    const { engine, ann, bob, cid } = context
    await ordersOfAnnAndBob(context)
    const delivery = await deliver(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    await engine.deleteConsumer({ ...ann, pending: 'keep' })
    delivery.undo()
    expect(idsOf(await read(engine, { ...cid, count: 1 }))).toEqual(['1-0'])
    expect(await pending(engine, cid)).toMatchObject([
      { id: '1-0', consumer: cid.consumer },
      { id: '2-0', consumer: bob.consumer }
    ])
  })

  it('restores the time and count of deliveries after a consumer read its own entries', async (context) => {
    const { engine, orders, ann } = context
    await ordersOfAnnAndBob(context)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    const before = await deliveries(context)
    const delivery = await deliver(engine, { ...ann, after: '0-0' })
    expect(entriesOf(delivery)).toEqual([delivered('1-0', 2)])
    delivery.undo()
    expect(await deliveries(context)).toEqual(before)
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([delivered('1-0', 2)])
  })

  it('does nothing the second time', async (context) => {
    const { engine, billing, cid } = context
    await ordersOfAnnAndBob(context)
    const delivery = await deliver(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    delivery.undo()
    await read(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    delivery.undo()
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: cid.consumer, deliveries: 2 },
      { id: '2-0', consumer: cid.consumer, deliveries: 2 }
    ])
  })
}

/** 1-0 is pending with ann and 2-0 with bob, both idle for longer than `IDLE_MS`, 1-0 longest. 3-0 is new. */
async function ordersOfAnnAndBob({ engine, orders, billing, ann, bob }: TestContext): Promise<void> {
  await append(engine, orders, '1-0', '2-0', '3-0')
  await makeGroup(engine, billing)
  await read(engine, { ...ann, count: 1 })
  await read(engine, { ...bob, count: 1 })
  await claim(engine, { ...ann, ids: ['1-0'], idleMs: 3 * IDLE_MS, justIds: true })
  await claim(engine, { ...bob, ids: ['2-0'], idleMs: 2 * IDLE_MS, justIds: true })
}
