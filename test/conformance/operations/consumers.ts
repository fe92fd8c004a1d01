import { expect } from 'vitest'
import { delivered, id, idsOf, refusal, stateOf } from '../fixtures.ts'
import { append, claim, consumersOf, makeGroup, pending, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

/** `listConsumers`, `ensureConsumer` and `deleteConsumer`. */
export function consumers(it: It): void {
  it('show how long ago a consumer was seen and active', async (context) => {
    const { engine, billing, ann, bob, elapse } = context
    await twoDelivered(context)
    await engine.ensureConsumer(bob)
    await elapse(20)
    await read(engine, ann)
    const [first, second] = await consumersOf(engine, billing)
    expect(first).toEqual({
      name: ann.consumer,
      pending: 2,
      idleMs: expect.any(Number),
      inactiveMs: expect.any(Number)
    })
    expect(first?.inactiveMs).toBeGreaterThanOrEqual((first?.idleMs ?? Number.NaN) + 20)
    expect(second).toEqual({ name: bob.consumer, pending: 0, idleMs: expect.any(Number), inactiveMs: null })
    expect(second?.idleMs).toBeGreaterThanOrEqual(20)
  })

  it('list consumers in the byte order of their names', async ({ engine, billing }) => {
    await makeGroup(engine, billing)
    const ascending = ['A', 'B', 'a', 'aa', 'b', 'é', '\uffee', '😀']
    for (const consumer of [...ascending].reverse()) await engine.ensureConsumer({ ...billing, consumer })
    expect((await consumersOf(engine, billing)).map(({ name }) => name)).toEqual(ascending)
  })

  it('create a consumer and leave an existing one as it is', async (context) => {
    const { engine, orders, billing, ann, elapse } = context
    await makeGroup(engine, billing)
    expect(await engine.ensureConsumer(ann)).toEqual({ created: true })
    const before = await stateOf(engine, orders)
    await elapse(5)
    expect(await engine.ensureConsumer(ann)).toEqual({ created: false })
    expect(await stateOf(engine, orders)).toEqual(before)
    expect(await engine.getGroup(billing)).toMatchObject({ consumers: 1 })
  })

  it('delete a consumer without pending entries', async ({ engine, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    await engine.ensureConsumer(ann)
    await engine.ensureConsumer(bob)
    expect(await engine.deleteConsumer({ ...ann, pending: 'keep' })).toBe(0)
    expect(await engine.deleteConsumer({ ...bob, pending: 'drop' })).toBe(0)
    expect(await consumersOf(engine, billing)).toEqual([])
  })

  it('refuse to keep the pending entries of a consumer that is deleted', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await twoDelivered(context)
    const request = () => engine.deleteConsumer({ ...ann, pending: 'keep' })
    expect(await refusal(engine, orders, request)).toBe('consumer-has-pending')
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    expect(await refusal(engine, orders, request)).toBe('consumer-has-pending')
    await claim(engine, { ...bob, ids: ['2-0'] })
    expect(await request()).toBe(0)
    expect(await pending(engine, billing)).toEqual([{ id: '2-0', consumer: bob.consumer, deliveries: 2 }])
  })

  it('count pending entries that were deleted', async (context) => {
    const { engine, orders, ann } = context
    await twoDelivered(context)
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('2-0')] })
    const refused = () => engine.deleteConsumer({ ...ann, pending: 'keep' })
    expect(await refusal(engine, orders, refused)).toBe('consumer-has-pending')
    expect(await engine.deleteConsumer({ ...ann, pending: 'drop' })).toBe(2)
  })

  it('drop pending entries for good with drop', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await twoDelivered(context)
    await append(engine, orders, '3-0')
    await read(engine, bob)
    expect(await engine.deleteConsumer({ ...ann, pending: 'drop' })).toBe(2)
    expect(await pending(engine, billing)).toEqual([{ id: '3-0', consumer: bob.consumer, deliveries: 1 }])
    expect(await read(engine, { ...ann, claimIdleMs: 1_000_000 })).toEqual([])
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, entriesRead: 3, lag: 0 })
  })

  it('let dropped entries be claimed by force', async (context) => {
    const { engine, ann, bob } = context
    await twoDelivered(context)
    await engine.deleteConsumer({ ...ann, pending: 'drop' })
    expect((await claim(engine, { ...bob, ids: ['1-0'] })).entries).toEqual([])
    const { entries } = await claim(engine, { ...bob, ids: ['1-0'], force: true })
    expect(entries).toEqual([delivered('1-0', 2)])
  })

  it('start afresh with a consumer that was deleted before', async (context) => {
    const { engine, orders, billing, ann } = context
    await twoDelivered(context)
    await engine.deleteConsumer({ ...ann, pending: 'drop' })
    expect(await engine.ensureConsumer(ann)).toEqual({ created: true })
    expect(await consumersOf(engine, billing)).toMatchObject([{ pending: 0, inactiveMs: null }])
    await append(engine, orders, '3-0')
    expect(idsOf(await read(engine, ann))).toEqual(['3-0'])
  })

  it('keep the consumers of different groups apart', async ({ engine, billing, ann }) => {
    const shipping = { ...billing, group: 'shipping' }
    await makeGroup(engine, billing)
    await makeGroup(engine, shipping)
    await engine.ensureConsumer(ann)
    expect(await consumersOf(engine, shipping)).toEqual([])
    expect(await engine.ensureConsumer({ ...ann, ...shipping })).toEqual({ created: true })
    await engine.deleteConsumer({ ...ann, pending: 'keep' })
    expect(await consumersOf(engine, shipping)).toMatchObject([{ name: ann.consumer }])
  })

  it('refuse to delete a consumer that does not exist', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    for (const pending of ['keep', 'drop', 'release'] as const) {
      const request = () => engine.deleteConsumer({ ...ann, pending })
      expect(await refusal(engine, orders, request)).toBe('consumer-not-found')
    }
  })

  it('refuse a group or stream that does not exist', async ({ engine, orders, billing, ann }) => {
    const requests = [
      () => consumersOf(engine, billing),
      () => engine.ensureConsumer(ann),
      () => engine.deleteConsumer({ ...ann, pending: 'drop' })
    ]
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}

/** 1-0 and 2-0, pending with ann. */
async function twoDelivered({ engine, orders, billing, ann }: TestContext): Promise<void> {
  await append(engine, orders, '1-0', '2-0')
  await makeGroup(engine, billing)
  await read(engine, ann)
}
