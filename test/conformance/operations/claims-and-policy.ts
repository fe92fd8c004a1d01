import { expect } from 'vitest'
import { EngineError } from '../../../src/contract/errors.ts'
import { delivered, id, idsOf, LONG_MS, parked, refusal } from '../fixtures.ts'
import { deadOf, nack, ordersWith, pendingTexts, setPolicy } from '../policy-requests.ts'
import { append, autoClaim, claim, makeGroup, read } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** Claims, and reads with `claimIdleMs`: what they take of nacked, delayed and often delivered entries. */
export function claimsAndPolicy(it: It): void {
  it('take entries only from the consumer named by onlyFrom', async (context) => {
    const { engine, billing, ann, bob, cid } = context
    await threeDelivered(context)
    await claim(engine, { ...bob, ids: ['2-0'] })
    await nack(engine, billing, 'retry', ['3-0'])
    const all = ['1-0', '2-0', '3-0']
    const answer = await claim(engine, { ...cid, ids: all, onlyFrom: ann.consumer })
    expect(idsOf(answer.entries)).toEqual(['1-0'])
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 leased cid×2',
      '2-0 leased bob×2',
      '3-0 due -×1'
    ])
    const none = await claim(engine, { ...cid, ids: all, onlyFrom: 'zoe', force: true })
    expect(none).toEqual({ entries: [], deletedIds: [] })
  })

  it('let a consumer keep its own entries with onlyFrom, and none that it lost', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: 2 * spanMs }, '1-0', '2-0')
    await read(engine, ann)
    await claim(engine, { ...bob, ids: ['2-0'] })
    await elapse(spanMs)
    const beat = { ...ann, ids: ['1-0', '2-0'], onlyFrom: ann.consumer, justIds: true }
    expect(idsOf((await claim(engine, beat)).entries)).toEqual(['1-0'])
    await elapse(spanMs)
    expect(idsOf(await read(engine, { ...ann, consumer: 'cid' }))).toEqual(['2-0'])
  })

  it('make the consumer the owner of nacked entries that are due', async (context) => {
    const { engine, billing, bob } = context
    await nackedOrders(context)
    expect(await claim(engine, { ...bob, ids: ['1-0'] })).toMatchObject({ entries: [delivered('1-0', 2)] })
    expect((await pendingTexts(engine, billing))[0]).toBe('1-0 leased bob×2')
    expect(await read(engine, { ...bob, consumer: 'cid' })).toEqual([])
  })

  it('measure the idle time of nacked entries from when they fell due', async (context) => {
    const { engine, bob, elapse, spanMs } = context
    await threeDelivered(context)
    await elapse(spanMs)
    await nack(engine, context.billing, 'retry', ['1-0'])
    const idle = { ...bob, minIdleMs: spanMs, justIds: true }
    expect((await claim(engine, { ...idle, ids: ['1-0'] })).entries).toEqual([])
    expect(idsOf((await autoClaim(engine, idle)).entries)).toEqual(['2-0', '3-0'])
    await elapse(spanMs)
    expect(idsOf((await claim(engine, { ...idle, ids: ['1-0'] })).entries)).toEqual(['1-0'])
  })

  it('pass over delayed entries, even by force', async (context) => {
    const { engine, billing, bob } = context
    await nackedOrders(context)
    const none = { entries: [], deletedIds: [] }
    expect(await claim(engine, { ...bob, ids: ['2-0'] })).toEqual(none)
    expect(await claim(engine, { ...bob, ids: ['2-0'], force: true })).toEqual(none)
    expect(idsOf((await autoClaim(engine, bob)).entries)).toEqual(['1-0', '3-0'])
    expect(idsOf(await read(engine, { ...bob, claimIdleMs: 0 }))).toEqual(['1-0', '3-0'])
    expect((await pendingTexts(engine, billing))[1]).toBe('2-0 delayed -×1')
  })

  it('start a new lease', async (context) => {
    const { engine, billing, ann, bob, cid, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: 2 * spanMs }, '1-0', '2-0')
    await read(engine, ann)
    await elapse(spanMs)
    await claim(engine, { ...bob, ids: ['1-0'] })
    await elapse(spanMs)
    expect(idsOf(await read(engine, cid))).toEqual(['2-0'])
    await elapse(spanMs)
    expect(await read(engine, cid)).toMatchObject([{ id: '1-0', deliveries: 3 }])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased cid×3', '2-0 leased cid×2'])
  })

  it('take due entries, which are then not delivered to a reader', async (context) => {
    const { engine, billing, ann, bob, cid, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(idsOf((await claim(engine, { ...bob, ids: ['1-0'] })).entries)).toEqual(['1-0'])
    expect(await read(engine, cid)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased bob×2'])
  })

  it('may set the delivery count, which counts against maxDeliveries', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxDeliveries: 5 }, '1-0')
    await read(engine, ann)
    const answer = await claim(engine, { ...bob, ids: ['1-0'], deliveries: 4 })
    expect(answer.entries).toMatchObject([{ deliveries: 4 }])
    expect((await claim(engine, { ...ann, ids: ['1-0'] })).entries).toMatchObject([{ deliveries: 5 }])
    expect((await claim(engine, { ...bob, ids: ['1-0'] })).entries).toEqual([])
    expect(await deadOf(engine, billing)).toMatchObject([{ id: '1-0', deliveries: 5, consumer: 'ann' }])
  })

  it('pass over entries that were delivered maxDeliveries times, in autoClaim', async (context) => {
    const { engine, billing, bob } = context
    await deliveredOneToThreeTimes(context)
    const two = await autoClaim(engine, { ...bob, maxDeliveries: 3, justIds: true })
    expect(idsOf(two.entries)).toEqual(['1-0', '2-0'])
    const one = await autoClaim(engine, { ...bob, maxDeliveries: 2 })
    expect(idsOf(one.entries)).toEqual(['1-0'])
    expect(one.next).toBe('0-0')
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 leased bob×2',
      '2-0 leased bob×2',
      '3-0 leased ann×3'
    ])
  })

  it('pass over entries that were delivered maxDeliveries times, in a read', async (context) => {
    const { engine, orders, billing, bob } = context
    await deliveredOneToThreeTimes(context)
    await append(engine, orders, '4-0')
    const got = await read(engine, { ...bob, claimIdleMs: 0, maxDeliveries: 2 })
    expect(idsOf(got)).toEqual(['1-0', '4-0'])
    expect(await read(engine, { ...bob, claimIdleMs: 0, maxDeliveries: 1 })).toEqual([])
    expect(await pendingTexts(engine, billing)).toContain('2-0 leased ann×2')
  })

  it('let a read wait if all pending entries were delivered maxDeliveries times', async (context) => {
    const { engine, orders, bob } = context
    await deliveredOneToThreeTimes(context)
    const request = { ...bob, claimIdleMs: 0, maxDeliveries: 1, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => read(engine, request))
    await append(engine, orders, '4-0')
    expect(await answer).toEqual([delivered('4-0')])
  })

  it('are refused as claimIdleMs in a group with ackTimeoutMs', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0', '2-0')
    await read(engine, { ...ann, count: 1 })
    const request = () => read(engine, { ...bob, claimIdleMs: 0, waitMs: LONG_MS })
    expect(await refusal(engine, orders, request)).toBe('invalid-request')
    const error = await request().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(EngineError)
    expect(error).toMatchObject({ pointer: '/claimIdleMs' })
    await setPolicy(engine, billing, { maxDeliveries: 5 })
    expect(idsOf(await request())).toEqual(['1-0', '2-0'])
  })

  it('are refused as claimIdleMs if one of several groups has ackTimeoutMs', async (context) => {
    const { engine, orders, billing, bob } = context
    const abroad = { stream: `${orders.stream}-abroad` }
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, ...abroad }, { delivery: { ackTimeoutMs: IDLE_MS } })
    const streams = [orders, abroad].map(({ stream }) => ({ stream }))
    const { group, consumer } = bob
    const request = { group, consumer, streams, count: 5, waitMs: 0, noAck: false, claimIdleMs: 0 }
    const reading = () => engine.readGroups(request, new AbortController().signal)
    expect(await refusal(engine, orders, reading)).toBe('invalid-request')
  })

  it('start a lease for an entry that was claimed by force', async (context) => {
    const { engine, billing, bob, cid, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0', '2-0')
    expect(idsOf((await claim(engine, { ...bob, ids: ['2-0'], force: true })).entries)).toEqual(['2-0'])
    const [pending] = await pendingTexts(engine, billing)
    expect(pending).toMatch(/^2-0 leased bob/)
    await engine.updateGroup({ ...billing, after: id('2-0') })
    await elapse(spanMs)
    expect(idsOf(await read(engine, cid))).toEqual(['2-0'])
  })
}

/** 1-0 is due in nobody's hands, 2-0 is delayed, and 3-0 is pending with ann. */
async function nackedOrders(context: TestContext): Promise<void> {
  const { engine, billing } = context
  await threeDelivered(context)
  await nack(engine, billing, 'retry', ['1-0'])
  await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
}

/** 1-0 to 3-0, pending with ann after one, two and three deliveries. */
async function deliveredOneToThreeTimes(context: TestContext): Promise<void> {
  const { engine, ann } = context
  await threeDelivered(context)
  await claim(engine, { ...ann, ids: ['2-0', '3-0'] })
  await claim(engine, { ...ann, ids: ['3-0'] })
}
