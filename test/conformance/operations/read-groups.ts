import { expect } from 'vitest'
import { delivered, id, idsFrom, idsOf, LONG_MS, parked, refusal, shown } from '../fixtures.ts'
import { append, deliver, makeGroup, moments, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

/** `readGroups` for new entries. */
export function readGroups(it: It): void {
  it('delivers each entry to one consumer, oldest first', async ({ engine, orders, billing, ann, bob }) => {
    await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
    await makeGroup(engine, billing)
    expect(await read(engine, { ...ann, count: 2 })).toEqual([delivered('1-0'), delivered('2-0')])
    expect(await read(engine, bob)).toEqual([delivered('3-0'), delivered('4-0')])
    expect(await read(engine, ann)).toEqual([])
  })

  it('makes delivered entries pending with the consumer', async ({ engine, orders, billing, ann, bob }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    await read(engine, { ...bob, count: 1 })
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 }
    ])
  })

  it('moves the group to the last delivered entry', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 2 })
    expect(shown(await engine.getGroup(billing))).toMatchObject({
      lastDeliveredId: '2-0',
      pending: 2,
      lag: 1
    })
  })

  it('delivers all entries to every group', async ({ engine, orders, billing, ann }) => {
    const shipping = { ...billing, group: 'shipping' }
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, shipping)
    expect(idsOf(await read(engine, ann))).toEqual(['1-0', '2-0'])
    expect(idsOf(await read(engine, { ...ann, ...shipping }))).toEqual(['1-0', '2-0'])
  })

  it('delivers a thousand entries at once', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    await makeGroup(engine, billing)
    expect(idsOf(await read(engine, { ...ann, count: 1000 }))).toEqual(idsFrom(1, 1000))
    expect(idsOf(await pending(engine, billing))).toEqual(idsFrom(1, 1000))
  })

  it('skips entries that were deleted or trimmed', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
    await makeGroup(engine, billing)
    await engine.trimStream({ ...orders, trim: { maxLength: 3, approximate: false } })
    await engine.deleteEntries({ ...orders, ids: [id('3-0')] })
    expect(await read(engine, { ...ann, count: 2 })).toEqual([delivered('2-0'), delivered('4-0')])
  })

  it('delivers nothing of an empty stream, or if all new entries were deleted', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing)
    expect((await deliver(engine, ann)).streams).toEqual([])
    await append(engine, orders, '1-0')
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    expect((await deliver(engine, ann)).streams).toEqual([])
  })

  it('creates the consumer even if it delivers nothing', async ({ engine, billing, ann }) => {
    await makeGroup(engine, billing)
    await read(engine, ann)
    expect(await moments(engine, ann)).toEqual({ seenAt: expect.any(Number), activeAt: null })
  })

  it('creates the consumer before it waits', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    expect(await moments(engine, ann)).toEqual({ seenAt: expect.any(Number), activeAt: null })
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
  })

  it('updates seenAt with every read and activeAt with every delivery', async (context) => {
    const { engine, orders, billing, ann, elapse } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    const first = await moments(engine, ann)
    expect(first.activeAt).toBe(first.seenAt)
    await elapse(20)
    await read(engine, ann)
    const second = await moments(engine, ann)
    expect(second.activeAt).toBe(first.activeAt)
    expect(second.seenAt).toBeGreaterThanOrEqual(first.seenAt + 20)
    await append(engine, orders, '2-0')
    await elapse(20)
    await read(engine, ann)
    const third = await moments(engine, ann)
    expect(third.activeAt).toBe(third.seenAt)
    expect(third.seenAt).toBeGreaterThanOrEqual(second.seenAt + 20)
  })

  it('moves the group with noAck, but makes no entry pending and does not set activeAt', async (context) => {
    const { engine, orders, billing, ann } = context
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    expect(await read(engine, { ...ann, count: 2, noAck: true })).toEqual([
      delivered('1-0'),
      delivered('2-0')
    ])
    expect(await pending(engine, billing)).toEqual([])
    expect(await moments(engine, ann)).toEqual({ seenAt: expect.any(Number), activeAt: null })
    expect(shown(await engine.getGroup(billing))).toMatchObject({
      lastDeliveredId: '2-0',
      entriesRead: 2,
      lag: 1
    })
    expect(await read(engine, { ...ann, noAck: true })).toEqual([delivered('3-0')])
  })

  it('leaves pending entries with their owner when it delivers them again with noAck', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await read(engine, { ...ann, after: '0-0' })
    await engine.updateGroup({ ...billing, after: id('0-0') })
    expect(idsOf(await read(engine, { ...bob, noAck: true }))).toEqual(['1-0'])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: ann.consumer, deliveries: 2 }])
  })

  it('delivers different entries to simultaneous readers', async ({ engine, orders, billing, ann, bob }) => {
    await append(engine, orders, ...idsFrom(1, 20))
    await makeGroup(engine, billing)
    const readers = [ann, bob, ann, bob].map((reader) => read(engine, { ...reader, count: 5 }))
    const received = (await Promise.all(readers)).map(idsOf)
    expect(received).toEqual([idsFrom(1, 5), idsFrom(6, 10), idsFrom(11, 15), idsFrom(16, 20)])
    expect(await pending(engine, billing)).toHaveLength(20)
  })

  it('refuses a group or stream that does not exist, with or without waitMs', async (context) => {
    const { engine, orders, billing, ann } = context
    const requests = [() => read(engine, ann), () => read(engine, { ...ann, waitMs: LONG_MS })]
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await append(engine, orders, '1-0')
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('group-not-found')
    await makeGroup(engine, { ...billing, group: 'shipping' })
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}
