import { expect } from 'vitest'
import { delivered, id, idsOf, LONG_MS, parked } from '../fixtures.ts'
import type { Given, It } from '../given.ts'
import { append, claim, deliver, entriesOf, makeGroup, pending, read } from '../requests.ts'
import { deliveries, IDLE_MS } from '../situations.ts'

/** `undo` of a delivery of entries that were pending before: claimed ones, and the consumer's own. */
export function undoAgain(it: It): void {
  it('gives claimed entries back to their owners, with their time and count', async (given) => {
    const { engine, cid } = given
    await ordersOfAnnAndBob(given)
    const before = await deliveries(given)
    const delivery = await deliver(engine, { ...cid, claimIdleMs: IDLE_MS })
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0', '2-0', '3-0'])
    delivery.undo()
    expect(await deliveries(given)).toEqual(before)
    expect(await read(engine, { ...cid, after: '0-0' })).toEqual([])
  })

  it('gives them to a waiting reader that would claim them', async (given) => {
    const { engine, billing, ann, cid } = given
    await ordersOfAnnAndBob(given)
    await engine.ack({ ...billing, ids: [id('2-0')] })
    const delivery = await deliver(engine, { ...cid, count: 1, claimIdleMs: IDLE_MS })
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0'])
    await read(engine, ann)
    const waiting = { ...ann, claimIdleMs: IDLE_MS, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => read(engine, waiting))
    delivery.undo()
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('gives new entries of the same delivery to the next reader', async (given) => {
    const { engine, ann, bob, cid } = given
    await ordersOfAnnAndBob(given)
    const delivery = await deliver(engine, { ...cid, claimIdleMs: IDLE_MS })
    delivery.undo()
    expect(await read(engine, { ...cid, count: 1 })).toEqual([delivered('3-0')])
    expect(await pending(engine, cid)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 },
      { id: '3-0', consumer: cid.consumer, deliveries: 1 }
    ])
  })

  it('gives claimed entries back though noAck was asked for', async (given) => {
    const { engine, ann, bob, cid } = given
    await ordersOfAnnAndBob(given)
    const delivery = await deliver(engine, { ...cid, claimIdleMs: IDLE_MS, noAck: true })
    delivery.undo()
    expect(await pending(engine, cid)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 }
    ])
    expect(await read(engine, cid)).toEqual([delivered('3-0')])
  })

  it('leaves what was acked or claimed meanwhile', async (given) => {
    const { engine, billing, ann, bob, cid } = given
    await ordersOfAnnAndBob(given)
    const delivery = await deliver(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    await engine.ack({ ...billing, ids: [id('1-0')] })
    await claim(engine, { ...ann, ids: ['2-0'] })
    delivery.undo()
    expect(await pending(engine, billing)).toEqual([{ id: '2-0', consumer: ann.consumer, deliveries: 3 }])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([])
  })

  it('leaves pending with its owner what was deleted meanwhile', async (given) => {
    const { engine, orders, ann, cid } = given
    await ordersOfAnnAndBob(given)
    const delivery = await deliver(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    delivery.undo()
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([{ id: '1-0', fields: null, deliveries: 1 }])
  })

  it('gives to the next reader what has no owner any more', async (given) => {
    const { engine, ann, bob, cid } = given
    await ordersOfAnnAndBob(given)
    const delivery = await deliver(engine, { ...cid, count: 2, claimIdleMs: IDLE_MS })
    await engine.deleteConsumer({ ...ann, dropPending: false })
    delivery.undo()
    expect(idsOf(await read(engine, { ...cid, count: 1 }))).toEqual(['1-0'])
    expect(await pending(engine, cid)).toMatchObject([
      { id: '1-0', consumer: cid.consumer },
      { id: '2-0', consumer: bob.consumer }
    ])
  })

  it("takes back the time and count of a consumer's read of its own entries", async (given) => {
    const { engine, orders, ann } = given
    await ordersOfAnnAndBob(given)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    const before = await deliveries(given)
    const delivery = await deliver(engine, { ...ann, after: '0-0' })
    expect(entriesOf(delivery)).toEqual([delivered('1-0', 2)])
    delivery.undo()
    expect(await deliveries(given)).toEqual(before)
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([delivered('1-0', 2)])
  })

  it('does nothing the second time', async (given) => {
    const { engine, billing, cid } = given
    await ordersOfAnnAndBob(given)
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

/** 1-0 is pending with ann and 2-0 with bob, both idle for longer than that, 1-0 longest; 3-0 is new. */
async function ordersOfAnnAndBob({ engine, orders, billing, ann, bob }: Given): Promise<void> {
  await append(engine, orders, '1-0', '2-0', '3-0')
  await makeGroup(engine, billing)
  await read(engine, { ...ann, count: 1 })
  await read(engine, { ...bob, count: 1 })
  await claim(engine, { ...ann, ids: ['1-0'], idleMs: 3 * IDLE_MS, justIds: true })
  await claim(engine, { ...bob, ids: ['2-0'], idleMs: 2 * IDLE_MS, justIds: true })
}
