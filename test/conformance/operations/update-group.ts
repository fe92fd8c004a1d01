import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { GroupRef } from '../../../src/contract/refs.ts'
import { delivered, id, idsOf, LONG_MS, parked, refusal, shown, stateOf } from '../fixtures.ts'
import { append, makeGroup, pending, positionOf, read } from '../requests.ts'
import type { It } from '../test-context.ts'

export function updateGroup(it: It): void {
  it('moves a group forward, past entries that it then never reads', async ({
    engine,
    orders,
    billing,
    ann
  }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    expect(await move(engine, billing, { after: '2-0' })).toMatchObject({ lastDeliveredId: '2-0' })
    expect(await read(engine, ann)).toEqual([delivered('3-0')])
  })

  it('moves a group to the end', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    expect(await move(engine, billing, { after: 'last' })).toMatchObject({ lastDeliveredId: '2-0', lag: 0 })
    expect(await read(engine, ann)).toEqual([])
  })

  it('moves a group back, so that it reads acked entries again', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.ackEntries({ ...billing, ids: [id('1-0'), id('2-0'), id('3-0')] })
    expect(await move(engine, billing, { after: '1-0' })).toMatchObject({
      lastDeliveredId: '1-0',
      pending: 0
    })
    expect(await read(engine, bob)).toEqual([delivered('2-0'), delivered('3-0')])
  })

  it('leaves entries pending', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    expect(await move(engine, billing, { after: 'last' })).toMatchObject({ pending: 1, consumers: 1 })
    expect(await move(engine, billing, { after: '0-0' })).toMatchObject({ pending: 1, consumers: 1 })
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0'])
  })

  it('lets pending entries be delivered to a new owner as first deliveries', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await read(engine, { ...ann, after: '0-0' })
    await move(engine, billing, { after: '0-0' })
    expect(await read(engine, { ...bob, count: 1 })).toEqual([delivered('1-0', 1)])
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: bob.consumer, deliveries: 1 },
      { id: '2-0', consumer: ann.consumer, deliveries: 2 }
    ])
    expect(await read(engine, ann)).toEqual([delivered('2-0', 1)])
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['2-0'])
  })

  it('accepts an id without an entry, and an id in the future', async (context) => {
    const { engine, orders, billing, ann } = context
    await append(engine, orders, '1-0', '3-0')
    await makeGroup(engine, billing, { after: 'last' })
    await move(engine, billing, { after: '2-0' })
    expect(idsOf(await read(engine, ann))).toEqual(['3-0'])
    await move(engine, billing, { after: '5-0' })
    await append(engine, orders, '4-0', '6-0')
    expect(idsOf(await read(engine, ann))).toEqual(['6-0'])
  })

  it('resets entriesRead when it moves a group, unless the request sets it', async ({
    engine,
    orders,
    billing,
    ann
  }) => {
    await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 3 })
    expect(await move(engine, billing, { after: '2-0' })).toMatchObject({ entriesRead: null, lag: null })
    expect(await move(engine, billing, { after: '2-0', entriesRead: 2 })).toMatchObject({
      entriesRead: 2,
      lag: 2
    })
  })

  it('sets entriesRead to no more than were appended', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing, { after: '2-0' })
    expect(await move(engine, billing, { entriesRead: 2 })).toMatchObject({
      lastDeliveredId: '2-0',
      entriesRead: 2,
      lag: 1
    })
    expect(await move(engine, billing, { entriesRead: 50 })).toMatchObject({ entriesRead: 3, lag: 0 })
  })

  it('leaves the group as it is if the request is empty', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    const before = await stateOf(engine, orders)
    expect(await move(engine, billing, {})).toMatchObject({
      lastDeliveredId: '1-0',
      entriesRead: 1,
      lag: 1
    })
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('delivers entries after the new position to a waiting reader, oldest first', async (context) => {
    const { engine, orders, billing, ann } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing, { after: 'last' })
    const { answer } = await parked(engine, () => read(engine, { ...ann, count: 1, waitMs: LONG_MS }))
    await move(engine, billing, { after: '0-0' })
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(await read(engine, ann)).toEqual([delivered('2-0')])
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, billing }) => {
    const request = () => move(engine, billing, { after: 'last' })
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}

async function move(
  engine: Engine,
  { stream, group }: GroupRef,
  { after, entriesRead }: { after?: string; entriesRead?: number }
) {
  const position = after === undefined ? {} : { after: positionOf(after) }
  const counter = entriesRead === undefined ? {} : { entriesRead }
  return shown(await engine.updateGroup({ stream, group, ...position, ...counter }))
}
