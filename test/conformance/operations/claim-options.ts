import { expect } from 'vitest'
import { MAX_ID, MIN_ID } from '../../../src/contract/entry-id.ts'
import { delivered, id, ids, idsOf, refusal, shown } from '../fixtures.ts'
import { append, autoClaim, claim, makeGroup, moments, pending, read } from '../requests.ts'
import { deliveries, IDLE_MS, threeDelivered } from '../situations.ts'
import type { It } from '../test-context.ts'

/** `claim` with its options. */
export function claimOptions(it: It): void {
  it('sets the idle time of the entries', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...bob, ids: ['1-0'], idleMs: IDLE_MS })
    const { seenAt } = await moments(engine, bob)
    expect((await deliveries(context))[0]?.deliveredAt).toBe(seenAt - IDLE_MS)
  })

  it('sets the delivery time of the entries', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...bob, ids: ['1-0', '2-0'], deliveredAt: 1_700_000_000_000 })
    const times = (await deliveries(context)).map(({ deliveredAt }) => deliveredAt)
    expect(times.slice(0, 2)).toEqual([1_700_000_000_000, 1_700_000_000_000])
  })

  it('treats a delivery time in the future as now', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...bob, ids: ['1-0'], deliveredAt: Number.MAX_SAFE_INTEGER })
    expect((await deliveries(context))[0]?.deliveredAt).toBe((await moments(engine, bob)).seenAt)
  })

  it('sets a delivery time before 1970 to 1970', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...bob, ids: ['1-0'], idleMs: Number.MAX_SAFE_INTEGER })
    await claim(engine, { ...bob, ids: ['2-0'], deliveredAt: 0 })
    const times = (await deliveries(context)).map(({ deliveredAt }) => deliveredAt)
    expect(times.slice(0, 2)).toEqual([0, 0])
    const old = { ...billing, from: MIN_ID, to: MAX_ID, limit: 10, minIdleMs: 1_000_000_000_000 }
    expect(idsOf(shown(await engine.listPending(old)))).toEqual(['1-0', '2-0'])
    const entries = await read(engine, { ...ann, claimIdleMs: 1_000_000_000_000 })
    expect(entries[0]?.idleMs).toBeGreaterThan(1_000_000_000_000)
    expect(idsOf(entries)).toEqual(['1-0', '2-0'])
  })

  it('treats no entry as idle for the highest possible time', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeDelivered(context)
    await claim(engine, { ...ann, ids: ['1-0'], deliveredAt: 0 })
    const longest = Number.MAX_SAFE_INTEGER
    expect((await claim(engine, { ...bob, ids: ['1-0'], minIdleMs: longest })).entries).toEqual([])
    expect((await autoClaim(engine, { ...bob, minIdleMs: longest })).entries).toEqual([])
    expect(await read(engine, { ...bob, claimIdleMs: longest })).toEqual([])
    expect(await read(engine, { ...bob, claimIdleMs: longest, waitMs: 20 })).toEqual([])
    const range = { ...billing, from: MIN_ID, to: MAX_ID, limit: 10 }
    expect(await engine.listPending({ ...range, minIdleMs: longest })).toEqual([])
  })

  it('sets the delivery count', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    expect((await claim(engine, { ...bob, ids: ['1-0'], deliveries: 7 })).entries).toEqual([
      delivered('1-0', 7)
    ])
    const { entries } = await claim(engine, { ...bob, ids: ['2-0'], deliveries: 0, justIds: true })
    expect(entries).toEqual([{ id: '2-0', deliveries: 0 }])
    expect((await pending(engine, bob)).map(({ deliveries }) => deliveries)).toEqual([7, 0, 1])
    expect((await claim(engine, { ...bob, ids: ['1-0'] })).entries).toEqual([delivered('1-0', 8)])
  })

  it('counts deliveries no higher than a request can set them', async (context) => {
    const { engine, ann, bob, billing } = context
    await threeDelivered(context)
    const highest = Number.MAX_SAFE_INTEGER
    const claimed = await claim(engine, { ...bob, ids: ['1-0'], deliveries: highest })
    expect(claimed.entries).toEqual([delivered('1-0', highest)])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([delivered('1-0', highest)])
    expect((await claim(engine, { ...ann, ids: ['1-0'] })).entries).toEqual([delivered('1-0', highest)])
    const again = await read(engine, { ...bob, count: 1, claimIdleMs: 0 })
    expect(again.map(({ deliveries }) => deliveries)).not.toContain(highest + 1)
    expect((await pending(engine, billing))[0]).toMatchObject({ id: '1-0', deliveries: highest })
  })

  it('claims without counting a delivery with justIds', async (context) => {
    const { engine, billing, bob, elapse } = context
    await threeDelivered(context)
    const [before] = await deliveries(context)
    await elapse(20)
    const { entries } = await claim(engine, { ...bob, ids: ['1-0', '2-0'], justIds: true })
    expect(entries).toEqual([
      { id: '1-0', deliveries: 1 },
      { id: '2-0', deliveries: 1 }
    ])
    for (const one of entries) expect(one).not.toHaveProperty('fields')
    expect((await pending(engine, billing)).slice(0, 2)).toEqual([
      { id: '1-0', consumer: bob.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 }
    ])
    const [after] = await deliveries(context)
    expect(after?.deliveredAt).toBeGreaterThanOrEqual((before?.deliveredAt ?? Number.NaN) + 20)
  })

  it('lists deleted entries with justIds, too', async (context) => {
    const { engine, orders, bob } = context
    await threeDelivered(context)
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    expect(await claim(engine, { ...bob, ids: ['1-0', '2-0'], justIds: true })).toEqual({
      entries: [{ id: '2-0', deliveries: 1 }],
      deletedIds: ['1-0']
    })
  })

  it('claims entries that are not pending with force, which counts as two deliveries', async (context) => {
    const { engine, orders, billing, bob } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0', '5-0', '6-0')
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    const forced = { ...bob, force: true }
    const { entries } = await claim(engine, { ...forced, ids: ['1-0', '4-0'], minIdleMs: IDLE_MS })
    expect(entries).toEqual([delivered('1-0', 2), delivered('4-0', 2)])
    const { entries: justIds } = await claim(engine, { ...forced, ids: ['5-0'], justIds: true })
    expect(justIds).toEqual([{ id: '5-0', deliveries: 1 }])
    const { entries: counted } = await claim(engine, { ...forced, ids: ['6-0'], deliveries: 5 })
    expect(counted).toEqual([delivered('6-0', 5)])
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0', '2-0', '3-0', '4-0', '5-0', '6-0'])
  })

  it('claims no entries that do not exist, even with force', async (context) => {
    const { engine, orders, billing, bob } = context
    await threeDelivered(context)
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('2-0')] })
    expect(await claim(engine, { ...bob, force: true, ids: ['1-0', '2-0', '9-0'] })).toEqual({
      entries: [],
      deletedIds: ['2-0']
    })
  })

  it('applies minIdleMs to pending entries even with force', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    const answer = await claim(engine, { ...bob, force: true, ids: ['1-0'], minIdleMs: IDLE_MS })
    expect(answer.entries).toEqual([])
  })

  it('does not move the group with force, so that the entry is also delivered as new', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    expect((await claim(engine, { ...bob, force: true, ids: ['1-0'] })).entries).toEqual([
      delivered('1-0', 2)
    ])
    expect(shown(await engine.getGroup(billing))).toMatchObject({ lastDeliveredId: '0-0', lag: 1 })
    expect(await read(engine, ann)).toEqual([delivered('1-0', 1)])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: ann.consumer, deliveries: 1 }])
  })

  it('moves the group forward to lastId, even if it claims nothing, but never back', async (context) => {
    const { engine, orders, billing, bob } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0', '5-0', '6-0')
    const group = async () => shown(await engine.getGroup(billing))
    await claim(engine, { ...bob, ids: ['9-0'], lastId: '5-0' })
    expect(await group()).toMatchObject({ lastDeliveredId: '5-0', entriesRead: 3, pending: 3 })
    await claim(engine, { ...bob, ids: ['1-0'], lastId: '4-0' })
    expect(await group()).toMatchObject({ lastDeliveredId: '5-0', entriesRead: 3, pending: 3 })
    expect(await read(engine, bob)).toEqual([delivered('6-0')])
  })

  it("refuses a lastId above the stream's last id and claims nothing", async (context) => {
    const { engine, orders, billing, bob } = context
    await threeDelivered(context)
    await engine.deleteEntries({ ...orders, ids: ids('3-0') })
    const claimMovingTo = (lastId: string) => () => claim(engine, { ...bob, ids: ['1-0'], lastId })
    expect(await refusal(engine, orders, claimMovingTo('3-1'))).toBe('id-too-high')
    expect(await refusal(engine, orders, claimMovingTo(`${MAX_HALF}-${MAX_HALF}`))).toBe('id-too-high')
    await expect(claimMovingTo('4-0')()).rejects.toMatchObject({ pointer: '/lastId' })
    await engine.updateGroup({ ...billing, after: 0n })
    expect((await claimMovingTo('3-0')()).entries).toEqual([delivered('1-0', 2)])
    expect(shown(await engine.getGroup(billing))).toMatchObject({ lastDeliveredId: '3-0' })
  })
}

const MAX_HALF = '18446744073709551615'
