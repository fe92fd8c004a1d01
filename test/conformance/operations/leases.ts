import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef } from '../../../src/contract/refs.ts'
import { delivered, entry, id, idsOf, LONG_MS, parked, shown } from '../fixtures.ts'
import { extend, ordersWith, pendingStates, pendingTexts } from '../policy-requests.ts'
import { append, makeGroup, pending, read } from '../requests.ts'
import { IDLE_MS } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `ackTimeoutMs`: entries that fall due, and who gets them. */
export function leases(it: It): void {
  it('show how long a worker has left, with new entries and with those that fell due', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0')
    expect(await read(engine, ann)).toEqual([{ ...delivered('1-0'), ackBeforeMs: spanMs }])
    await elapse(spanMs)
    const [due] = await read(engine, bob)
    const times = { idleMs: expect.any(Number), ackBeforeMs: spanMs }
    expect(due).toEqual({ ...entry('1-0'), deliveries: 2, ...times })
    expect(due?.idleMs).toBeGreaterThanOrEqual(spanMs)
  })

  it('give an entry to the next reader once they end, and not before', async (context) => {
    const { engine, billing, ann, bob, cid, elapse, spanMs } = context
    await withLease(context, '1-0')
    await read(engine, ann)
    expect(await read(engine, bob)).toEqual([])
    await elapse(spanMs)
    expect(await read(engine, bob)).toMatchObject([{ id: '1-0', deliveries: 2 }])
    expect(await read(engine, cid)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased bob×2'])
    await elapse(spanMs)
    expect(await read(engine, ann)).toMatchObject([{ id: '1-0', deliveries: 3 }])
  })

  it('give an entry to its owner again, too', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await withLease(context, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(await read(engine, ann)).toMatchObject([{ id: '1-0', deliveries: 2 }])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×2'])
  })

  it('leave a due entry with its owner until it is delivered', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await withLease(context, '1-0')
    await read(engine, ann)
    const [leased] = await pendingStates(engine, billing)
    expect(leased).toMatchObject({ state: 'leased', consumer: ann.consumer })
    expect(leased?.dueInMs).toBeGreaterThan(0)
    expect(leased?.dueInMs).toBeLessThanOrEqual(spanMs)
    await elapse(spanMs)
    const [due] = await pendingStates(engine, billing)
    expect(due).toMatchObject({ state: 'due', consumer: ann.consumer, deliveries: 1 })
    expect(due).not.toHaveProperty('dueInMs')
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1, delayed: 0, dead: 0 })
  })

  it('let a late ack count', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0', '2-0')
    await read(engine, ann)
    await elapse(spanMs)
    const { consumer } = ann
    expect(await engine.ackEntries({ ...billing, ids: [id('1-0')], consumer })).toMatchObject({ acked: 1 })
    expect(idsOf(await read(engine, bob))).toEqual(['2-0'])
    const late = await engine.ackEntries({ ...billing, ids: [id('2-0')], consumer })
    expect(shown(late)).toEqual({ acked: 0, notPending: ['2-0'] })
  })

  it('let a late extension count, but not of an entry that another consumer has', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0', '2-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(await extend(engine, ann, ['1-0'])).toMatchObject({ extended: 1 })
    expect(idsOf(await read(engine, bob))).toEqual(['2-0'])
    expect(await extend(engine, ann, ['2-0'])).toMatchObject({ extended: 0, notPending: ['2-0'] })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1', '2-0 leased bob×2'])
  })

  it('deliver entries in the order in which they fell due', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0', '2-0', '3-0')
    for (let i = 0; i < 3; i++) {
      await read(engine, { ...ann, count: 1 })
      await elapse(5)
    }
    await extend(engine, ann, ['1-0'])
    await elapse(spanMs)
    expect(idsOf(await read(engine, { ...bob, count: 2 }))).toEqual(['2-0', '3-0'])
    expect(idsOf(await read(engine, bob))).toEqual(['1-0'])
  })

  it('wake a waiting reader when an entry falls due', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0', '2-0')
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await elapse(spanMs)
    const due = await answer
    expect(due).toMatchObject([
      { id: '1-0', deliveries: 2, ackBeforeMs: spanMs },
      { id: '2-0', deliveries: 2, ackBeforeMs: spanMs }
    ])
    for (const { idleMs } of due) expect(idleMs).toBeGreaterThanOrEqual(spanMs)
  })

  it('wake a reader that began to wait before the entry was delivered', async (context) => {
    const { engine, orders, ann, bob, elapse, spanMs } = context
    await withLease(context)
    const first = await waiting(engine, ann)
    const second = await waiting(engine, bob)
    await append(engine, orders, '1-0')
    expect(await first.answer).toMatchObject([{ id: '1-0', deliveries: 1 }])
    await elapse(spanMs)
    expect(await second.answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('serve waiting readers first come, first served', async (context) => {
    const { engine, ann, bob, cid, elapse, spanMs } = context
    await withLease(context, '1-0')
    await read(engine, ann)
    const first = await waiting(engine, bob)
    const second = await waiting(engine, cid)
    await elapse(spanMs)
    expect(await first.answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
    expect((await engine.status()).waiting).toBe(1)
    await elapse(spanMs)
    expect(await second.answer).toMatchObject([{ id: '1-0', deliveries: 3 }])
  })

  it('serve as many waiting readers as there are due entries', async (context) => {
    const { engine, ann, bob, cid, elapse, spanMs } = context
    await withLease(context, '1-0', '2-0')
    await read(engine, ann)
    const first = await waiting(engine, { ...bob, count: 1 })
    const second = await waiting(engine, { ...cid, count: 1 })
    await elapse(spanMs)
    const due = [...(await first.answer), ...(await second.answer)]
    expect(idsOf(due)).toEqual(['1-0', '2-0'])
  })

  it('do not end for an entry that was acked', async (context) => {
    const { engine, orders, billing, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0')
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await elapse(2 * spanMs)
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '2-0')
    expect(idsOf(await answer)).toEqual(['2-0'])
  })

  it('do not exist with noAck, but a due entry becomes pending with its reader', async (context) => {
    const { engine, orders, billing, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0')
    expect(await read(engine, { ...ann, noAck: true })).toEqual([delivered('1-0')])
    expect(await pending(engine, billing)).toEqual([])
    await append(engine, orders, '2-0')
    await read(engine, ann)
    await elapse(spanMs)
    expect(await read(engine, { ...bob, noAck: true })).toMatchObject([{ id: '2-0', deliveries: 2 }])
    expect(await pendingTexts(engine, billing)).toEqual(['2-0 leased bob×2'])
  })

  it('begin anew when a consumer reads its own entries again', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    await withLease(context, '1-0')
    await read(engine, ann)
    await elapse(spanMs)
    const [own] = await read(engine, { ...ann, after: '0-0' })
    expect(own).toEqual({ ...delivered('1-0', 2), ackBeforeMs: spanMs })
    expect(await read(engine, bob)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×2'])
  })

  it('end in each of several streams', async (context) => {
    const { engine, orders, billing, ann, bob, elapse, spanMs } = context
    const abroad = { stream: `${orders.stream}-abroad` }
    await withLease(context, '1-0')
    await append(engine, abroad, '7-0')
    await makeGroup(engine, { ...billing, ...abroad }, { delivery: { ackTimeoutMs: spanMs } })
    await read(engine, ann)
    await read(engine, { ...ann, ...abroad })
    await elapse(spanMs)
    const streams = [orders, abroad].map(({ stream }) => ({ stream }))
    const request = { group: bob.group, consumer: bob.consumer, streams, count: 5, waitMs: 0, noAck: false }
    const answer = shown((await engine.readGroups(request, new AbortController().signal)).streams)
    expect(answer.map(({ stream, entries }) => [stream, idsOf(entries)])).toEqual([
      [orders.stream, ['1-0']],
      [abroad.stream, ['7-0']]
    ])
  })

  it('end only in the group that has them', async (context) => {
    const { engine, billing, ann, bob, elapse, spanMs } = context
    const shipping = { ...billing, group: 'shipping' }
    await withLease(context, '1-0')
    await makeGroup(engine, shipping)
    await read(engine, ann)
    await read(engine, { ...ann, ...shipping })
    await elapse(spanMs)
    expect(await read(engine, { ...bob, ...shipping })).toEqual([])
    const [other] = await pendingStates(engine, shipping)
    expect(other).toMatchObject({ state: 'leased' })
    expect(other).not.toHaveProperty('dueInMs')
    expect(idsOf(await read(engine, bob))).toEqual(['1-0'])
  })

  it('end for many entries at once, which one reader gets in several reads', async (context) => {
    const { engine, orders, ann, bob, elapse, spanMs } = context
    const texts = Array.from({ length: 250 }, (_, index) => `${index + 1}-0`)
    await append(engine, orders, ...texts)
    await withLease(context)
    await read(engine, { ...ann, count: 250 })
    await elapse(spanMs)
    const all: string[] = []
    for (let reads = 0; reads < 3; reads++) all.push(...idsOf(await read(engine, { ...bob, count: 100 })))
    expect(all).toEqual(texts)
  })

  it('never end without a policy', async ({ engine, orders, billing, ann, bob, elapse, spanMs }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await elapse(2 * spanMs)
    expect(await read(engine, bob)).toEqual([])
    await engine.updateGroup({ ...billing, delivery: { maxDeliveries: 5, maxPending: IDLE_MS } })
    await elapse(2 * spanMs)
    expect(await read(engine, bob)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
  })
}

/** Entries that are new to a group whose leases last for `spanMs`. */
function withLease(context: TestContext, ...texts: string[]): Promise<void> {
  return ordersWith(context, { ackTimeoutMs: context.spanMs }, ...texts)
}

/** A reader that waits until something else wakes it. */
function waiting(engine: Engine, options: ConsumerRef & { count?: number }) {
  return parked(engine, () => read(engine, { ...options, waitMs: LONG_MS }))
}
