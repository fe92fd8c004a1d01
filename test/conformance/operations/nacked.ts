import { expect } from 'vitest'
import { id, idsOf, LONG_MS, parked, shown } from '../fixtures.ts'
import { deadOf, nack, pendingStates, pendingTexts } from '../policy-requests.ts'
import { append, consumersOf, read, summaryOf } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** Entries in nobody's hands: what they are counted as, and what may become of them. */
export function nackedEntries(it: It): void {
  it('are pending, but belong to no consumer', async (context) => {
    const { engine, billing, ann } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 3, delayed: 1, dead: 0 })
    expect(await summaryOf(engine, billing)).toEqual({
      count: 3,
      firstId: '1-0',
      lastId: '3-0',
      consumers: [{ name: ann.consumer, count: 1 }]
    })
    expect(await consumersOf(engine, billing)).toMatchObject([{ name: ann.consumer, pending: 1 }])
    const { consumer } = ann
    const range = { from: id('0-1'), to: id('9-0'), limit: 10, minIdleMs: 0 }
    const listed = await engine.listPending({ ...billing, ...range, consumer })
    expect(idsOf(shown(listed))).toEqual(['3-0'])
  })

  it('are shown by describeStream without a consumer', async (context) => {
    const { engine, orders, billing } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['2-0'])
    const [group] = shown((await engine.describeStream({ ...orders, limit: 10 })).groups)
    expect(group?.pending).toBe(3)
    expect(group?.pendingEntries.map((one) => [one.id, one.consumer])).toEqual([
      ['1-0', 'ann'],
      ['2-0', null],
      ['3-0', 'ann']
    ])
    expect(group?.consumers).toMatchObject([{ name: 'ann', pending: 2 }])
    expect(idsOf(group?.consumers[0]?.pendingEntries ?? [])).toEqual(['1-0', '3-0'])
  })

  it('are listed by their idle time like others', async (context) => {
    const { engine, billing, elapse, spanMs } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    await elapse(spanMs)
    const range = { from: id('0-1'), to: id('9-0'), limit: 10, minIdleMs: spanMs }
    expect(idsOf(shown(await engine.listPending({ ...billing, ...range })))).toEqual(['1-0', '3-0'])
  })

  it('can be acked, but not by the consumer that had them', async (context) => {
    const { engine, billing, ann } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    const { consumer } = ann
    const request = { ...billing, ids: [id('1-0'), id('2-0')] }
    expect(await engine.ackEntries({ ...request, consumer })).toMatchObject({ acked: 0 })
    expect(await engine.ackEntries(request)).toMatchObject({ acked: 2 })
    expect(await pendingTexts(engine, billing)).toEqual(['3-0 leased ann×1'])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, delayed: 0 })
  })

  it('are not delivered once they were acked', async (context) => {
    const { engine, orders, billing, bob, elapse, spanMs } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'], { delayMs: spanMs })
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await elapse(spanMs)
    await append(engine, orders, '4-0')
    expect(idsOf(await answer)).toEqual(['4-0'])
  })

  it('get a new due time from another retry', async (context) => {
    const { engine, billing, bob } = context
    await nackedOrders(context)
    const answer = await nack(engine, billing, 'retry', ['1-0', '2-0'], { delayMs: IDLE_MS })
    expect(answer).toEqual({ nacked: 2, notPending: [] })
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 delayed -×1',
      '2-0 delayed -×1',
      '3-0 leased ann×1'
    ])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: 0 })
    expect(idsOf(await read(engine, bob))).toEqual(['2-0'])
  })

  it('are due at once after a release, which leaves their count as it is', async (context) => {
    const { engine, billing, bob } = context
    await nackedOrders(context)
    expect(await nack(engine, billing, 'release', ['1-0', '2-0'])).toMatchObject({ nacked: 2 })
    expect((await pendingTexts(engine, billing)).slice(0, 2)).toEqual(['1-0 due -×1', '2-0 due -×1'])
    expect(await read(engine, bob)).toMatchObject([
      { id: '1-0', deliveries: 2 },
      { id: '2-0', deliveries: 2 }
    ])
  })

  it('die if they are rejected, without a consumer', async (context) => {
    const { engine, billing } = context
    await nackedOrders(context)
    const answer = await nack(engine, billing, 'reject', ['1-0', '2-0'], { reason: 'cancelled' })
    expect(answer).toEqual({ nacked: 2, notPending: [] })
    expect(await deadOf(engine, billing)).toMatchObject([
      { id: '1-0', consumer: null, deliveries: 1, reason: 'cancelled' },
      { id: '2-0', consumer: null, deliveries: 1, reason: 'cancelled' }
    ])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, delayed: 0, dead: 2 })
  })

  it('cannot be nacked by a consumer', async (context) => {
    const { engine, billing, ann } = context
    await nackedOrders(context)
    const { consumer } = ann
    for (const outcome of ['retry', 'release', 'reject'] as const) {
      const answer = await nack(engine, billing, outcome, ['1-0', '2-0'], { consumer })
      expect(answer).toEqual({ nacked: 0, notPending: ['1-0', '2-0'] })
    }
    expect((await pendingTexts(engine, billing)).slice(0, 2)).toEqual(['1-0 due -×1', '2-0 delayed -×1'])
  })

  it("are not returned by a consumer's read of its own entries", async (context) => {
    const { engine, ann } = context
    await nackedOrders(context)
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['3-0'])
  })

  it('do not keep their consumer from being deleted', async (context) => {
    const { engine, billing, ann, bob } = context
    await nackedOrders(context)
    await engine.ackEntries({ ...billing, ids: [id('3-0')] })
    expect(await engine.deleteConsumer({ ...ann, pending: 'keep' })).toBe(0)
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('keep a group from being deleted', async (context) => {
    const { engine, billing } = context
    await nackedOrders(context)
    await engine.ackEntries({ ...billing, ids: [id('1-0'), id('3-0')] })
    const remove = engine.deleteGroup({ ...billing, dropPending: false })
    await expect(remove).rejects.toMatchObject({ code: 'group-has-pending' })
    await engine.deleteGroup({ ...billing, dropPending: true })
  })

  it('leave the pending list if their entry was deleted when they are nacked', async (context) => {
    const { engine, orders, billing } = context
    await threeDelivered(context)
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('2-0')] })
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'reject', ['2-0'])
    expect(await pendingTexts(engine, billing)).toEqual(['3-0 leased ann×1'])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, delayed: 0, dead: 0 })
  })

  it('are not delivered if their entry was deleted meanwhile', async (context) => {
    const { engine, orders, bob, billing } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0', '2-0'])
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    expect(idsOf(await read(engine, bob))).toEqual(['2-0'])
  })

  it('have no dueInMs once they are due', async (context) => {
    const { engine, billing } = context
    await nackedOrders(context)
    const [due, delayed] = await pendingStates(engine, billing)
    expect(due).not.toHaveProperty('dueInMs')
    expect(delayed?.dueInMs).toBeGreaterThan(0)
  })
}

/** 1-0 is due in nobody's hands, 2-0 is delayed, and 3-0 is pending with ann. */
async function nackedOrders(context: TestContext): Promise<void> {
  const { engine, billing } = context
  await threeDelivered(context)
  await nack(engine, billing, 'retry', ['1-0'])
  await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
}
