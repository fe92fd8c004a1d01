import { setImmediate as immediate } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef } from '../../../src/contract/refs.ts'
import { codeOfRefused, delivered, entry, id, idsOf, LONG_MS, parked, SHORT_MS } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, consumersOf, deliver, entries, list, makeGroup, pending, read } from '../requests.ts'

/** `readGroups` with `waitMs`: first come first served within a group. */
export function waitInGroup(it: It): void {
  it('answers at once when there is something new', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    expect(await read(engine, { ...ann, waitMs: LONG_MS })).toEqual([delivered('1-0')])
  })

  it('is woken by an append', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, ann)
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0'])
  })

  it('gives an entry to the first in line, and leaves the others waiting', async (given) => {
    const { engine, orders, billing, ann, bob, cid } = given
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

  it('gives the first in line a batch up to its count, and the rest to the next', async (given) => {
    const { engine, orders, billing, ann, bob, cid } = given
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

  it('puts who comes back behind those who wait already', async ({ engine, orders, billing, ann, bob }) => {
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

  it('lets nobody overtake those who wait', async ({ engine, orders, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, { ...ann, count: 1 })
    const appended = append(engine, orders, '1-0', '2-0')
    const late = read(engine, bob)
    await appended
    expect(await answer).toEqual([delivered('1-0')])
    expect(await late).toEqual([delivered('2-0')])
  })

  it('serves one consumer that waits several times once for each', async (given) => {
    const { engine, orders, billing, ann } = given
    await makeGroup(engine, billing)
    const first = await waiting(engine, { ...ann, count: 1 })
    const second = await waiting(engine, { ...ann, count: 1 })
    await append(engine, orders, '1-0', '2-0')
    expect(await first.answer).toEqual([delivered('1-0')])
    expect(await second.answer).toEqual([delivered('2-0')])
  })

  it('gives an entry to a waiting reader of each group, and to those who list', async (given) => {
    const { engine, orders, billing, ann, bob } = given
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

  it('serves with noAck, too', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, { ...ann, noAck: true })
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(await pending(engine, billing)).toEqual([])
  })

  it('gives nothing when the deadline has passed, and what comes then to the next', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await makeGroup(engine, billing)
    const early = await parked(engine, () => deliver(engine, { ...ann, waitMs: 5 * SHORT_MS }))
    const { answer } = await waiting(engine, bob)
    expect((await early.answer).streams).toEqual([])
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
  })

  it('takes nothing when it is aborted while it waits', async ({ engine, orders, billing, ann, bob }) => {
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

  it('leaves an entry with one owner, whenever a reader is aborted', async (given) => {
    const { engine, orders, billing, ann, bob } = given
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
      const got = idsOf(await next.answer)
      const left = await pending(engine, billing)
      if (got.length === 0 && left.length === 0) {
        // It came back when bob had left.
        expect(await read(engine, bob)).toEqual([delivered(one)])
      } else {
        const { consumer } = got.includes(one) ? bob : ann
        expect(left).toEqual([{ id: one, consumer, deliveries: 1 }])
      }
      await engine.ack({ ...billing, ids: [id(one)] })
    }
  })

  it('takes nothing when it was aborted before it came', async ({ engine, orders, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    const aborted = AbortSignal.abort()
    await deliver(engine, { ...ann, waitMs: LONG_MS }, aborted)
    expect((await engine.status()).waiting).toBe(0)
    await append(engine, orders, '1-0')
    await deliver(engine, ann, aborted)
    expect(await read(engine, bob)).toEqual([delivered('1-0')])
  })

  it('waits on when what was appended is trimmed in the same request', async (given) => {
    const { engine, orders, billing, ann } = given
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, ann)
    const vanishing = { ...orders, entries: entries('1-0'), createStream: true }
    await engine.appendEntries({ ...vanishing, trim: { maxLength: 0, approximate: false } })
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([delivered('2-0')])
  })

  it('waits on when what was appended lies before the place of the group', async (given) => {
    const { engine, orders, billing, ann } = given
    await makeGroup(engine, billing, { after: '5-0' })
    const { answer } = await waiting(engine, ann)
    await append(engine, orders, '4-0')
    await append(engine, orders, '5-0')
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '6-0')
    expect(await answer).toEqual([delivered('6-0')])
  })

  it('waits on a stream all of whose entries were deleted', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('2-0')] })
    const { answer } = await waiting(engine, ann)
    await append(engine, orders, '3-0')
    expect(await answer).toEqual([delivered('3-0')])
  })

  it('makes its consumer anew when that was deleted meanwhile', async (given) => {
    const { engine, orders, billing, ann } = given
    await makeGroup(engine, billing)
    const { answer } = await waiting(engine, ann)
    await engine.deleteConsumer({ ...ann, dropPending: false })
    expect(await consumersOf(engine, billing)).toEqual([])
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(await pending(engine, billing)).toEqual([{ id: '1-0', consumer: ann.consumer, deliveries: 1 }])
    expect(await consumersOf(engine, billing)).toMatchObject([{ name: ann.consumer, pending: 1 }])
  })

  it('is refused when one of several streams loses the group', async (given) => {
    const { engine, orders, billing, ann } = given
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

  it('is not woken by acks, claims, deletions or other streams', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    const { answer } = await waiting(engine, bob)
    await engine.claim({ ...ann, ids: [id('1-0')], minIdleMs: 0, force: false, justIds: false })
    await engine.ack({ ...billing, ids: [id('1-0')] })
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    await append(engine, { stream: `${orders.stream}-abroad` }, '1-0')
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '3-0')
    expect(await answer).toEqual([delivered('3-0')])
  })
}

/** A reader that waits for something else to wake it. */
function waiting(engine: Engine, options: ConsumerRef & { count?: number; noAck?: boolean }) {
  return parked(engine, () => read(engine, { ...options, waitMs: LONG_MS }))
}
