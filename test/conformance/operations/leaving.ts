import { expect } from 'vitest'
import { id, idsFrom, idsOf, LONG_MS, parked } from '../fixtures.ts'
import { nack, ordersWith, pendingTexts, setPolicy, until } from '../policy-requests.ts'
import { append, consumersOf, makeGroup, read } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** Consumers that leave: `deleteConsumer` with `release`, and `consumerTtlMs`. */
export function leaving(it: It): void {
  it('releases what a consumer holds, with the counts from before the deliveries', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0', '2-0', '3-0')
    await read(engine, { ...ann, count: 2 })
    await read(engine, { ...ann, count: 1, after: '0-0' })
    await read(engine, bob)
    expect(await engine.deleteConsumer({ ...ann, pending: 'release' })).toBe(2)
    expect((await consumersOf(engine, billing)).map(({ name }) => name)).toEqual(['bob'])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×1', '2-0 due -×0', '3-0 leased bob×1'])
    expect(await read(engine, bob)).toMatchObject([
      { id: '1-0', deliveries: 2 },
      { id: '2-0', deliveries: 1 }
    ])
  })

  it('releases entries to a waiting reader, with or without a policy', async (context) => {
    const { engine, ann, bob } = context
    await threeDelivered(context)
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    expect(await engine.deleteConsumer({ ...ann, pending: 'release' })).toBe(3)
    const first = await answer
    const rest = await read(engine, bob)
    expect(idsOf([...first, ...rest])).toEqual(['1-0', '2-0', '3-0'])
    for (const { deliveries } of [...first, ...rest]) expect(deliveries).toBe(1)
  })

  it('releases any number of entries', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    const all = idsFrom(1, 2500)
    await append(engine, orders, ...all)
    await makeGroup(engine, billing)
    for (let reads = 0; reads < 3; reads++) await read(engine, { ...ann, count: 1000 })
    expect(await engine.deleteConsumer({ ...ann, pending: 'release' })).toBe(2500)
    expect(await consumersOf(engine, billing)).toEqual([])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 2500, delayed: 0, dead: 0 })
    const got: string[] = []
    for (let reads = 0; reads < 3; reads++) got.push(...idsOf(await read(engine, { ...bob, count: 1000 })))
    expect(got.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toEqual(all)
  })

  it('releases nothing of a consumer that holds nothing', async (context) => {
    const { engine, billing, ann } = context
    await threeDelivered(context)
    await nack(engine, billing, 'retry', ['1-0'], { delayMs: IDLE_MS })
    await nack(engine, billing, 'reject', ['2-0'])
    await engine.ackEntries({ ...billing, ids: [id('3-0')] })
    expect(await engine.deleteConsumer({ ...ann, pending: 'release' })).toBe(0)
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 delayed -×1'])
    expect(await engine.getGroup(billing)).toMatchObject({ dead: 1, consumers: 0 })
  })

  it('does not let entries die, and lets them be read by a consumer of the same name', async (context) => {
    const { engine, ann } = context
    await ordersWith(context, { maxDeliveries: 1 }, '1-0')
    for (let rounds = 0; rounds < 3; rounds++) {
      expect(await read(engine, ann)).toMatchObject([{ id: '1-0', deliveries: 1 }])
      await engine.deleteConsumer({ ...ann, pending: 'release' })
    }
    expect(await engine.getGroup(ann)).toMatchObject({ pending: 1, dead: 0 })
  })

  it('deletes consumers that hold nothing and were not seen for consumerTtlMs', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { consumerTtlMs: spanMs }, '1-0')
    await read(engine, { ...ann, count: 1 })
    await engine.ensureConsumer(bob)
    await elapse(spanMs)
    await untilConsumers(context, 'ann')
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await elapse(spanMs)
    await untilConsumers(context)
    expect(await engine.getGroup(billing)).toMatchObject({ consumers: 0 })
  })

  it('deletes consumers whose entries were all nacked or died', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await ordersWith(context, { consumerTtlMs: spanMs }, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'], { delayMs: IDLE_MS })
    await nack(engine, billing, 'reject', ['2-0'])
    await elapse(spanMs)
    await untilConsumers(context)
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, delayed: 1, dead: 1 })
  })

  it('deletes consumers that existed before consumerTtlMs was set', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await makeGroup(engine, billing)
    await engine.ensureConsumer(ann)
    await elapse(spanMs)
    expect(await consumersOf(engine, billing)).toHaveLength(1)
    await setPolicy(engine, billing, { consumerTtlMs: spanMs })
    await elapse(spanMs)
    await untilConsumers(context)
  })

  it('creates a deleted consumer again when it reads', async (context) => {
    const { engine, orders, billing, ann, elapse, spanMs } = context
    await ordersWith(context, { consumerTtlMs: spanMs })
    await engine.ensureConsumer(ann)
    await elapse(spanMs)
    await untilConsumers(context)
    await append(engine, orders, '1-0')
    expect(idsOf(await read(engine, ann))).toEqual(['1-0'])
    expect(await consumersOf(engine, billing)).toMatchObject([{ name: 'ann', pending: 1 }])
  })

  it('keeps consumers that were seen lately, and those of groups without consumerTtlMs', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    const shipping = { ...billing, group: 'shipping' }
    await ordersWith(context, { consumerTtlMs: IDLE_MS })
    await makeGroup(engine, shipping)
    await engine.ensureConsumer(ann)
    await engine.ensureConsumer({ ...bob, ...shipping })
    await elapse(spanMs)
    await untilConsumers(context, 'ann')
    expect(await consumersOf(engine, shipping)).toMatchObject([{ name: 'bob' }])
  })
}

/** Lets time pass until the group has these consumers and no others. */
function untilConsumers({ engine, billing, elapse }: TestContext, ...names: string[]): Promise<void> {
  return until(async () => {
    await elapse(5)
    const found = await consumersOf(engine, billing)
    return found.map(({ name }) => name).join() === names.join()
  })
}
