import { expect, vi } from 'vitest'
import {
  codeOfRefused,
  delivered,
  entry,
  everything,
  id,
  ids,
  LONG_MS,
  parked,
  refusal,
  shown
} from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, deliver, groupsOf, list, makeGroup, pending, read } from '../requests.ts'

/** `ensureGroup`, `getGroup`, `listGroups` and `deleteGroup`. */
export function groups(it: It): void {
  it('makes a group at the beginning, which reads everything', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    const made = await engine.ensureGroup({ ...billing, after: 0n, createStream: false, onlyNew: false })
    const group = {
      name: billing.group,
      consumers: 0,
      pending: 0,
      lastDeliveredId: '0-0',
      entriesRead: null,
      lag: 2,
      oldestPendingMs: null
    }
    expect(shown(made)).toEqual({ created: true, ...group })
    expect(shown(await engine.getGroup(billing))).toEqual(group)
    expect(await read(engine, ann)).toEqual([delivered('1-0'), delivered('2-0')])
  })

  it('makes a group at the end, which reads what comes then', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing, { after: 'last' })
    expect(shown(await engine.getGroup(billing))).toMatchObject({ lastDeliveredId: '2-0', lag: 0 })
    expect(await read(engine, ann)).toEqual([])
    await append(engine, orders, '3-0')
    expect(await read(engine, ann)).toEqual([delivered('3-0')])
  })

  it('takes the last id for the end, though its entry was deleted', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0', '2-0')
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    await makeGroup(engine, billing, { after: 'last' })
    expect(shown(await engine.getGroup(billing)).lastDeliveredId).toBe('2-0')
  })

  it('makes a group after an id, whether or not an entry has it', async ({
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

  it('makes a group after an id that is still to come', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing, { after: '5-0' })
    await append(engine, orders, '4-0', '5-0', '6-0')
    expect(await read(engine, ann)).toEqual([delivered('6-0')])
  })

  it('makes the stream only when asked to', async ({ engine, orders, billing }) => {
    const request = { ...billing, after: 'last', onlyNew: false } as const
    const without = () => engine.ensureGroup({ ...request, createStream: false })
    expect(await refusal(engine, orders, without)).toBe('stream-not-found')
    const made = shown(await engine.ensureGroup({ ...request, createStream: true }))
    expect(made).toMatchObject({ created: true, lastDeliveredId: '0-0', lag: 0 })
    expect(shown(await engine.getStream(orders))).toMatchObject({ length: 0, lastId: '0-0', groups: 1 })
  })

  it('leaves the stream as it is when that exists', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0')
    await engine.ensureGroup({ ...billing, after: 0n, createStream: true, onlyNew: true })
    expect(await list(engine, orders)).toEqual([entry('1-0')])
  })

  it('leaves a group that exists as it is', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    const before = await everything(engine, orders)
    const request = { ...billing, after: 'last', entriesRead: 9, createStream: true } as const
    const found = shown(await engine.ensureGroup({ ...request, onlyNew: false }))
    expect(found).toEqual({
      created: false,
      name: billing.group,
      consumers: 1,
      pending: 1,
      lastDeliveredId: '1-0',
      entriesRead: 1,
      lag: 1,
      oldestPendingMs: expect.any(Number)
    })
    expect(await everything(engine, orders)).toEqual(before)
    const onlyNew = () => engine.ensureGroup({ ...request, onlyNew: true })
    expect(await refusal(engine, orders, onlyNew)).toBe('group-exists')
  })

  it('takes how many entries were read, but no more than were appended', async ({
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

  it('lists groups by the bytes of their names', async ({ engine, orders, billing }) => {
    const ascending = ['A', 'B', 'a', 'aa', 'b', 'é', '\uffee', '😀']
    for (const group of [...ascending].reverse()) await makeGroup(engine, { ...billing, group })
    expect((await groupsOf(engine, orders)).map(({ name }) => name)).toEqual(ascending)
  })

  it('lists groups with all that is known of each', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, group: 'shipping' }, { after: 'last' })
    await read(engine, { ...ann, count: 1 })
    expect(shown(await groupsOf(engine, orders))).toEqual([
      {
        name: 'billing',
        consumers: 1,
        pending: 1,
        lastDeliveredId: '1-0',
        entriesRead: 1,
        lag: 1,
        oldestPendingMs: expect.any(Number)
      },
      {
        name: 'shipping',
        consumers: 0,
        pending: 0,
        lastDeliveredId: '2-0',
        entriesRead: null,
        lag: 0,
        oldestPendingMs: null
      }
    ])
  })

  it('tells how long the entry has been pending that has been so longest, and still exists', async (given) => {
    const { engine, orders, billing, ann, bob, spanMs, elapse } = given
    const oldestMs = async () => (await engine.getGroup(billing)).oldestPendingMs
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    expect(await oldestMs()).toBeNull()
    await read(engine, { ...ann, count: 2 })
    await elapse(3 * spanMs)
    await read(engine, { ...bob, count: 1 })
    // The lowest id is not the one that has been idle longest any more.
    await engine.claim({ ...bob, ids: [id('1-0')], minIdleMs: 0, force: false, justIds: false })
    expect(await oldestMs()).toBeGreaterThanOrEqual(3 * spanMs)
    const [listed] = await groupsOf(engine, orders)
    expect(listed?.oldestPendingMs).toBeGreaterThanOrEqual(3 * spanMs)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    expect(await oldestMs()).toBeLessThan(3 * spanMs)
    await engine.deleteEntries({ ...orders, ids: ids('1-0', '3-0') })
    expect(await oldestMs()).toBeNull()
  })

  it('deletes a group with what is pending, and leaves the others', async (given) => {
    const { engine, orders, billing, ann } = given
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

  it('refuses to lose pending entries with a group, unless that is meant', async (given) => {
    const { engine, orders, billing, ann } = given
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    const remove = () => engine.deleteGroup({ ...billing, dropPending: false })
    await read(engine, ann)
    expect(await refusal(engine, orders, remove)).toBe('group-has-pending')
    await engine.deleteEntries({ ...orders, ids: ids('1-0') })
    await engine.ack({ ...billing, ids: ids('2-0') })
    expect(await refusal(engine, orders, remove)).toBe('group-has-pending')
    await engine.ack({ ...billing, ids: ids('1-0') })
    await remove()
    expect(await groupsOf(engine, orders)).toEqual([])
  })

  it('does not take for pending what came back from a reader that hung up', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    const delivery = await deliver(engine, { ...ann, count: 1 })
    await read(engine, { ...bob, count: 1 })
    delivery.undo()
    await vi.waitUntil(async () => (await engine.getGroup(billing)).pending === 1, { interval: 1 })
    const remove = () => engine.deleteGroup({ ...billing, dropPending: false })
    expect(await refusal(engine, orders, remove)).toBe('group-has-pending')
    await engine.ack({ ...billing, ids: ids('2-0') })
    await remove()
    expect(await groupsOf(engine, orders)).toEqual([])
  })

  it('refuses the waiting readers of a group it deletes, and no others', async (given) => {
    const { engine, billing, ann, bob } = given
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

  it('leaves those alone who wait for the entries of its stream', async ({ engine, orders, billing }) => {
    await makeGroup(engine, billing)
    const { answer } = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    await engine.deleteGroup({ ...billing, dropPending: true })
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([entry('1-0')])
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, billing }) => {
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
