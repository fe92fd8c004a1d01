import { expect, vi } from 'vitest'
import {
  codeOfRefused,
  delivered,
  entry,
  id,
  ids,
  LONG_MS,
  parked,
  refusal,
  shown,
  stateOf
} from '../fixtures.ts'
import { append, deliver, groupsOf, list, makeGroup, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

/** `ensureGroup`, `getGroup`, `listGroups` and `deleteGroup`. */
export function groups(it: It): void {
  it('create a group at the beginning, which reads everything', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    const created = await engine.ensureGroup({ ...billing, after: 0n, createStream: false, onlyNew: false })
    const group = {
      name: billing.group,
      consumers: 0,
      pending: 0,
      delayed: 0,
      dead: 0,
      delivery: null,
      lastDeliveredId: '0-0',
      entriesRead: null,
      lag: 2,
      oldestPendingMs: null
    }
    expect(shown(created)).toEqual({ created: true, ...group })
    expect(shown(await engine.getGroup(billing))).toEqual(group)
    expect(await read(engine, ann)).toEqual([delivered('1-0'), delivered('2-0')])
  })

  it('create a group at the end, which reads only later entries', async ({
    engine,
    orders,
    billing,
    ann
  }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing, { after: 'last' })
    expect(shown(await engine.getGroup(billing))).toMatchObject({ lastDeliveredId: '2-0', lag: 0 })
    expect(await read(engine, ann)).toEqual([])
    await append(engine, orders, '3-0')
    expect(await read(engine, ann)).toEqual([delivered('3-0')])
  })

  it('use the last id as the end even if its entry was deleted', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0', '2-0')
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    await makeGroup(engine, billing, { after: 'last' })
    expect(shown(await engine.getGroup(billing)).lastDeliveredId).toBe('2-0')
  })

  it('create a group after an id, with or without an entry of that id', async ({
    engine,
    orders,
    billing,
    ann
  }) => {
    await append(engine, orders, '1-0', '3-0', '4-0')
    await makeGroup(engine, billing, { after: '2-0' })
    await makeGroup(engine, { ...billing, group: 'shipping' }, { after: '3-0' })
    expect(await read(engine, ann)).toEqual([delivered('3-0'), delivered('4-0')])
    expect(await read(engine, { ...ann, group: 'shipping' })).toEqual([delivered('4-0')])
  })

  it('create a group after an id in the future', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing, { after: '5-0' })
    await append(engine, orders, '4-0', '5-0', '6-0')
    expect(await read(engine, ann)).toEqual([delivered('6-0')])
  })

  it('create the stream only with createStream', async ({ engine, orders, billing }) => {
    const request = { ...billing, after: 'last', onlyNew: false } as const
    const without = () => engine.ensureGroup({ ...request, createStream: false })
    expect(await refusal(engine, orders, without)).toBe('stream-not-found')
    const created = shown(await engine.ensureGroup({ ...request, createStream: true }))
    expect(created).toMatchObject({ created: true, lastDeliveredId: '0-0', lag: 0 })
    expect(shown(await engine.getStream(orders))).toMatchObject({ length: 0, lastId: '0-0', groups: 1 })
  })

  it('leave an existing stream as it is', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0')
    await engine.ensureGroup({ ...billing, after: 0n, createStream: true, onlyNew: true })
    expect(await list(engine, orders)).toEqual([entry('1-0')])
  })

  it('leave an existing group as it is', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    const before = await stateOf(engine, orders)
    const request = { ...billing, after: 'last', entriesRead: 9, createStream: true } as const
    const found = shown(await engine.ensureGroup({ ...request, onlyNew: false }))
    expect(found).toEqual({
      created: false,
      name: billing.group,
      consumers: 1,
      pending: 1,
      delayed: 0,
      dead: 0,
      delivery: null,
      lastDeliveredId: '1-0',
      entriesRead: 1,
      lag: 1,
      oldestPendingMs: expect.any(Number)
    })
    expect(await stateOf(engine, orders)).toEqual(before)
    const onlyNew = () => engine.ensureGroup({ ...request, onlyNew: true })
    expect(await refusal(engine, orders, onlyNew)).toBe('group-exists')
  })

  it('set entriesRead of a new group, but to no more than were appended', async ({
    engine,
    orders,
    billing
  }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing, { after: '2-0', entriesRead: 2 })
    expect(shown(await engine.getGroup(billing))).toMatchObject({ entriesRead: 2, lag: 1 })
    const shipping = { ...billing, group: 'shipping' }
    await makeGroup(engine, shipping, { after: '3-0', entriesRead: 50 })
    expect(shown(await engine.getGroup(shipping))).toMatchObject({ entriesRead: 3, lag: 0 })
  })

  it('list groups in the byte order of their names', async ({ engine, orders, billing }) => {
    const ascending = ['A', 'B', 'a', 'aa', 'b', 'é', '\uffee', '😀']
    for (const group of [...ascending].reverse()) await makeGroup(engine, { ...billing, group })
    expect((await groupsOf(engine, orders)).map(({ name }) => name)).toEqual(ascending)
  })

  it('list each group with all of its members', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, group: 'shipping' }, { after: 'last' })
    await read(engine, { ...ann, count: 1 })
    expect(shown(await groupsOf(engine, orders))).toEqual([
      {
        name: 'billing',
        consumers: 1,
        pending: 1,
        delayed: 0,
        dead: 0,
        delivery: null,
        lastDeliveredId: '1-0',
        entriesRead: 1,
        lag: 1,
        oldestPendingMs: expect.any(Number)
      },
      {
        name: 'shipping',
        consumers: 0,
        pending: 0,
        delayed: 0,
        dead: 0,
        delivery: null,
        lastDeliveredId: '2-0',
        entriesRead: null,
        lag: 0,
        oldestPendingMs: null
      }
    ])
  })

  it('show the idle time of the oldest pending entry that still exists', async (context) => {
    const { engine, orders, billing, ann, bob, spanMs, elapse } = context
    const oldestMs = async () => (await engine.getGroup(billing)).oldestPendingMs
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    expect(await oldestMs()).toBeNull()
    await read(engine, { ...ann, count: 2 })
    await elapse(3 * spanMs)
    await read(engine, { ...bob, count: 1 })
    // The entry with the lowest id is no longer the one that has been idle longest.
    await engine.claimEntries({ ...bob, ids: [id('1-0')], minIdleMs: 0, force: false, justIds: false })
    expect(await oldestMs()).toBeGreaterThanOrEqual(3 * spanMs)
    const [listed] = await groupsOf(engine, orders)
    expect(listed?.oldestPendingMs).toBeGreaterThanOrEqual(3 * spanMs)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    expect(await oldestMs()).toBeLessThan(3 * spanMs)
    await engine.deleteEntries({ ...orders, ids: ids('1-0', '3-0') })
    expect(await oldestMs()).toBeNull()
  })

  it('delete a group with its pending entries and leave other groups alone', async (context) => {
    const { engine, orders, billing, ann } = context
    const shipping = { ...billing, group: 'shipping' }
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, shipping)
    await read(engine, ann)
    await read(engine, { ...ann, ...shipping })
    await engine.deleteGroup({ ...billing, dropPending: true })
    expect((await groupsOf(engine, orders)).map(({ name }) => name)).toEqual(['shipping'])
    expect(await pending(engine, shipping)).toHaveLength(1)
    expect(await list(engine, orders)).toEqual([entry('1-0')])
    await makeGroup(engine, billing)
    expect(shown(await engine.getGroup(billing))).toMatchObject({ consumers: 0, pending: 0 })
    expect(await read(engine, ann)).toEqual([delivered('1-0')])
  })

  it('refuse to delete a group with pending entries without dropPending', async (context) => {
    const { engine, orders, billing, ann } = context
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    const remove = () => engine.deleteGroup({ ...billing, dropPending: false })
    await read(engine, ann)
    expect(await refusal(engine, orders, remove)).toBe('group-has-pending')
    await engine.deleteEntries({ ...orders, ids: ids('1-0') })
    await engine.ackEntries({ ...billing, ids: ids('2-0') })
    expect(await refusal(engine, orders, remove)).toBe('group-has-pending')
    await engine.ackEntries({ ...billing, ids: ids('1-0') })
    await remove()
    expect(await groupsOf(engine, orders)).toEqual([])
  })

  it('do not count entries as pending that were returned by a reader that hung up', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    const delivery = await deliver(engine, { ...ann, count: 1 })
    await read(engine, { ...bob, count: 1 })
    delivery.undo()
    await vi.waitUntil(async () => (await engine.getGroup(billing)).pending === 1, { interval: 1 })
    const remove = () => engine.deleteGroup({ ...billing, dropPending: false })
    expect(await refusal(engine, orders, remove)).toBe('group-has-pending')
    await engine.ackEntries({ ...billing, ids: ids('2-0') })
    await remove()
    expect(await groupsOf(engine, orders)).toEqual([])
  })

  it('refuse the waiting readers of a deleted group, and no others', async (context) => {
    const { engine, billing, ann, bob } = context
    const shipping = { ...billing, group: 'shipping' }
    await makeGroup(engine, billing)
    await makeGroup(engine, shipping)
    const refused = []
    for (const reader of [ann, bob, { ...ann, claimIdleMs: 10_000 }]) {
      const { answer } = await parked(engine, () => deliver(engine, { ...reader, waitMs: LONG_MS }))
      refused.push(codeOfRefused(answer))
    }
    const other = await parked(engine, () => read(engine, { ...ann, ...shipping, waitMs: LONG_MS }))
    await engine.deleteGroup({ ...billing, dropPending: true })
    expect(await Promise.all(refused)).toEqual(['group-not-found', 'group-not-found', 'group-not-found'])
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, billing, '1-0')
    expect(await other.answer).toEqual([delivered('1-0')])
  })

  it('leave readers waiting that list the stream of a deleted group', async ({ engine, orders, billing }) => {
    await makeGroup(engine, billing)
    const { answer } = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    await engine.deleteGroup({ ...billing, dropPending: true })
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([entry('1-0')])
  })

  it('refuse a group or stream that does not exist', async ({ engine, orders, billing }) => {
    const requests = [
      () => engine.getGroup(billing),
      () => engine.deleteGroup({ ...billing, dropPending: true })
    ]
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    expect(await refusal(engine, orders, () => groupsOf(engine, orders))).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('group-not-found')
    expect(await groupsOf(engine, orders)).toEqual([])
  })
}
