import { expect } from 'vitest'
import { delivered, everything, id, idsOf, refusal } from '../fixtures.ts'
import type { Given, It } from '../given.ts'
import { append, claim, consumersOf, makeGroup, pending, read } from '../requests.ts'

/** `listConsumers`, `ensureConsumer` and `deleteConsumer`. */
export function consumers(it: It): void {
  it('tells how long ago a consumer was seen, and active', async (given) => {
    const { engine, billing, ann, bob, elapse } = given
    await twoDelivered(given)
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

  it('lists consumers by the bytes of their names', async ({ engine, billing }) => {
    await makeGroup(engine, billing)
    const ascending = ['A', 'B', 'a', 'aa', 'b', 'é', '\uffee', '😀']
    for (const consumer of [...ascending].reverse()) await engine.ensureConsumer({ ...billing, consumer })
    expect((await consumersOf(engine, billing)).map(({ name }) => name)).toEqual(ascending)
  })

  it('makes a consumer unless it exists, and then leaves it as it is', async (given) => {
    const { engine, orders, billing, ann, elapse } = given
    await makeGroup(engine, billing)
    expect(await engine.ensureConsumer(ann)).toEqual({ created: true })
    const before = await everything(engine, orders)
    await elapse(5)
    expect(await engine.ensureConsumer(ann)).toEqual({ created: false })
    expect(await everything(engine, orders)).toEqual(before)
    expect(await engine.getGroup(billing)).toMatchObject({ consumers: 1 })
  })

  it('deletes a consumer that has nothing pending', async ({ engine, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    await engine.ensureConsumer(ann)
    await engine.ensureConsumer(bob)
    expect(await engine.deleteConsumer({ ...ann, dropPending: false })).toBe(0)
    expect(await engine.deleteConsumer({ ...bob, dropPending: true })).toBe(0)
    expect(await consumersOf(engine, billing)).toEqual([])
  })

  it('refuses to delete one that has', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await twoDelivered(given)
    const request = () => engine.deleteConsumer({ ...ann, dropPending: false })
    expect(await refusal(engine, orders, request)).toBe('consumer-has-pending')
    await engine.ack({ ...billing, ids: [id('1-0')] })
    expect(await refusal(engine, orders, request)).toBe('consumer-has-pending')
    await claim(engine, { ...bob, ids: ['2-0'] })
    expect(await request()).toBe(0)
    expect(await pending(engine, billing)).toEqual([{ id: '2-0', consumer: bob.consumer, deliveries: 2 }])
  })

  it('counts a deleted entry that is pending, too', async (given) => {
    const { engine, orders, ann } = given
    await twoDelivered(given)
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('2-0')] })
    const refused = () => engine.deleteConsumer({ ...ann, dropPending: false })
    expect(await refusal(engine, orders, refused)).toBe('consumer-has-pending')
    expect(await engine.deleteConsumer({ ...ann, dropPending: true })).toBe(2)
  })

  it('drops what is pending when told to, never to be delivered again', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await twoDelivered(given)
    await append(engine, orders, '3-0')
    await read(engine, bob)
    expect(await engine.deleteConsumer({ ...ann, dropPending: true })).toBe(2)
    expect(await pending(engine, billing)).toEqual([{ id: '3-0', consumer: bob.consumer, deliveries: 1 }])
    expect(await read(engine, { ...ann, claimIdleMs: 1_000_000 })).toEqual([])
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, entriesRead: 3, lag: 0 })
  })

  it('leaves dropped entries to be claimed by force', async (given) => {
    const { engine, ann, bob } = given
    await twoDelivered(given)
    await engine.deleteConsumer({ ...ann, dropPending: true })
    expect((await claim(engine, { ...bob, ids: ['1-0'] })).entries).toEqual([])
    const { entries } = await claim(engine, { ...bob, ids: ['1-0'], force: true })
    expect(entries).toEqual([delivered('1-0', 2)])
  })

  it("begins anew with a consumer of a deleted one's name", async (given) => {
    const { engine, orders, billing, ann } = given
    await twoDelivered(given)
    await engine.deleteConsumer({ ...ann, dropPending: true })
    expect(await engine.ensureConsumer(ann)).toEqual({ created: true })
    expect(await consumersOf(engine, billing)).toMatchObject([{ pending: 0, inactiveMs: null }])
    await append(engine, orders, '3-0')
    expect(idsOf(await read(engine, ann))).toEqual(['3-0'])
  })

  it('knows the consumers of each group apart', async ({ engine, billing, ann }) => {
    const shipping = { ...billing, group: 'shipping' }
    await makeGroup(engine, billing)
    await makeGroup(engine, shipping)
    await engine.ensureConsumer(ann)
    expect(await consumersOf(engine, shipping)).toEqual([])
    expect(await engine.ensureConsumer({ ...ann, ...shipping })).toEqual({ created: true })
    await engine.deleteConsumer({ ...ann, dropPending: false })
    expect(await consumersOf(engine, shipping)).toMatchObject([{ name: ann.consumer }])
  })

  it('refuses to delete a consumer that does not exist', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    for (const dropPending of [false, true]) {
      const request = () => engine.deleteConsumer({ ...ann, dropPending })
      expect(await refusal(engine, orders, request)).toBe('consumer-not-found')
    }
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, billing, ann }) => {
    const requests = [
      () => consumersOf(engine, billing),
      () => engine.ensureConsumer(ann),
      () => engine.deleteConsumer({ ...ann, dropPending: true })
    ]
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}

/** 1-0 and 2-0, pending with ann. */
async function twoDelivered({ engine, orders, billing, ann }: Given): Promise<void> {
  await append(engine, orders, '1-0', '2-0')
  await makeGroup(engine, billing)
  await read(engine, ann)
}
