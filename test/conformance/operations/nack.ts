import { expect } from 'vitest'
import { delivered, id, idsFrom, idsOf, LONG_MS, parked, refusal, stateOf } from '../fixtures.ts'
import { deadOf, nack, ordersWith, pendingStates, pendingTexts } from '../policy-requests.ts'
import { append, makeGroup, pending, read } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It } from '../test-context.ts'

/** `nackEntries`. */
export function nackEntries(it: It): void {
  it('with retry gives an entry to the next reader, with or without a policy', async (context) => {
    const { engine, billing, bob, cid } = context
    await threeDelivered(context)
    expect(await nack(engine, billing, 'retry', ['2-0'])).toEqual({ nacked: 1, notPending: [] })
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 leased ann×1',
      '2-0 due -×1',
      '3-0 leased ann×1'
    ])
    const [due] = await read(engine, bob)
    expect(due).toEqual({ ...delivered('2-0', 2), idleMs: expect.any(Number) })
    expect(await read(engine, cid)).toEqual([])
    expect((await pending(engine, billing))[1]).toEqual({ id: '2-0', consumer: bob.consumer, deliveries: 2 })
  })

  it('with delayMs holds the next delivery back', async (context) => {
    const { engine, billing, bob, elapse, spanMs } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'], { delayMs: spanMs })
    const [delayed] = await pendingStates(engine, billing)
    expect(delayed).toMatchObject({ consumer: null, state: 'delayed', deliveries: 1, idleMs: 0 })
    expect(delayed?.dueInMs).toBeGreaterThan(0)
    expect(delayed?.dueInMs).toBeLessThanOrEqual(spanMs)
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 3, delayed: 1 })
    expect(await read(engine, bob)).toEqual([])
    await elapse(spanMs)
    const [due] = await pendingStates(engine, billing)
    expect(due).toMatchObject({ consumer: null, state: 'due', deliveries: 1 })
    expect(due).not.toHaveProperty('dueInMs')
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 3 })
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it("measures the idle time of an entry in nobody's hands from when it fell due", async (context) => {
    const { engine, billing, bob, elapse, spanMs } = context
    await threeDelivered(context)
    await elapse(spanMs)
    await nack(engine, billing, 'retry', ['1-0'])
    expect((await pendingStates(engine, billing))[0]?.idleMs).toBeLessThan(spanMs)
    await elapse(spanMs)
    const [due] = await pendingStates(engine, billing)
    expect(due?.idleMs).toBeGreaterThanOrEqual(spanMs)
    expect(due?.idleMs).toBeLessThan(2 * spanMs)
    expect((await read(engine, bob))[0]?.idleMs).toBeGreaterThanOrEqual(spanMs)
  })

  it('wakes a waiting reader at once, or when the delay is over', async (context) => {
    const { engine, billing, bob, cid, elapse, spanMs } = context
    await threeDelivered(context)
    const first = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    const second = await parked(engine, () => read(engine, { ...cid, waitMs: LONG_MS }))
    await nack(engine, billing, 'retry', ['1-0'])
    expect(await first.answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: spanMs })
    expect((await engine.status()).waiting).toBe(1)
    await elapse(spanMs)
    expect(await second.answer).toMatchObject([{ id: '2-0', deliveries: 2 }])
  })

  it('delivers entries in the order in which they fall due', async (context) => {
    const { engine, billing, bob, elapse, spanMs } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'], { delayMs: spanMs })
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: Math.floor(spanMs / 2) })
    await nack(engine, billing, 'release', ['3-0'])
    await elapse(spanMs)
    expect(idsOf(await read(engine, bob))).toEqual(['3-0', '2-0', '1-0'])
  })

  it('uses the delays of the policy, and repeats the last one', async (context) => {
    const { engine, billing, ann, spanMs } = context
    await ordersWith(context, { retryDelaysMs: [IDLE_MS, 3 * IDLE_MS] }, '1-0')
    for (const delayMs of [IDLE_MS, 3 * IDLE_MS, 3 * IDLE_MS]) {
      expect(idsOf(await read(engine, ann))).toEqual(['1-0'])
      await nack(engine, billing, 'retry', ['1-0'])
      const [entry] = await pendingStates(engine, billing)
      expect(entry?.state).toBe('delayed')
      expect(entry?.dueInMs).toBeGreaterThanOrEqual(0.9 * delayMs - 10 * spanMs)
      expect(entry?.dueInMs).toBeLessThanOrEqual(1.1 * delayMs)
      await nack(engine, billing, 'retry', ['1-0'], { delayMs: 0 })
    }
  })

  it('spreads entries that failed together over a fifth of the delay', async (context) => {
    const { engine, orders, billing, ann } = context
    const all = idsFrom(1, 60)
    await append(engine, orders, ...all)
    await makeGroup(engine, billing, { delivery: { retryDelaysMs: [IDLE_MS] } })
    await read(engine, { ...ann, count: 60 })
    await nack(engine, billing, 'retry', all)
    const delays = (await pendingStates(engine, billing)).map(({ dueInMs = 0 }) => dueInMs)
    expect(new Set(delays).size).toBeGreaterThan(30)
    // The odds that no delay of 60 is in the outer quarters are less than one in 10^17.
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(IDLE_MS / 10)
  })

  it('prefers delayMs to the delays of the policy, even if it is 0', async (context) => {
    const { engine, billing, ann, bob, spanMs } = context
    await ordersWith(context, { retryDelaysMs: [IDLE_MS] }, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'], { delayMs: 0 })
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: spanMs })
    expect(idsOf(await read(engine, bob))).toEqual(['1-0'])
    const [, second] = await pendingStates(engine, billing)
    expect(second?.dueInMs).toBeLessThanOrEqual(spanMs)
  })

  it('with release gives an entry back at once, as if it had not been delivered', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { maxDeliveries: 1, retryDelaysMs: [IDLE_MS] }, '1-0')
    for (let rounds = 0; rounds < 3; rounds++) {
      expect(await read(engine, ann)).toMatchObject([{ id: '1-0', deliveries: 1 }])
      expect(await nack(engine, billing, 'release', ['1-0'])).toEqual({ nacked: 1, notPending: [] })
      expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×0'])
    }
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 1 }])
  })

  it('with reject lets an entry die at once, with or without a policy', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeDelivered(context)
    await nack(engine, billing, 'reject', ['2-0'], { reason: 'no such customer' })
    await nack(engine, billing, 'reject', ['3-0'])
    const [second, third] = await deadOf(engine, billing)
    const { consumer } = ann
    expect(second).toMatchObject({ id: '2-0', deliveries: 1, consumer, reason: 'no such customer' })
    expect(third).toMatchObject({ id: '3-0', deliveries: 1, consumer })
    expect(third).not.toHaveProperty('reason')
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
    expect(await read(engine, bob)).toEqual([])
  })

  it('keeps a reason as it is, with any characters', async (context) => {
    const { engine, billing } = context
    await threeDelivered(context)
    const reason = `"größe"\n\\ 😀\0 ${'x'.repeat(1024)}`.slice(0, 1000)
    await nack(engine, billing, 'reject', ['1-0'], { reason })
    expect(await deadOf(engine, billing)).toMatchObject([{ id: '1-0', reason }])
  })

  it('lists the ids that were not pending, and counts a repeated id once', async (context) => {
    const { engine, billing } = context
    await threeDelivered(context)
    await engine.ackEntries({ ...billing, ids: [id('3-0')] })
    const answer = await nack(engine, billing, 'reject', ['3-0', '1-0', '9-0', '1-0', '9-0'])
    expect(answer).toEqual({ nacked: 1, notPending: ['3-0', '9-0'] })
  })

  it('with consumer affects only entries that it owns', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    await read(engine, bob)
    const { consumer } = ann
    for (const outcome of ['retry', 'release', 'reject'] as const) {
      const before = await stateOf(engine, orders)
      expect(await nack(engine, billing, outcome, ['4-0'], { consumer })).toEqual({
        nacked: 0,
        notPending: ['4-0']
      })
      expect(await stateOf(engine, orders)).toEqual(before)
    }
    const answer = await nack(engine, billing, 'retry', ['4-0', '1-0'], { consumer })
    expect(answer).toEqual({ nacked: 1, notPending: ['4-0'] })
    const unknown = await nack(engine, billing, 'retry', ['2-0'], { consumer: 'zoe' })
    expect(unknown).toEqual({ nacked: 0, notPending: ['2-0'] })
  })

  it('with consumer does not affect what another consumer got meanwhile', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    await read(engine, bob)
    const { consumer } = ann
    expect(await nack(engine, billing, 'reject', ['1-0'], { consumer })).toMatchObject({ nacked: 0 })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased bob×2'])
  })

  it('with consumer affects an entry that is due but was not delivered again', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    const { consumer } = ann
    const late = await nack(engine, billing, 'retry', ['1-0'], { consumer, delayMs: IDLE_MS })
    expect(late).toEqual({ nacked: 1, notPending: [] })
    expect(await read(engine, bob)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 delayed -×1'])
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, billing }) => {
    const request = () => nack(engine, billing, 'retry', ['1-0'])
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}
