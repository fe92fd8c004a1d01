import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef, GroupRef, StreamRef } from '../../../src/contract/refs.ts'
import { id } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, claim, makeGroup, read } from '../requests.ts'

/** How far behind a group is, and how much it has read: counted where that is possible, null where it is not. */
export function lag(it: It): void {
  it('is nothing while nothing was appended', async ({ engine, billing }) => {
    await makeGroup(engine, billing)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
  })

  it('is everything for a group at the beginning, and falls with every entry read', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 5 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 1, lag: 4 })
    await take(engine, ann, 3)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('rises with every append', async (given) => {
    const { engine, orders, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 5)
    await append(engine, orders, '6-0', '7-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 2 })
  })

  it('is nothing for a group at the end', async (given) => {
    const { engine, orders, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing, { after: 'last' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
    await append(engine, orders, '6-0')
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 6, lag: 0 })
  })

  it('is known for a group at the first entry', async (given) => {
    const { engine, billing } = given
    await fiveOrders(given)
    await makeGroup(engine, billing, { after: '1-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 4 })
  })

  it('is unknown for a group in the middle until it reads the last entry', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing, { after: '3-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('is known for a group in the middle that was told how much it has read', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing, { after: '3-0', entriesRead: 3 })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
  })

  it('is unknown for a group after an id that is still to come', async (given) => {
    const { engine, orders, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing, { after: '10-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await append(engine, orders, '11-0')
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 6, lag: 0 })
  })

  it('is nothing for such a group when the stream is empty', async (given) => {
    const { engine, orders, billing } = given
    await fiveOrders(given)
    await makeGroup(engine, billing, { after: '10-0' })
    await engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
  })

  it('counts with noAck, too', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 2, noAck: true })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 3 })
  })

  it('does not change with acks, claims or reads of what is pending', async (given) => {
    const { engine, billing, ann, bob } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 2)
    await engine.ack({ ...billing, ids: [id('1-0')] })
    await claim(engine, { ...bob, ids: ['2-0'] })
    await read(engine, { ...bob, after: '0-0' })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 3 })
  })

  it('survives a trim of what was read', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 3)
    await keep(given, 4)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
  })

  it('is what is left after a trim of what was not read, and skips the gap', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 1)
    await keep(given, 2)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 1, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('is nothing for an emptied stream, and counts anew from there', async (given) => {
    const { engine, orders, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 2)
    await keep(given, 0)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 0 })
    await append(engine, orders, '6-0', '7-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 2, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 6, lag: 1 })
  })

  it('survives the deletion of an entry that was read', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 3)
    await remove(given, '2-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 4, lag: 1 })
  })

  it('is unknown once an entry ahead was deleted, until the last one is read', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 1)
    await remove(given, '3-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 1, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 5, lag: 0 })
  })

  it('is unknown when the entry that was read last is deleted', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await take(engine, ann, 3)
    await remove(given, '3-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: null })
  })

  it('is unknown for a group at the beginning once an entry in the middle was deleted', async (given) => {
    const { engine, billing } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await remove(given, '3-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: null })
  })

  it('is what is left when the first entries were deleted before they were read', async (given) => {
    const { engine, billing, ann } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await remove(given, '1-0', '2-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 3 })
    await take(engine, ann, 1)
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 2 })
  })

  it('is known again when a trim has taken the gap with it', async (given) => {
    const { engine, billing } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await remove(given, '3-0')
    await keep(given, 2)
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 2 })
  })

  it('is nothing when every entry was deleted', async (given) => {
    const { engine, billing } = given
    await fiveOrders(given)
    await makeGroup(engine, billing)
    await remove(given, '1-0', '2-0', '3-0', '4-0', '5-0')
    expect(await counters(engine, billing)).toEqual({ entriesRead: null, lag: 0 })
  })

  it('follows a count of appended entries that was set', async (given) => {
    const { engine, orders, billing } = given
    await fiveOrders(given)
    await makeGroup(engine, billing, { after: '3-0', entriesRead: 3 })
    await engine.setStreamId({ ...orders, lastId: id('5-0'), entriesAdded: 10 })
    expect(await counters(engine, billing)).toEqual({ entriesRead: 3, lag: 7 })
  })
}

interface Place {
  readonly engine: Engine
  readonly orders: StreamRef
}

async function fiveOrders({ engine, orders }: Place): Promise<void> {
  await append(engine, orders, '1-0', '2-0', '3-0', '4-0', '5-0')
}

async function take(engine: Engine, consumer: ConsumerRef, count: number): Promise<void> {
  expect(await read(engine, { ...consumer, count })).toHaveLength(count)
}

async function remove({ engine, orders }: Place, ...texts: string[]): Promise<void> {
  await engine.deleteEntries({ ...orders, ids: texts.map(id) })
}

async function keep({ engine, orders }: Place, maxLength: number): Promise<void> {
  await engine.trimStream({ ...orders, trim: { maxLength, approximate: false } })
}

async function counters(engine: Engine, group: GroupRef) {
  const { entriesRead, lag } = await engine.getGroup(group)
  return { entriesRead, lag }
}
