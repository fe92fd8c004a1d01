import { expect } from 'vitest'
import { DEATH_REASONS } from '../../../src/contract/delivery-policy.ts'
import { id, idsOf, LONG_MS, parked } from '../fixtures.ts'
import { deadOf, nack, ordersWith, pendingTexts, setPolicy, until, untilDead } from '../policy-requests.ts'
import { append, autoClaim, claim, pending, read, summaryOf } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `maxDeliveries`: which entries die, when, and for what reason. */
export function deaths(it: It): void {
  it('happen when the last lease ends, although nobody reads', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs, maxDeliveries: 2 }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 2 }])
    await elapse(spanMs)
    await untilDead(engine, billing, '1-0')
    const { consumer } = bob
    const [dead] = await deadOf(engine, billing)
    expect(dead).toEqual({
      id: '1-0',
      fields: { order: '1-0' },
      deliveries: 2,
      consumer,
      reason: DEATH_REASONS.timeout,
      deadAt: expect.any(Number)
    })
    expect(await pending(engine, billing)).toEqual([])
  })

  it('happen before another delivery, even to a reader at the same moment', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs, maxDeliveries: 1 }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(await read(engine, bob)).toEqual([])
    await untilDead(engine, billing, '1-0')
  })

  it('do not answer a waiting reader', async (context) => {
    const { engine, orders, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs, maxDeliveries: 1 }, '1-0')
    await read(engine, ann)
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await elapse(spanMs)
    await untilDead(engine, billing, '1-0')
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '2-0')
    expect(idsOf(await answer)).toEqual(['2-0'])
  })

  it('happen while a waiting reader gets what fell due at the same moment', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs, maxDeliveries: 2 }, '1-0', '2-0')
    await read(engine, ann)
    await claim(engine, { ...ann, ids: ['1-0'] })
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await setPolicy(engine, billing, { ackTimeoutMs: spanMs, maxDeliveries: 2 })
    await elapse(spanMs)
    expect(await answer).toMatchObject([{ id: '2-0', deliveries: 2 }])
    await untilDead(engine, billing, '1-0')
  })

  it('happen at the last failure by a nack, with its reason or with none', async (context) => {
    const { engine, billing, ann } = context
    await ordersWith(context, { maxDeliveries: 2, retryDelaysMs: [0] }, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0', '2-0'], { reason: 'first' })
    expect(await deadOf(engine, billing)).toEqual([])
    await read(engine, ann)
    expect(await nack(engine, billing, 'retry', ['1-0'], { reason: 'second' })).toMatchObject({ nacked: 1 })
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    const [first, second] = await deadOf(engine, billing)
    expect(first).toMatchObject({ id: '1-0', deliveries: 2, consumer: 'ann', reason: 'second' })
    expect(second).toMatchObject({ id: '2-0', deliveries: 2, consumer: 'ann' })
    expect(second).not.toHaveProperty('reason')
  })

  it('do not happen at a release', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxDeliveries: 1 }, '1-0')
    await read(engine, ann)
    await nack(engine, billing, 'release', ['1-0'])
    expect(await deadOf(engine, billing)).toEqual([])
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 1 }])
  })

  it('happen at a claim after the last delivery, which returns the others', async (context) => {
    const { engine, billing, ann, bob, cid } = context
    await ordersWith(context, { maxDeliveries: 2 }, '1-0', '2-0')
    await read(engine, ann)
    expect((await claim(engine, { ...bob, ids: ['1-0'] })).entries).toMatchObject([{ deliveries: 2 }])
    const answer = await claim(engine, { ...cid, ids: ['1-0', '2-0'] })
    expect(idsOf(answer.entries)).toEqual(['2-0'])
    expect(answer.deletedIds).toEqual([])
    expect(await deadOf(engine, billing)).toMatchObject([
      { id: '1-0', deliveries: 2, consumer: 'bob', reason: DEATH_REASONS.claimed }
    ])
    expect(await pendingTexts(engine, billing)).toEqual(['2-0 leased cid×2'])
  })

  it('happen at autoClaim and claimIdleMs after the last delivery', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxDeliveries: 1 }, '1-0', '2-0', '3-0')
    await read(engine, { ...ann, count: 1 })
    expect(await autoClaim(engine, bob)).toMatchObject({ entries: [], deletedIds: [] })
    await read(engine, { ...ann, count: 1 })
    expect(idsOf(await read(engine, { ...bob, claimIdleMs: 0 }))).toEqual(['3-0'])
    const reason = DEATH_REASONS.claimed
    expect(await deadOf(engine, billing)).toMatchObject([
      { id: '1-0', deliveries: 1, consumer: 'ann', reason },
      { id: '2-0', deliveries: 1, consumer: 'ann', reason }
    ])
  })

  it('happen once if a claim names an entry twice, even with force', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxDeliveries: 1 }, '1-0')
    await read(engine, ann)
    const answer = await claim(engine, { ...bob, ids: ['1-0', '1-0'], force: true })
    expect(answer).toEqual({ entries: [], deletedIds: [] })
    expect(await deadOf(engine, billing)).toMatchObject([{ id: '1-0', deliveries: 1, consumer: 'ann' }])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, dead: 1 })
  })

  it('do not happen at a claim with justIds', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxDeliveries: 1 }, '1-0', '2-0')
    await read(engine, ann)
    const answer = await claim(engine, { ...bob, ids: ['1-0'], justIds: true })
    expect(idsOf(answer.entries)).toEqual(['1-0'])
    expect(idsOf((await autoClaim(engine, { ...bob, justIds: true })).entries)).toEqual(['1-0', '2-0'])
    expect(await deadOf(engine, billing)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased bob×1', '2-0 leased bob×1'])
  })

  it('happen when a consumer reads its own entry again after the last delivery', async (context) => {
    const { engine, billing, ann } = context
    await ordersWith(context, { maxDeliveries: 2 }, '1-0')
    await read(engine, ann)
    expect(await read(engine, { ...ann, after: '0-0' })).toMatchObject([{ id: '1-0', deliveries: 2 }])
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([])
    expect(await deadOf(engine, billing)).toMatchObject([
      { id: '1-0', deliveries: 2, consumer: 'ann', reason: DEATH_REASONS.reread }
    ])
  })

  it('remove entries from the pending list and its counts', async (context) => {
    const { engine, billing, ann } = context
    await ordersWith(context, { maxDeliveries: 1 }, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0', '2-0'])
    expect(await engine.getGroup(billing)).toMatchObject({
      pending: 0,
      delayed: 0,
      dead: 2,
      oldestPendingMs: null
    })
    expect(await pending(engine, billing)).toEqual([])
    expect(await summaryOf(engine, billing)).toMatchObject({ count: 0, firstId: null, consumers: [] })
    const [group] = (await engine.listGroups({ stream: billing.stream, limit: 10 })).groups
    expect(group).toMatchObject({ pending: 0, dead: 2 })
  })

  it('hold back nothing', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeDelivered(context)
    await nack(engine, billing, 'reject', ['1-0', '2-0', '3-0'])
    await append(engine, orders, '4-0')
    expect(idsOf(await read(engine, bob))).toEqual(['4-0'])
    expect(await engine.getGroup(billing)).toMatchObject({ lag: 0, pending: 1, dead: 3 })
    expect(await read(engine, { ...ann, claimIdleMs: 0 })).toMatchObject([{ id: '4-0' }])
  })

  it('are counted by status', async (context) => {
    const { engine, orders, billing } = context
    await threeDelivered(context)
    const { died } = await engine.status()
    await nack(engine, billing, 'reject', ['1-0', '2-0'])
    expect((await engine.status()).died).toBe(died + 2)
    // The Redis engine answers from its last scan. Calling status starts another one, which a later call shows.
    await until(async () => {
      const { groups } = await engine.status(1000)
      const found = groups.find(({ stream }) => stream === orders.stream)
      return found?.dead === 2 && found.delayed === 0 && found.pending === 1
    })
    expect(await engine.status()).not.toHaveProperty('deathsBlocked')
  })

  it('happen at the end of the lease if an entry was delivered too often for a new policy', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await threeTimes(context)
    await setPolicy(engine, billing, { ackTimeoutMs: spanMs, maxDeliveries: 2 })
    await elapse(spanMs)
    expect(await read(engine, ann)).toEqual([])
    await untilDead(engine, billing, '1-0')
    expect(await deadOf(engine, billing)).toMatchObject([{ deliveries: 3, consumer: 'ann' }])
  })

  it("happen in nobody's hands if an entry was delivered too often for a new policy", async (context) => {
    const { engine, billing, ann, bob } = context
    await threeTimes(context)
    await nack(engine, billing, 'retry', ['1-0'])
    await setPolicy(engine, billing, { maxDeliveries: 2 })
    expect(await read(engine, ann)).toEqual([])
    await untilDead(engine, billing, '1-0')
    expect(await deadOf(engine, billing)).toMatchObject([
      { deliveries: 3, consumer: null, reason: DEATH_REASONS.limit }
    ])
    expect(await read(engine, bob)).toEqual([])
  })

  it('do not happen to an entry that is acked in its last lease', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: 2 * spanMs, maxDeliveries: 1 }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(await engine.ackEntries({ ...billing, ids: [id('1-0')] })).toMatchObject({ acked: 1 })
    await elapse(spanMs)
    expect(await deadOf(engine, billing)).toEqual([])
    expect(await pending(engine, billing)).toEqual([])
  })
}

/** 1-0, pending with ann after three deliveries. */
async function threeTimes(context: TestContext): Promise<void> {
  const { engine, ann } = context
  await ordersWith(context, {}, '1-0')
  await read(engine, ann)
  await claim(engine, { ...ann, ids: ['1-0'], deliveries: 3, justIds: true })
}
