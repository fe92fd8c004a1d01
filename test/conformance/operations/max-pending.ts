import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef } from '../../../src/contract/refs.ts'
import { id, idsOf, LONG_MS, parked } from '../fixtures.ts'
import { nack, ordersWith, pendingTexts, setPolicy } from '../policy-requests.ts'
import { append, claim, deliver, entriesOf, read } from '../requests.ts'
import { IDLE_MS } from '../situations.ts'
import type { It } from '../test-context.ts'

/** `maxPending` and `maxPendingPerConsumer`. */
export function maxPending(it: It): void {
  it('limits the new entries that consumers of a group hold', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxPending: 3 }, '1-0', '2-0', '3-0', '4-0', '5-0')
    expect(idsOf(await read(engine, { ...ann, count: 2 }))).toEqual(['1-0', '2-0'])
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    expect(await read(engine, ann)).toEqual([])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 3, lag: 2 })
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    expect(idsOf(await read(engine, bob))).toEqual(['4-0'])
  })

  it('limits the new entries that a consumer holds', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxPendingPerConsumer: 2 }, '1-0', '2-0', '3-0', '4-0', '5-0', '6-0')
    expect(idsOf(await read(engine, ann))).toEqual(['1-0', '2-0'])
    expect(await read(engine, ann)).toEqual([])
    expect(idsOf(await read(engine, bob))).toEqual(['3-0', '4-0'])
    await engine.ackEntries({ ...billing, ids: [id('2-0')] })
    expect(idsOf(await read(engine, ann))).toEqual(['5-0'])
  })

  it('applies both limits, whichever is reached first', async (context) => {
    const { engine, ann, bob, cid } = context
    const delivery = { maxPending: 3, maxPendingPerConsumer: 2 }
    await ordersWith(context, delivery, '1-0', '2-0', '3-0', '4-0')
    expect(idsOf(await read(engine, ann))).toEqual(['1-0', '2-0'])
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    expect(await read(engine, cid)).toEqual([])
  })

  it('counts due entries that a read gives before new ones', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxPending: 3 }, '1-0', '2-0', '3-0', '4-0', '5-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0', '2-0'])
    expect(idsOf(await read(engine, bob))).toEqual(['1-0', '2-0'])
  })

  it('lets a reader wait until an ack makes room', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxPending: 1 }, '1-0', '2-0', '3-0')
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    expect(idsOf(await answer)).toEqual(['2-0'])
  })

  it('lets a reader wait until a nack or a death makes room', async (context) => {
    const { engine, billing, ann, bob, cid } = context
    await ordersWith(context, { maxPending: 2 }, '1-0', '2-0', '3-0', '4-0', '5-0')
    await read(engine, ann)
    const first = await waiting(engine, bob)
    await nack(engine, billing, 'retry', ['1-0'], { delayMs: IDLE_MS })
    expect(idsOf(await first.answer)).toEqual(['3-0'])
    const second = await waiting(engine, cid)
    await nack(engine, billing, 'reject', ['2-0'])
    expect(idsOf(await second.answer)).toEqual(['4-0'])
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 delayed -×1',
      '3-0 leased bob×1',
      '4-0 leased cid×1'
    ])
  })

  it('lets a reader wait until a lease ends for good', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    const delivery = { maxPending: 1, ackTimeoutMs: spanMs, maxDeliveries: 1 }
    await ordersWith(context, delivery, '1-0', '2-0')
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await elapse(spanMs)
    expect(idsOf(await answer)).toEqual(['2-0'])
  })

  it('lets each consumer wait for room of its own', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxPendingPerConsumer: 1 }, '1-0', '2-0', '3-0')
    await read(engine, ann)
    await read(engine, bob)
    const full = await waiting(engine, ann)
    const other = await waiting(engine, bob)
    await engine.ackEntries({ ...billing, ids: [id('2-0')] })
    expect(idsOf(await other.answer)).toEqual(['3-0'])
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, billing, '4-0')
    expect((await engine.status()).waiting).toBe(1)
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    expect(idsOf(await full.answer)).toEqual(['4-0'])
  })

  it('serves readers that came later than one whose consumer is full', async (context) => {
    const { engine, orders, ann, bob } = context
    await ordersWith(context, { maxPendingPerConsumer: 1 }, '1-0')
    await read(engine, ann)
    await waiting(engine, ann)
    const { answer } = await waiting(engine, bob)
    await append(engine, orders, '2-0')
    expect(idsOf(await answer)).toEqual(['2-0'])
    expect((await engine.status()).waiting).toBe(1)
  })

  it('does not limit entries that fall due', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    const delivery = { maxPending: 2, maxPendingPerConsumer: 2, ackTimeoutMs: spanMs }
    await ordersWith(context, delivery, '1-0', '2-0', '3-0')
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await elapse(spanMs)
    expect(idsOf(await answer)).toEqual(['1-0', '2-0'])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased bob×2', '2-0 leased bob×2'])
    expect(await read(engine, bob)).toEqual([])
  })

  it("does not count entries in nobody's hands, which are delivered above the limit", async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxPending: 2, maxPendingPerConsumer: 2 }, '1-0', '2-0', '3-0', '4-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0', '2-0'], { delayMs: IDLE_MS })
    expect(idsOf(await read(engine, ann))).toEqual(['3-0', '4-0'])
    await nack(engine, billing, 'release', ['1-0', '2-0'])
    expect(idsOf(await read(engine, bob))).toEqual(['1-0', '2-0'])
    expect((await engine.getGroup(billing)).pending).toBe(4)
  })

  it('does not limit claims, but counts claimed entries', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxPendingPerConsumer: 1 }, '1-0', '2-0', '3-0')
    await read(engine, ann)
    await read(engine, bob)
    expect(idsOf((await claim(engine, { ...bob, ids: ['1-0'] })).entries)).toEqual(['1-0'])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased bob×2', '2-0 leased bob×1'])
    expect(await read(engine, bob)).toEqual([])
    expect(idsOf(await read(engine, ann))).toEqual(['3-0'])
  })

  it('counts entries that were pending before it was set', async (context) => {
    const { engine, billing, ann } = context
    await ordersWith(context, {}, '1-0', '2-0', '3-0')
    await read(engine, { ...ann, count: 2 })
    await setPolicy(engine, billing, { maxPending: 2 })
    expect(await read(engine, ann)).toEqual([])
    await setPolicy(engine, billing, { maxPending: 1 })
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    expect(await read(engine, ann)).toEqual([])
  })

  it('serves a waiting reader when the limit is raised or removed', async (context) => {
    const { engine, billing, ann, bob, cid } = context
    await ordersWith(context, { maxPending: 1 }, '1-0', '2-0', '3-0', '4-0')
    await read(engine, ann)
    const first = await waiting(engine, bob)
    const second = await waiting(engine, cid)
    await setPolicy(engine, billing, { maxPending: 2 })
    expect(idsOf(await first.answer)).toEqual(['2-0'])
    expect((await engine.status()).waiting).toBe(1)
    await setPolicy(engine, billing, {})
    expect(idsOf(await second.answer)).toEqual(['3-0', '4-0'])
  })

  it('makes room again when a delivery is undone', async (context) => {
    const { engine, ann, bob } = context
    await ordersWith(context, { maxPending: 1 }, '1-0', '2-0')
    const delivery = await deliver(engine, ann)
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0'])
    const { answer } = await waiting(engine, bob)
    delivery.undo()
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 1 }])
  })

  it('makes room again when the pending entries of a consumer are dropped', async (context) => {
    const { engine, ann, bob } = context
    await ordersWith(context, { maxPending: 1 }, '1-0', '2-0')
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await engine.deleteConsumer({ ...ann, pending: 'drop' })
    expect(idsOf(await answer)).toEqual(['2-0'])
  })
}

/** A reader that waits until something else wakes it. */
function waiting(engine: Engine, consumer: ConsumerRef) {
  return parked(engine, () => read(engine, { ...consumer, waitMs: LONG_MS }))
}
