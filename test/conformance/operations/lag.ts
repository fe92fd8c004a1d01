import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef, GroupRef } from '../../../src/contract/refs.ts'
import { id } from '../fixtures.ts'
import { append, claim, makeGroup, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

/** `lag` and `entriesRead` of a group: counts where Weir can know them, null where it cannot. */
export function lag(it: It): void {
  it('is 0 before the first append', async ({ engine, billing }) => {
    await makeGroup(engine, billing)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
  })

  it('is the length for a group at the beginning, and falls with every entry read', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 5 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 1, lag: 4 })
    await take(engine, ann, 3)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('rises with every append', async (context) => {
    const { engine, orders, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 5)
    await append(engine, orders, '6-0', '7-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 2 })
  })

  it('is 0 for a group at the end', async (context) => {
    const { engine, orders, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing, { after: 'last' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
    await append(engine, orders, '6-0')
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 6, lag: 0 })
  })

  it('is known for a group after the first entry', async (context) => {
    const { engine, billing } = context
    await fiveOrders(context)
    await makeGroup(engine, billing, { after: '1-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 4 })
  })

  it('is unknown for a group in the middle until it reads the last entry', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing, { after: '3-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('is known for a group in the middle that was created with entriesRead', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing, { after: '3-0', entriesRead: 3 })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
  })

  it('is unknown for a group after an id in the future', async (context) => {
    const { engine, orders, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing, { after: '10-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await append(engine, orders, '11-0')
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 6, lag: 0 })
  })

  it('is 0 for a group after an id in the future when the stream is empty', async (context) => {
    const { engine, orders, billing } = context
    await fiveOrders(context)
    await makeGroup(engine, billing, { after: '10-0' })
    await engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
  })

  it('falls with reads with noAck, too', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 2, noAck: true })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 3 })
  })

  it('does not change with acks, claims or reads of pending entries', async (context) => {
    const { engine, billing, ann, bob } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 2)
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await claim(engine, { ...bob, ids: ['2-0'] })
    await read(engine, { ...bob, after: '0-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 3 })
  })

  it('stays known after a trim of read entries', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 3)
    await keep(context, 4)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
  })

  it('counts only the remaining entries after a trim of unread ones', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 1)
    await keep(context, 2)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 1, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('is 0 once the stream has been emptied, and counts from there', async (context) => {
    const { engine, orders, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 2)
    await keep(context, 0)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 0 })
    await append(engine, orders, '6-0', '7-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 6, lag: 1 })
  })

  it('stays known after a read entry is deleted', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 3)
    await remove(context, '2-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
  })

  it('is unknown after an unread entry is deleted, until the last entry is read', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 1)
    await remove(context, '3-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 1, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('is unknown after the last read entry is deleted', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await take(engine, ann, 3)
    await remove(context, '3-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: null })
  })

  it('is unknown for a group at the beginning after an entry in the middle is deleted', async (context) => {
    const { engine, billing } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await remove(context, '3-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
  })

  it('counts only the remaining entries after the first ones are deleted unread', async (context) => {
    const { engine, billing, ann } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await remove(context, '1-0', '2-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 3 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
  })

  it('is known again after a trim has removed the gap', async (context) => {
    const { engine, billing } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await remove(context, '3-0')
    await keep(context, 2)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 2 })
  })

  it('is 0 after every entry is deleted', async (context) => {
    const { engine, billing } = context
    await fiveOrders(context)
    await makeGroup(engine, billing)
    await remove(context, '1-0', '2-0', '3-0', '4-0', '5-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
  })

  it('follows an entriesAdded that was set', async (context) => {
    const { engine, orders, billing } = context
    await fiveOrders(context)
    await makeGroup(engine, billing, { after: '3-0', entriesRead: 3 })
    await engine.setStreamId({ ...orders, lastId: id('5-0'), entriesAdded: 10 })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 7 })
  })
}

type OrdersOf = Pick<TestContext, 'engine' | 'orders'>

async function fiveOrders({ engine, orders }: OrdersOf): Promise<void> {
  await append(engine, orders, '1-0', '2-0', '3-0', '4-0', '5-0')
}

async function take(engine: Engine, consumer: ConsumerRef, count: number): Promise<void> {
  expect(await read(engine, { ...consumer, count })).toHaveLength(count)
}

async function remove({ engine, orders }: OrdersOf, ...texts: string[]): Promise<void> {
  await engine.deleteEntries({ ...orders, ids: texts.map(id) })
}

async function keep({ engine, orders }: OrdersOf, maxLength: number): Promise<void> {
  await engine.trimStream({ ...orders, trim: { maxLength, approximate: false } })
}

async function counters(engine: Engine, group: GroupRef) {
  const { entriesRead, lag } = await engine.getGroup(group)
  return { entriesRead, lag }
}
