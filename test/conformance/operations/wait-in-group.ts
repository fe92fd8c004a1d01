import { setImmediate as immediate } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef } from '../../../src/contract/refs.ts'
import { codeOfRefused, delivered, entry, id, idsOf, LONG_MS, parked, SHORT_MS } from '../fixtures.ts'
import { append, consumersOf, deliver, entries, list, makeGroup, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

/** `readGroups` with `waitMs`: first come first served within a group. */
export function waitInGroup(it: It): void {
  it('answers at once when an entry is new', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    expect(await read(engine, { ...ann, waitMs: LONG_MS })).toEqual([delivered('1-0')])
  })

  it('is answered by an append', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, ann)
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0'])
  })

  it('delivers an entry to the first in line and leaves the others waiting', async (context) => {
    const { engine, orders, billing, ann, bob, cid } = context
    await makeGroup(engine, billing)
    const first = await waiting(engine, bob)
    const second = await waiting(engine, ann)
    const third = await waiting(engine, cid)
    await append(engine, orders, '1-0')
    expect(await first.answer).toEqual([delivered('1-0')])
    expect((await engine.status()).waiting).toBe(2)
    await append(engine, orders, '2-0')
    expect(await second.answer).toEqual([delivered('2-0')])
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '3-0')
    expect(await third.answer).toEqual([delivered('3-0')])
    expect((await engine.status()).waiting).toBe(0)
  })

  it('delivers up to count entries to the first in line, and the rest to the next', async (context) => {
    const { engine, orders, billing, ann, bob, cid } = context
    await makeGroup(engine, billing)
    const first = await waiting(engine, { ...ann, count: 2 })
    const second = await waiting(engine, { ...bob, count: 2 })
    const third = await waiting(engine, cid)
    await append(engine, orders, '1-0', '2-0', '3-0')
    expect(idsOf(await first.answer)).toEqual(['1-0', '2-0'])
    expect(idsOf(await second.answer)).toEqual(['3-0'])
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '4-0')
    expect(idsOf(await third.answer)).toEqual(['4-0'])
  })

  it('puts a consumer that reads again at the end of the line', async ({
    engine,
    orders,
    billing,
    ann,
    bob
  }) => {
    await makeGroup(engine, billing)
    const first = await waiting(engine, ann)
    const second = await waiting(engine, bob)
    await append(engine, orders, '1-0')
    await first.answer
    const again = await waiting(engine, ann)
    await append(engine, orders, '2-0')
    expect(await second.answer).toEqual([delivered('2-0')])
    await append(engine, orders, '3-0')
    expect(await again.answer).toEqual([delivered('3-0')])
  })

  it('lets no later reader overtake a waiting one', async ({ engine, orders, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, { ...ann, count: 1 })
    const appended = append(engine, orders, '1-0', '2-0')
    const late = read(engine, bob)
    await appended
    expect(await answer).toEqual([delivered('1-0')])
    expect(await late).toEqual([delivered('2-0')])
  })

  it('serves each of several waiting reads of one consumer', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing)
    const first = await waiting(engine, { ...ann, count: 1 })
    const second = await waiting(engine, { ...ann, count: 1 })
    await append(engine, orders, '1-0', '2-0')
    expect(await first.answer).toEqual([delivered('1-0')])
    expect(await second.answer).toEqual([delivered('2-0')])
  })

  it('delivers an entry to a waiting reader of each group, and to waiting lists', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    const shipping = { ...billing, group: 'shipping' }
    await makeGroup(engine, billing)
    await makeGroup(engine, shipping)
    const inBilling = await waiting(engine, ann)
    const listing = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    const inShipping = await waiting(engine, { ...bob, ...shipping })
    await append(engine, orders, '1-0')
    expect(await inBilling.answer).toEqual([delivered('1-0')])
    expect(await inShipping.answer).toEqual([delivered('1-0')])
    expect(await listing.answer).toEqual([entry('1-0')])
  })

  it('serves waiting readers with noAck', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, { ...ann, noAck: true })
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(await pending(engine, billing)).toEqual([])
  })

  it('delivers nothing after the deadline, and later entries to the next in line', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await makeGroup(engine, billing)
    const early = await parked(engine, () => deliver(engine, { ...ann, waitMs: 5 * SHORT_MS }))
    const { answer } = await waiting(engine, bob)
    expect((await early.answer).streams).toEqual([])
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
  })

  it('takes no entry after it was aborted while waiting', async ({ engine, orders, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    const hangUp = new AbortController()
    const start = () => deliver(engine, { ...ann, waitMs: LONG_MS }, hangUp.signal)
    const aborted = await parked(engine, start)
    const { answer } = await waiting(engine, bob)
    hangUp.abort()
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect((await aborted.answer).streams).toEqual([])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: bob.consumer, deliveries: 1 }])
  })

  it('leaves an entry with one owner, whenever the reader is aborted', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await makeGroup(engine, billing)
    for (let turns = 0; turns < 6; turns++) {
      const one = `${turns + 1}-0`
      const hangUp = new AbortController()
      const start = () => deliver(engine, { ...ann, waitMs: LONG_MS }, hangUp.signal)
      const aborted = await parked(engine, start)
      const next = await parked(engine, () => read(engine, { ...bob, waitMs: 5 * SHORT_MS }))
      const appended = append(engine, orders, one)
      for (let turn = 0; turn < turns; turn++) await immediate()
      hangUp.abort()
      await Promise.all([appended, aborted.answer])
      const received = idsOf(await next.answer)
      const remaining = await pending(engine, billing)
      if (received.length === 0 && remaining.length === 0) {
        // The entry came back after bob's deadline.
        expect(await read(engine, bob)).toEqual([delivered(one)])
      } else {
        const { consumer } = received.includes(one) ? bob : ann
        expect(remaining).toEqual([{ id: one, consumer, deliveries: 1 }])
      }
      await engine.ackEntries({ ...billing, ids: [id(one)] })
    }
  })

  it('takes no entry if it was aborted before it began', async ({ engine, orders, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    const aborted = AbortSignal.abort()
    await deliver(engine, { ...ann, waitMs: LONG_MS }, aborted)
    expect((await engine.status()).waiting).toBe(0)
    await append(engine, orders, '1-0')
    await deliver(engine, ann, aborted)
    expect(await read(engine, bob)).toEqual([delivered('1-0')])
  })

  it('keeps waiting when an append trims its own entries', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, ann)
    const request = { ...orders, entries: entries('1-0'), createStream: true }
    await engine.appendEntries({ ...request, trim: { maxLength: 0, approximate: false } })
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([delivered('2-0')])
  })

  it('keeps waiting when appended entries are before the position of the group', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing, { after: '5-0' })
    const { answer } = await waiting(engine, ann)
    await append(engine, orders, '4-0')
    await append(engine, orders, '5-0')
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '6-0')
    expect(await answer).toEqual([delivered('6-0')])
  })

  it('waits on a stream whose entries were all deleted', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('2-0')] })
    const { answer } = await waiting(engine, ann)
    await append(engine, orders, '3-0')
    expect(await answer).toEqual([delivered('3-0')])
  })

  it('creates its consumer again if that was deleted meanwhile', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, ann)
    await engine.deleteConsumer({ ...ann, pending: 'keep' })
    expect(await consumersOf(engine, billing)).toEqual([])
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: ann.consumer, deliveries: 1 }])
    expect(await consumersOf(engine, billing)).toMatchObject([{ name: ann.consumer, pending: 1 }])
  })

  it('is refused when the group is deleted from one of several streams', async (context) => {
    const { engine, orders, billing, ann } = context
    const abroad = { stream: `${orders.stream}-abroad` }
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, ...abroad })
    const { group, consumer } = ann
    const request = { group, consumer, count: 10, waitMs: LONG_MS, noAck: false }
    const streams = [orders, abroad].map(({ stream }) => ({ stream }))
    const start = () => engine.readGroups({ ...request, streams }, new AbortController().signal)
    const { answer } = await parked(engine, start)
    const refused = codeOfRefused(answer)
    await engine.deleteGroup({ ...billing, ...abroad, dropPending: true })
    expect(await refused).toBe('group-not-found')
    expect((await engine.status()).waiting).toBe(0)
  })

  it('is not answered by acks, claims, deletions or appends to other streams', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await engine.claimEntries({ ...ann, ids: [id('1-0')], minIdleMs: 0, force: false, justIds: false })
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    await append(engine, { stream: `${orders.stream}-abroad` }, '1-0')
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '3-0')
    expect(await answer).toEqual([delivered('3-0')])
  })
}

/** A reader that waits until something else wakes it. */
function waiting(engine: Engine, options: ConsumerRef & { count?: number; noAck?: boolean }) {
  return parked(engine, () => read(engine, { ...options, waitMs: LONG_MS }))
}
