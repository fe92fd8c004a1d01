import { expect } from 'vitest'
import { delivered, id, idsOf, LONG_MS, parked, shown } from '../fixtures.ts'
import { append, claim, deliver, entriesOf, makeGroup, pending, read } from '../requests.ts'
import { threeOrders } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `undo` of a delivery of new entries, after its consumer hung up. */
export function undoNew(it: It): void {
  it('delivers the entries to the next reader as if for the first time', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, { ...ann, count: 2 })
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0', '2-0'])
    delivery.undo()
    expect(await pending(engine, billing)).toEqual([])
    expect(await read(engine, { ...bob, count: 1 })).toEqual([delivered('1-0')])
    expect(await read(engine, bob)).toEqual([delivered('2-0'), delivered('3-0')])
    expect(await read(engine, ann)).toEqual([])
  })

  it('delivers them to readers that already wait', async ({ engine, orders, billing, ann, bob, cid }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    const delivery = await deliver(engine, ann)
    const first = await parked(engine, () => read(engine, { ...bob, count: 1, waitMs: LONG_MS }))
    const second = await parked(engine, () => read(engine, { ...cid, waitMs: LONG_MS }))
    delivery.undo()
    expect(await first.answer).toEqual([delivered('1-0')])
    expect(await second.answer).toEqual([delivered('2-0')])
  })

  it('returns an entry that its reader had waited for', async ({ engine, orders, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    const first = await parked(engine, () => deliver(engine, { ...ann, waitMs: LONG_MS }))
    const second = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await append(engine, orders, '1-0')
    const delivery = await first.answer
    expect(entriesOf(delivery)).toEqual([delivered('1-0')])
    delivery.undo()
    expect(await second.answer).toEqual([delivered('1-0')])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: bob.consumer, deliveries: 1 }])
  })

  it('restores the counters of the group', async (context) => {
    const { engine, billing, ann } = context
    await threeOrders(context)
    await read(engine, { ...ann, count: 1 })
    const before = await counters(engine, billing)
    expect(before).toEqual({ pending: 1, entriesRead: 1, lag: 2 })
    const delivery = await deliver(engine, ann)
    expect(await counters(engine, billing)).toEqual({ pending: 3, entriesRead: 3, lag: 0 })
    delivery.undo()
    expect(await counters(engine, billing)).toEqual(before)
    await read(engine, ann)
    expect(await counters(engine, billing)).toEqual({ pending: 3, entriesRead: 3, lag: 0 })
  })

  it('delivers the entries before later ones, in the order of their ids', async (context) => {
    const { engine, orders, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, { ...ann, count: 2 })
    await read(engine, { ...bob, count: 1 })
    await append(engine, orders, '4-0')
    delivery.undo()
    expect(await read(engine, bob)).toEqual([delivered('1-0'), delivered('2-0'), delivered('4-0')])
    expect(await pending(engine, ann)).toHaveLength(4)
  })

  it('works for several deliveries in any order', async (context) => {
    const { engine, ann, bob, cid } = context
    await threeOrders(context)
    const first = await deliver(engine, { ...ann, count: 1 })
    const second = await deliver(engine, { ...bob, count: 1 })
    const third = await deliver(engine, { ...ann, count: 1 })
    third.undo()
    first.undo()
    expect(await read(engine, { ...cid, count: 1 })).toEqual([delivered('1-0')])
    second.undo()
    expect(await read(engine, cid)).toEqual([delivered('2-0'), delivered('3-0')])
  })

  it('does nothing the second time', async (context) => {
    const { engine, billing, ann } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    delivery.undo()
    const again = await deliver(engine, ann)
    expect(idsOf(entriesOf(again))).toEqual(['1-0', '2-0', '3-0'])
    delivery.undo()
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0', '2-0', '3-0'])
    expect(await read(engine, ann)).toEqual([])
  })

  it('does nothing to an empty delivery', async ({ engine, billing, ann }) => {
    await makeGroup(engine, billing)
    const delivery = await deliver(engine, ann)
    delivery.undo()
    expect(delivery.streams).toEqual([])
    expect(await counters(engine, billing)).toEqual({ pending: 0, entriesRead: null, lag: 0 })
  })

  it('leaves entries acked that were acked meanwhile', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    await engine.ackEntries({ ...billing, ids: [id('2-0')] })
    delivery.undo()
    expect(await read(engine, bob)).toEqual([delivered('1-0'), delivered('3-0')])
  })

  it('leaves entries claimed that were claimed meanwhile', async (context) => {
    const { engine, ann, bob, cid } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    await claim(engine, { ...bob, ids: ['1-0'] })
    await claim(engine, { ...bob, ids: ['2-0'], justIds: true })
    delivery.undo()
    expect(await pending(engine, ann)).toEqual([
      { id: '1-0', consumer: bob.consumer, deliveries: 2 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 }
    ])
    expect(await read(engine, cid)).toEqual([delivered('3-0')])
  })

  it('leaves entries with the consumer that it has claimed or read again itself', async (context) => {
    const { engine, ann, bob, elapse } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    await read(engine, { ...ann, after: '1-0', count: 1 })
    await elapse(5)
    await claim(engine, { ...ann, ids: ['1-0'], justIds: true })
    delivery.undo()
    expect(await pending(engine, ann)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: ann.consumer, deliveries: 2 }
    ])
    expect(await read(engine, bob)).toEqual([delivered('3-0')])
  })

  it('removes entries from the pending list that were deleted meanwhile', async (context) => {
    const { engine, orders, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    await engine.trimStream({ ...orders, trim: { maxLength: 2, approximate: false } })
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    delivery.undo()
    expect(await pending(engine, ann)).toEqual([])
    expect(await read(engine, bob)).toEqual([delivered('3-0')])
  })

  it('delivers no entries that are deleted or trimmed afterwards', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    delivery.undo()
    await engine.trimStream({ ...orders, trim: { maxLength: 2, approximate: false } })
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    expect(await read(engine, bob)).toEqual([delivered('3-0')])
    expect(await counters(engine, billing)).toMatchObject({ pending: 1, lag: 0 })
  })

  it('delivers each entry once if the group was moved back meanwhile', async (context) => {
    const { engine, billing, ann, bob, elapse } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    await elapse(5)
    await engine.updateGroup({ ...billing, after: id('1-0') })
    expect(await read(engine, { ...bob, count: 1 })).toEqual([delivered('2-0')])
    delivery.undo()
    expect(await read(engine, bob)).toEqual([delivered('1-0'), delivered('3-0')])
    expect(await read(engine, bob)).toEqual([])
  })

  it('loses no pending entry if the group was moved to the end meanwhile', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, { ...ann, count: 1 })
    await engine.updateGroup({ ...billing, after: 'last' })
    delivery.undo()
    await append(engine, orders, '4-0')
    expect(await read(engine, bob)).toEqual([delivered('1-0'), delivered('4-0')])
  })

  it('returns nothing to a group that is moved afterwards', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    delivery.undo()
    await engine.updateGroup({ ...billing, after: 'last' })
    expect(await counters(engine, billing)).toMatchObject({ pending: 0, lag: 0 })
    await append(engine, orders, '4-0')
    expect(await read(engine, bob)).toEqual([delivered('4-0')])
    await engine.updateGroup({ ...billing, after: id('2-0') })
    expect(idsOf(await read(engine, bob))).toEqual(['3-0', '4-0'])
  })

  it('still returns entries to a group of which only entriesRead is set', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, { ...ann, count: 2 })
    delivery.undo()
    await engine.updateGroup({ ...billing, entriesRead: 0 })
    expect(await counters(engine, billing)).toEqual({ pending: 0, entriesRead: 0, lag: 3 })
    expect(await read(engine, bob)).toEqual([delivered('1-0'), delivered('2-0'), delivered('3-0')])
  })

  it('does nothing to a group that was deleted and created again', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, ann)
    await engine.deleteGroup({ ...billing, dropPending: true })
    delivery.undo()
    await makeGroup(engine, billing, { after: 'last' })
    delivery.undo()
    expect(await read(engine, bob)).toEqual([])
    expect(await pending(engine, billing)).toEqual([])
  })

  it('leaves entries dropped that were dropped with their consumer', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, { ...ann, count: 2 })
    await engine.deleteConsumer({ ...ann, pending: 'drop' })
    delivery.undo()
    expect(await read(engine, bob)).toEqual([delivered('3-0')])
    expect(idsOf(await pending(engine, billing))).toEqual(['3-0'])
  })

  it('returns entries that were delivered with noAck', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeOrders(context)
    const delivery = await deliver(engine, { ...ann, count: 2, noAck: true })
    delivery.undo()
    expect(await counters(engine, billing)).toMatchObject({ pending: 0, lag: 3 })
    expect(idsOf(await read(engine, { ...bob, noAck: true }))).toEqual(['1-0', '2-0', '3-0'])
    expect(await read(engine, ann)).toEqual([])
  })

  it('returns the entries of several streams', async ({ engine, orders, billing, ann, bob }) => {
    const abroad = { stream: `${orders.stream}-abroad` }
    await append(engine, orders, '1-0')
    await append(engine, abroad, '2-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, ...abroad })
    const streams = [{ stream: orders.stream }, { stream: abroad.stream }]
    const request = { group: ann.group, consumer: ann.consumer, streams, count: 1, waitMs: 0, noAck: false }
    const delivery = await engine.readGroups(request, new AbortController().signal)
    expect(shown(delivery.streams)).toHaveLength(2)
    delivery.undo()
    expect(await read(engine, bob)).toEqual([delivered('1-0')])
    expect(await read(engine, { ...bob, ...abroad })).toEqual([delivered('2-0')])
  })
}

async function counters(engine: TestContext['engine'], group: TestContext['billing']) {
  const { pending, entriesRead, lag } = await engine.getGroup(group)
  return { pending, entriesRead, lag }
}
