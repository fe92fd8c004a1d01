import { expect } from 'vitest'
import { delivered, id, idsOf, LONG_MS, parked } from '../fixtures.ts'
import {
  extend,
  nack,
  ordersWith,
  pendingStates,
  pendingTexts,
  setPolicy,
  untilNonePending
} from '../policy-requests.ts'
import { append, read } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It } from '../test-context.ts'

/** What a change of a policy, or the loss of entries, means for leases that have begun. */
export function leaseChanges(it: It): void {
  it('begin when the policy is set, for entries that were delivered before', async (context) => {
    const { engine, billing, bob, elapse, spanMs } = context
    await threeDelivered(context)
    await elapse(2 * spanMs)
    await setPolicy(engine, billing, { ackTimeoutMs: spanMs })
    expect(await read(engine, bob)).toEqual([])
    await elapse(spanMs)
    expect(idsOf(await read(engine, bob))).toEqual(['1-0', '2-0', '3-0'])
  })

  it('begin anew when the policy is changed', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    const dueInMs = async () => (await pendingStates(engine, billing))[0]?.dueInMs
    expect(await dueInMs()).toBeLessThanOrEqual(IDLE_MS - spanMs)
    await setPolicy(engine, billing, { ackTimeoutMs: IDLE_MS, maxDeliveries: 9 })
    expect(await dueInMs()).toBeGreaterThan(IDLE_MS - spanMs)
    await elapse(spanMs)
    await setPolicy(engine, billing, { ackTimeoutMs: spanMs })
    expect(await read(engine, bob)).toEqual([])
    await elapse(spanMs)
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('begin anew for an entry that had fallen due', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    await setPolicy(engine, billing, { ackTimeoutMs: IDLE_MS })
    expect(await read(engine, bob)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
  })

  it('keep the time of the last delivery in idle times', async (context) => {
    const { engine, billing, elapse, spanMs } = context
    await threeDelivered(context)
    await elapse(spanMs)
    await setPolicy(engine, billing, { ackTimeoutMs: IDLE_MS })
    const [pending] = await pendingStates(engine, billing)
    expect(pending?.idleMs).toBeGreaterThanOrEqual(spanMs)
  })

  it('wake a waiting reader when they are made shorter', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0')
    await read(engine, ann)
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await setPolicy(engine, billing, { ackTimeoutMs: spanMs })
    await elapse(spanMs)
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 2, ackBeforeMs: spanMs }])
  })

  it('no longer end once the policy is removed', async (context) => {
    const { engine, orders, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    await setPolicy(engine, billing, {})
    expect(await read(engine, bob)).toEqual([])
    const [pending] = await pendingStates(engine, billing)
    expect(pending).toMatchObject({ state: 'leased', consumer: ann.consumer })
    expect(pending).not.toHaveProperty('dueInMs')
    await append(engine, orders, '2-0')
    expect(await read(engine, bob)).toEqual([delivered('2-0')])
  })

  it('leave nacked entries due or delayed when the policy is removed', async (context) => {
    const { engine, billing, ann, bob, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    await setPolicy(engine, billing, {})
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×1', '2-0 delayed -×1'])
    expect(idsOf(await read(engine, bob))).toEqual(['1-0'])
  })

  it('remove a deleted entry from the pending list when they end', async (context) => {
    const { engine, orders, billing, ann, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs, maxDeliveries: 5 }, '1-0', '2-0')
    await read(engine, ann)
    await engine.ackEntries({ ...billing, ids: [id('2-0')] })
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
    await elapse(spanMs)
    await untilNonePending(engine, billing)
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, delayed: 0, dead: 0 })
  })

  it('never deliver a deleted entry to another consumer', async (context) => {
    const { engine, orders, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0', '2-0')
    await read(engine, ann)
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    await elapse(spanMs)
    expect(idsOf(await read(engine, bob))).toEqual(['2-0'])
  })

  it('are not shown for a deleted entry that its owner reads again', async (context) => {
    const { engine, orders, ann } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0', '2-0')
    await read(engine, ann)
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([
      { id: '1-0', fields: null, deliveries: 1 },
      { ...delivered('2-0', 2), ackBeforeMs: IDLE_MS }
    ])
  })

  it('continue for an owner that extends in time while others wait', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: 2 * spanMs }, '1-0')
    await read(engine, ann)
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    for (let beats = 0; beats < 3; beats++) {
      await elapse(spanMs)
      expect(await extend(engine, ann, ['1-0'])).toMatchObject({ extended: 1 })
    }
    expect((await engine.status()).waiting).toBe(1)
    await elapse(2 * spanMs)
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('are lost with a consumer whose pending entries are dropped', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0')
    await read(engine, ann)
    expect(await engine.deleteConsumer({ ...ann, pending: 'drop' })).toBe(1)
    await elapse(spanMs)
    expect(await read(engine, bob)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual([])
  })
}
