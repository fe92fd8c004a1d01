import { expect } from 'vitest'
import { delivered, entry, id, idsOf, LONG_MS, parked, SHORT_MS, shown } from '../fixtures.ts'
import { append, claim, deliver, makeGroup, moments, pending, read } from '../requests.ts'
import { IDLE_MS } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `readGroups` with `claimIdleMs`: entries that have been pending for that long, and then new ones. */
export function readIdle(it: It): void {
  it('delivers the longest idle entries of all consumers first, and then new ones', async (context) => {
    const { engine, ann, bob, cid, elapse } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 2 })
    await elapse(10)
    await read(engine, { ...cid, count: 1 })
    await elapse(10)
    await claim(engine, { ...bob, ids: ['1-0'] })
    await elapse(10)
    const claimed = await read(engine, { ...cid, claimIdleMs: 5 })
    expect(idsOf(claimed)).toEqual(['2-0', '3-0', '1-0', '4-0'])
    expect(claimed.map(({ deliveries }) => deliveries)).toEqual([2, 2, 3, 1])
    expect((await pending(engine, cid)).map(({ consumer }) => consumer)).toEqual(
      new Array(4).fill(cid.consumer)
    )
  })

  it('shows the idle time of claimed entries, but not of new ones', async (context) => {
    const { engine, ann, bob, elapse } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 1 })
    await elapse(30)
    const [claimed, added] = await read(engine, { ...bob, count: 2, claimIdleMs: 20 })
    expect(claimed).toEqual({ ...entry('1-0'), deliveries: 2, idleMs: expect.any(Number) })
    expect(claimed?.idleMs).toBeGreaterThanOrEqual(30)
    expect(added).toEqual(delivered('2-0'))
    expect(added).not.toHaveProperty('idleMs')
  })

  it('makes the reader the owner of claimed entries from now on', async (context) => {
    const { engine, billing, ann, bob, elapse } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 1 })
    await elapse(30)
    await read(engine, { ...bob, count: 1, claimIdleMs: 20 })
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: bob.consumer, deliveries: 2 }])
    const now = await moments(engine, bob)
    expect(now.activeAt).toBe(now.seenAt)
    const [group] = (await engine.describeStream({ ...billing, limit: 1 })).groups
    expect(group?.pendingEntries[0]?.deliveredAt).toBe(now.seenAt)
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([])
  })

  it('applies count to idle and new entries together, idle ones first', async (context) => {
    const { engine, ann, bob, spanMs, elapse } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 2 })
    await elapse(spanMs)
    expect(idsOf(await read(engine, { ...bob, count: 1, claimIdleMs: spanMs }))).toEqual(['1-0'])
    expect(idsOf(await read(engine, { ...bob, count: 2, claimIdleMs: spanMs }))).toEqual(['2-0', '3-0'])
    expect(shown(await engine.getGroup(ann)).lastDeliveredId).toBe('3-0')
  })

  it('leaves entries alone that have not been idle for long enough', async (context) => {
    const { engine, billing, ann, bob } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 2 })
    expect(idsOf(await read(engine, { ...bob, claimIdleMs: IDLE_MS }))).toEqual(['3-0', '4-0'])
    expect((await pending(engine, billing)).slice(0, 2)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: ann.consumer, deliveries: 1 }
    ])
  })

  it('claims all pending entries if claimIdleMs is 0', async (context) => {
    const { engine, ann, bob } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 4 })
    expect(idsOf(await read(engine, { ...bob, claimIdleMs: 0 }))).toEqual(['1-0', '2-0', '3-0', '4-0'])
  })

  it('claims entries of the reader itself, too', async (context) => {
    const { engine, ann, elapse } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 1 })
    await elapse(20)
    const [own] = await read(engine, { ...ann, count: 1, claimIdleMs: 10 })
    expect(own).toMatchObject({ id: '1-0', deliveries: 2 })
    expect(await pending(engine, ann)).toEqual([{ id: '1-0', consumer: ann.consumer, deliveries: 2 }])
  })

  it('skips deleted entries and leaves them pending', async (context) => {
    const { engine, orders, billing, ann, bob, spanMs, elapse } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 3 })
    await elapse(spanMs)
    await engine.trimStream({ ...orders, trim: { maxLength: 3, approximate: false } })
    await engine.deleteEntries({ ...orders, ids: [id('3-0')] })
    expect(idsOf(await read(engine, { ...bob, count: 2, claimIdleMs: spanMs }))).toEqual(['2-0', '4-0'])
    expect(await read(engine, { ...bob, claimIdleMs: spanMs })).toEqual([])
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 2 },
      { id: '3-0', consumer: ann.consumer, deliveries: 1 },
      { id: '4-0', consumer: bob.consumer, deliveries: 1 }
    ])
  })

  it('claims a pending id that was trimmed and then used again', async (context) => {
    const { engine, orders, ann, bob, elapse } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, ann)
    await read(engine, ann)
    await engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    await engine.setStreamId({ ...orders, lastId: id('0-1') })
    await append(engine, orders, '1-0')
    await elapse(20)
    expect(idsOf(await read(engine, { ...bob, claimIdleMs: 10 }))).toEqual(['1-0'])
  })

  it('keeps only claimed entries pending with noAck', async (context) => {
    const { engine, billing, ann, bob, elapse } = context
    await fourOrders(context)
    await read(engine, { ...ann, count: 1 })
    await elapse(20)
    const all = await read(engine, { ...bob, noAck: true, claimIdleMs: 10 })
    expect(idsOf(all)).toEqual(['1-0', '2-0', '3-0', '4-0'])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: bob.consumer, deliveries: 2 }])
  })

  it('claims from each of several streams', async (context) => {
    const { engine, orders, billing, ann, bob, elapse } = context
    const abroad = { stream: `${orders.stream}-abroad` }
    await fourOrders(context)
    await append(engine, abroad, '7-0', '8-0')
    await makeGroup(engine, { ...billing, ...abroad })
    await read(engine, { ...ann, count: 1 })
    await read(engine, { ...ann, ...abroad })
    await elapse(20)
    const streams = [{ stream: orders.stream }, { stream: abroad.stream }]
    const request = { group: bob.group, consumer: bob.consumer, streams, count: 2, waitMs: 0, noAck: false }
    const reading = engine.readGroups({ ...request, claimIdleMs: 10 }, new AbortController().signal)
    const answer = shown((await reading).streams)
    expect(answer.map(({ stream, entries }) => [stream, idsOf(entries)])).toEqual([
      [orders.stream, ['1-0', '2-0']],
      [abroad.stream, ['7-0', '8-0']]
    ])
  })

  it('serves a waiting reader when an entry has been idle for long enough', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    await fourOrders(context)
    await read(engine, ann)
    const waiting = { ...bob, claimIdleMs: spanMs, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => read(engine, waiting))
    await elapse(spanMs)
    const claimed = await answer
    expect(idsOf(claimed)).toEqual(['1-0', '2-0', '3-0', '4-0'])
    for (const one of claimed) {
      expect(one.deliveries).toBe(2)
      expect(one.idleMs).toBeGreaterThanOrEqual(spanMs)
    }
  })

  it('serves a waiting reader with an entry that was delivered after it began to wait', async (context) => {
    const { engine, orders, billing, ann, bob, elapse, spanMs } = context
    await makeGroup(engine, billing)
    const first = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    const waiting = { ...bob, claimIdleMs: spanMs, waitMs: LONG_MS }
    const second = await parked(engine, () => read(engine, waiting))
    await append(engine, orders, '1-0')
    expect(await first.answer).toEqual([delivered('1-0')])
    await elapse(spanMs)
    expect(await second.answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('serves a waiting reader with new entries, too', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing)
    const waiting = { ...ann, claimIdleMs: IDLE_MS, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => read(engine, waiting))
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
  })

  it('serves the first in line of the readers for which an entry is idle long enough', async (context) => {
    const { engine, orders, billing, ann, bob, cid, elapse, spanMs } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    const patient = await parked(engine, () =>
      read(engine, { ...ann, claimIdleMs: IDLE_MS, waitMs: LONG_MS })
    )
    const first = await parked(engine, () => read(engine, { ...bob, claimIdleMs: spanMs, waitMs: LONG_MS }))
    const second = await parked(engine, () => read(engine, { ...cid, claimIdleMs: spanMs, waitMs: LONG_MS }))
    await elapse(spanMs)
    expect(await first.answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
    expect((await engine.status()).waiting).toBe(2)
    await elapse(spanMs)
    expect(await second.answer).toMatchObject([{ id: '1-0', deliveries: 3 }])
    await append(engine, orders, '2-0')
    expect(await patient.answer).toEqual([delivered('2-0')])
  })

  it('serves a waiting reader with an entry that a claim made idle', async (context) => {
    const { engine, ann, bob } = context
    await fourOrders(context)
    await read(engine, ann)
    const waiting = { ...bob, claimIdleMs: IDLE_MS, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => read(engine, waiting))
    await claim(engine, { ...ann, ids: ['3-0'], idleMs: IDLE_MS })
    expect(await answer).toMatchObject([{ id: '3-0', deliveries: 3 }])
  })

  it('answers a waiting reader with nothing if the pending entries are acked', async (context) => {
    const { engine, orders, billing, ann, bob, elapse } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    const waiting = { ...bob, claimIdleMs: SHORT_MS, waitMs: 5 * SHORT_MS }
    const { answer } = await parked(engine, () => deliver(engine, waiting))
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await elapse(SHORT_MS)
    expect((await answer).streams).toEqual([])
  })

  it('keeps waiting if all pending entries were deleted', async (context) => {
    const { engine, orders, billing, ann, bob, elapse } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    await elapse(SHORT_MS)
    const waiting = { ...bob, claimIdleMs: 0, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => read(engine, waiting))
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([delivered('2-0')])
  })
}

/** Creates 1-0 to 4-0, and a group that has read none of them. */
async function fourOrders({ engine, orders, billing }: TestContext) {
  await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
  await makeGroup(engine, billing)
}
