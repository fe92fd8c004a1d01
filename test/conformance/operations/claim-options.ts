import { expect } from 'vitest'
import { MAX_ID, MIN_ID } from '../../../src/contract/entry-id.ts'
import { delivered, id, ids, idsOf, refusal, shown } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, autoClaim, claim, makeGroup, moments, pending, read } from '../requests.ts'
import { deliveries, IDLE_MS, threeDelivered } from '../situations.ts'

/** `claim` with its options. */
export function claimOptions(it: It): void {
  it('sets how long the entries have been idle', async (given) => {
    const { engine, bob } = given
    await threeDelivered(given)
    await claim(engine, { ...bob, ids: ['1-0'], idleMs: IDLE_MS })
    const { seenAt } = await moments(engine, bob)
    expect((await deliveries(given))[0]?.deliveredAt).toBe(seenAt - IDLE_MS)
  })

  it('sets when the entries were delivered', async (given) => {
    const { engine, bob } = given
    await threeDelivered(given)
    await claim(engine, { ...bob, ids: ['1-0', '2-0'], deliveredAt: 1_700_000_000_000 })
    const times = (await deliveries(given)).map(({ deliveredAt }) => deliveredAt)
    expect(times.slice(0, 2)).toEqual([1_700_000_000_000, 1_700_000_000_000])
  })

  it('takes a moment in the future for now', async (given) => {
    const { engine, bob } = given
    await threeDelivered(given)
    await claim(engine, { ...bob, ids: ['1-0'], deliveredAt: Number.MAX_SAFE_INTEGER })
    expect((await deliveries(given))[0]?.deliveredAt).toBe((await moments(engine, bob)).seenAt)
  })

  it('makes an entry as old as can be, and never a new one, by a time that is longer than since 1970', async (given) => {
    const { engine, billing, ann, bob } = given
    await threeDelivered(given)
    await claim(engine, { ...bob, ids: ['1-0'], idleMs: Number.MAX_SAFE_INTEGER })
    await claim(engine, { ...bob, ids: ['2-0'], deliveredAt: 0 })
    const times = (await deliveries(given)).map(({ deliveredAt }) => deliveredAt)
    expect(times.slice(0, 2)).toEqual([0, 0])
    const old = { ...billing, from: MIN_ID, to: MAX_ID, limit: 10, minIdleMs: 1_000_000_000_000 }
    expect(idsOf(shown(await engine.listPending(old)))).toEqual(['1-0', '2-0'])
    const entries = await read(engine, { ...ann, claimIdleMs: 1_000_000_000_000 })
    expect(entries[0]?.idleMs).toBeGreaterThan(1_000_000_000_000)
    expect(idsOf(entries)).toEqual(['1-0', '2-0'])
  })

  it('finds nothing to be idle for the longest time that there is', async (given) => {
    const { engine, billing, ann, bob } = given
    await threeDelivered(given)
    await claim(engine, { ...ann, ids: ['1-0'], deliveredAt: 0 })
    const longest = Number.MAX_SAFE_INTEGER
    expect((await claim(engine, { ...bob, ids: ['1-0'], minIdleMs: longest })).entries).toEqual([])
    expect((await autoClaim(engine, { ...bob, minIdleMs: longest })).entries).toEqual([])
    expect(await read(engine, { ...bob, claimIdleMs: longest })).toEqual([])
    expect(await read(engine, { ...bob, claimIdleMs: longest, waitMs: 20 })).toEqual([])
    const range = { ...billing, from: MIN_ID, to: MAX_ID, limit: 10 }
    expect(await engine.listPending({ ...range, minIdleMs: longest })).toEqual([])
  })

  it('sets the delivery count', async (given) => {
    const { engine, bob } = given
    await threeDelivered(given)
    expect((await claim(engine, { ...bob, ids: ['1-0'], deliveries: 7 })).entries).toEqual([
      delivered('1-0', 7)
    ])
    const { entries } = await claim(engine, { ...bob, ids: ['2-0'], deliveries: 0, justIds: true })
    expect(entries).toEqual([{ id: '2-0', deliveries: 0 }])
    expect((await pending(engine, bob)).map(({ deliveries }) => deliveries)).toEqual([7, 0, 1])
    expect((await claim(engine, { ...bob, ids: ['1-0'] })).entries).toEqual([delivered('1-0', 8)])
  })

  it('counts deliveries no further than to the highest number of a request', async (given) => {
    const { engine, ann, bob, billing } = given
    await threeDelivered(given)
    const most = Number.MAX_SAFE_INTEGER
    const claimed = await claim(engine, { ...bob, ids: ['1-0'], deliveries: most })
    expect(claimed.entries).toEqual([delivered('1-0', most)])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([delivered('1-0', most)])
    expect((await claim(engine, { ...ann, ids: ['1-0'] })).entries).toEqual([delivered('1-0', most)])
    const again = await read(engine, { ...bob, count: 1, claimIdleMs: 0 })
    expect(again.map(({ deliveries }) => deliveries)).not.toContain(most + 1)
    expect((await pending(engine, billing))[0]).toMatchObject({ id: '1-0', deliveries: most })
  })

  it('claims just the ids without counting a delivery', async (given) => {
    const { engine, billing, bob, elapse } = given
    await threeDelivered(given)
    const [before] = await deliveries(given)
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
    const [after] = await deliveries(given)
    expect(after?.deliveredAt).toBeGreaterThanOrEqual((before?.deliveredAt ?? Number.NaN) + 20)
  })

  it('names deleted entries when it claims just the ids, too', async (given) => {
    const { engine, orders, bob } = given
    await threeDelivered(given)
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    expect(await claim(engine, { ...bob, ids: ['1-0', '2-0'], justIds: true })).toEqual({
      entries: [{ id: '2-0', deliveries: 1 }],
      deletedIds: ['1-0']
    })
  })

  it('claims by force entries that are not pending, which counts as two deliveries', async (given) => {
    const { engine, orders, billing, bob } = given
    await threeDelivered(given)
    await append(engine, orders, '4-0', '5-0', '6-0')
    await engine.ack({ ...billing, ids: [id('1-0')] })
    const forced = { ...bob, force: true }
    const { entries } = await claim(engine, { ...forced, ids: ['1-0', '4-0'], minIdleMs: IDLE_MS })
    expect(entries).toEqual([delivered('1-0', 2), delivered('4-0', 2)])
    const { entries: justIds } = await claim(engine, { ...forced, ids: ['5-0'], justIds: true })
    expect(justIds).toEqual([{ id: '5-0', deliveries: 1 }])
    const { entries: counted } = await claim(engine, { ...forced, ids: ['6-0'], deliveries: 5 })
    expect(counted).toEqual([delivered('6-0', 5)])
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0', '2-0', '3-0', '4-0', '5-0', '6-0'])
  })

  it('claims by force nothing that does not exist', async (given) => {
    const { engine, orders, billing, bob } = given
    await threeDelivered(given)
    await engine.ack({ ...billing, ids: [id('1-0')] })
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('2-0')] })
    expect(await claim(engine, { ...bob, force: true, ids: ['1-0', '2-0', '9-0'] })).toEqual({
      entries: [],
      deletedIds: ['2-0']
    })
  })

  it('asks of pending entries to be idle for long enough even by force', async (given) => {
    const { engine, bob } = given
    await threeDelivered(given)
    const answer = await claim(engine, { ...bob, force: true, ids: ['1-0'], minIdleMs: IDLE_MS })
    expect(answer.entries).toEqual([])
  })

  it('does not move the group by force, so that the entry is delivered as new', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    expect((await claim(engine, { ...bob, force: true, ids: ['1-0'] })).entries).toEqual([
      delivered('1-0', 2)
    ])
    expect(shown(await engine.getGroup(billing))).toMatchObject({ lastDeliveredId: '0-0', lag: 1 })
    expect(await read(engine, ann)).toEqual([delivered('1-0', 1)])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: ann.consumer, deliveries: 1 }])
  })

  it('moves the group forward to an id, even when nothing is claimed, but never back', async (given) => {
    const { engine, orders, billing, bob } = given
    await threeDelivered(given)
    await append(engine, orders, '4-0', '5-0', '6-0')
    const place = async () => shown(await engine.getGroup(billing))
    await claim(engine, { ...bob, ids: ['9-0'], lastId: '5-0' })
    expect(await place()).toMatchObject({ lastDeliveredId: '5-0', entriesRead: 3, pending: 3 })
    await claim(engine, { ...bob, ids: ['1-0'], lastId: '4-0' })
    expect(await place()).toMatchObject({ lastDeliveredId: '5-0', entriesRead: 3, pending: 3 })
    expect(await read(engine, bob)).toEqual([delivered('6-0')])
  })

  it("refuses to move the group above the stream's last id, and claims nothing then", async (given) => {
    const { engine, orders, billing, bob } = given
    await threeDelivered(given)
    await engine.deleteEntries({ ...orders, ids: ids('3-0') })
    const beyond = (lastId: string) => () => claim(engine, { ...bob, ids: ['1-0'], lastId })
    expect(await refusal(engine, orders, beyond('3-1'))).toBe('id-too-high')
    expect(await refusal(engine, orders, beyond(`${MAX_HALF}-${MAX_HALF}`))).toBe('id-too-high')
    await expect(beyond('4-0')()).rejects.toMatchObject({ pointer: '/lastId' })
    await engine.updateGroup({ ...billing, after: 0n })
    expect((await beyond('3-0')()).entries).toEqual([delivered('1-0', 2)])
    expect(shown(await engine.getGroup(billing))).toMatchObject({ lastDeliveredId: '3-0' })
  })
}

const MAX_HALF = '18446744073709551615'
