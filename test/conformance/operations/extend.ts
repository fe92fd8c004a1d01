import { expect } from 'vitest'
import { EXTEND_AT_ONCE } from '../../../src/contract/delivery-policy.ts'
import { id, idsFrom, idsOf, refusal, stateOf } from '../fixtures.ts'
import { extend, nack, ordersWith, pendingStates, pendingTexts } from '../policy-requests.ts'
import { append, consumersOf, makeGroup, read } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It } from '../test-context.ts'

/** `extendEntries`. */
export function extendEntries(it: It): void {
  it('starts the lease of entries anew, and leaves their count as it is', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: 2 * spanMs }, '1-0', '2-0')
    await read(engine, ann)
    await elapse(spanMs)
    const answer = await extend(engine, ann, ['1-0'])
    expect(answer).toEqual({ extended: 1, notPending: [], ackBeforeMs: 2 * spanMs })
    await elapse(spanMs)
    expect(idsOf(await read(engine, bob))).toEqual(['2-0'])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1', '2-0 leased bob×2'])
    await elapse(spanMs)
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('makes a due entry leased again', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(await extend(engine, ann, ['1-0'])).toMatchObject({ extended: 1 })
    expect(await read(engine, bob)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
  })

  it('starts the idle time anew in a group without a policy', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await threeDelivered(context)
    await elapse(spanMs)
    const answer = await extend(engine, ann, ['1-0', '3-0'])
    expect(answer).toEqual({ extended: 2, notPending: [], ackBeforeMs: null })
    const [first, second, third] = await pendingStates(engine, billing)
    expect(first?.idleMs).toBeLessThan(second?.idleMs ?? 0)
    expect(third?.idleMs).toBeLessThan(second?.idleMs ?? 0)
    expect(second?.idleMs).toBeGreaterThanOrEqual(spanMs)
    expect(first).toMatchObject({ consumer: ann.consumer, deliveries: 1, state: 'leased' })
  })

  it('extends only entries that the consumer owns', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0', '2-0', '3-0')
    await read(engine, { ...ann, count: 1 })
    await read(engine, { ...bob, count: 1 })
    const answer = await extend(engine, ann, ['3-0', '2-0', '1-0', '9-0'])
    expect(answer).toEqual({ extended: 1, notPending: ['3-0', '2-0', '9-0'], ackBeforeMs: IDLE_MS })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1', '2-0 leased bob×1'])
  })

  it("extends no entry in nobody's hands, and none that was acked or died", async (context) => {
    const { engine, billing, ann } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0', '2-0', '3-0', '4-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    await nack(engine, billing, 'reject', ['3-0'])
    await engine.ackEntries({ ...billing, ids: [id('4-0')] })
    const all = ['1-0', '2-0', '3-0', '4-0']
    expect(await extend(engine, ann, all)).toMatchObject({ extended: 0, notPending: all })
    expect(await extend(engine, ann)).toMatchObject({ extended: 0, notPending: [] })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×1', '2-0 delayed -×1'])
  })

  it('does not create its consumer', async (context) => {
    const { engine, orders, ann, cid } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0')
    await read(engine, ann)
    const before = await stateOf(engine, orders)
    expect(await extend(engine, cid, ['1-0'])).toMatchObject({ extended: 0, notPending: ['1-0'] })
    expect(await extend(engine, cid)).toMatchObject({ extended: 0, notPending: [] })
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('counts as activity of its consumer', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await threeDelivered(context)
    await elapse(spanMs)
    const idleMs = async () => (await consumersOf(engine, billing))[0]?.idleMs
    expect(await idleMs()).toBeGreaterThanOrEqual(spanMs)
    await extend(engine, ann)
    expect(await idleMs()).toBeLessThan(spanMs)
  })

  it('extends all that the consumer holds if no ids are named', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: 2 * spanMs }, '1-0', '2-0', '3-0')
    await read(engine, { ...bob, count: 1 })
    await read(engine, ann)
    await elapse(spanMs)
    const answer = await extend(engine, ann)
    expect(answer).toEqual({ extended: 2, notPending: [], ackBeforeMs: 2 * spanMs })
    await elapse(spanMs)
    expect(await read(engine, { ...billing, consumer: 'cid' })).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('extends the earliest due entries first, and shows when more are left', async (context) => {
    const { engine, orders, billing, ann, elapse, spanMs } = context
    const all = idsFrom(1, EXTEND_AT_ONCE + 50)
    await append(engine, orders, ...all)
    await makeGroup(engine, billing, { delivery: { ackTimeoutMs: 2 * spanMs } })
    await read(engine, { ...ann, count: 1000 })
    await read(engine, { ...ann, count: 50 })
    await elapse(5)
    await extend(engine, ann, idsFrom(1, 10))
    await elapse(spanMs + 10)
    expect(await extend(engine, ann)).toMatchObject({ extended: EXTEND_AT_ONCE, more: true })
    const [first] = await pendingStates(engine, billing)
    expect(first?.idleMs).toBeGreaterThanOrEqual(spanMs)
    const rest = await extend(engine, ann)
    expect(rest.extended).toBeGreaterThanOrEqual(50)
    expect(rest).not.toHaveProperty('more')
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, ann }) => {
    const request = () => extend(engine, ann, ['1-0'])
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}
