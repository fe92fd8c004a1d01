import { expect } from 'vitest'
import { codeOfRefused, id, idsOf, LONG_MS, parked, SHORT_MS, shown } from '../fixtures.ts'
import { deadOf, lettersOf, nack, ordersWith, pendingTexts } from '../policy-requests.ts'
import { append, deliver, entriesOf, list, makeGroup, read } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `ack` and `nack` in a read: what it settles before it delivers. */
export function settle(it: It): void {
  it('acks and nacks first, and then delivers', async (context) => {
    const { engine, orders, billing, ann } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    const nacks = [{ ids: ['2-0'], outcome: 'retry', delayMs: IDLE_MS } as const]
    const delivery = await deliver(engine, { ...ann, ack: ['1-0'], nack: nacks })
    expect(delivery.settled).toEqual([{ acked: 1, nacked: 1, notPending: [] }])
    expect(idsOf(entriesOf(delivery))).toEqual(['4-0'])
    expect(await pendingTexts(engine, billing)).toEqual([
      '2-0 delayed -×1',
      '3-0 leased ann×1',
      '4-0 leased ann×1'
    ])
  })

  it('is absent from the answer of a read that names nothing to settle', async (context) => {
    const { engine, bob } = context
    await threeDelivered(context)
    expect(await deliver(engine, bob)).not.toHaveProperty('settled')
    const none = [{ acked: 0, nacked: 0, notPending: [] }]
    expect(await deliver(engine, { ...bob, ack: [] })).toMatchObject({ streams: [], settled: none })
  })

  it('is answered although there is nothing to deliver', async (context) => {
    const { engine, billing, ann } = context
    await threeDelivered(context)
    const delivery = await deliver(engine, { ...ann, ack: ['1-0', '2-0', '3-0'] })
    expect(delivery.streams).toEqual([])
    expect(delivery.settled).toEqual([{ acked: 3, nacked: 0, notPending: [] }])
    expect(await pendingTexts(engine, billing)).toEqual([])
  })

  it('affects only entries that the consumer owns', async (context) => {
    const { engine, billing, bob } = context
    await threeDelivered(context)
    const nacks = [{ ids: ['2-0', '3-0'], outcome: 'reject' } as const]
    const { settled } = await deliver(engine, { ...bob, ack: ['1-0', '9-0'], nack: nacks })
    expect(shown(settled)).toEqual([{ acked: 0, nacked: 0, notPending: ['1-0', '9-0', '2-0', '3-0'] }])
    expect(await pendingTexts(engine, billing)).toHaveLength(3)
    expect(await deadOf(engine, billing)).toEqual([])
  })

  it('counts an id that is named twice the first time only', async (context) => {
    const { engine, billing, ann } = context
    await threeDelivered(context)
    const nacks = [
      { ids: ['1-0', '2-0', '2-0'], outcome: 'reject' } as const,
      { ids: ['2-0', '3-0'], outcome: 'retry', delayMs: IDLE_MS } as const
    ]
    const { settled } = await deliver(engine, { ...ann, ack: ['1-0'], nack: nacks })
    expect(shown(settled)).toEqual([{ acked: 1, nacked: 2, notPending: ['1-0', '2-0', '2-0'] }])
    expect(idsOf(await deadOf(engine, billing))).toEqual(['2-0'])
    expect(await pendingTexts(engine, billing)).toEqual(['3-0 delayed -×1'])
  })

  it('delivers nothing that the same request has settled', async (context) => {
    const { engine, ann, bob } = context
    await threeDelivered(context)
    const nacks = [{ ids: ['1-0'], outcome: 'release' } as const, { ids: ['2-0'], outcome: 'retry' } as const]
    const delivery = await deliver(engine, { ...ann, nack: nacks })
    expect(delivery.streams).toEqual([])
    expect(delivery.settled).toEqual([{ acked: 0, nacked: 2, notPending: [] }])
    expect(await read(engine, bob)).toMatchObject([
      { id: '1-0', deliveries: 1 },
      { id: '2-0', deliveries: 2 }
    ])
  })

  it('wakes others that wait for what was nacked', async (context) => {
    const { engine, ann, bob } = context
    await threeDelivered(context)
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await deliver(engine, { ...ann, nack: [{ ids: ['2-0'], outcome: 'retry' }] })
    expect(await answer).toMatchObject([{ id: '2-0', deliveries: 2 }])
  })

  it('lets entries die, with a reason', async (context) => {
    const { engine, orders, billing, ann } = context
    const letters = lettersOf(orders)
    const delivery = { maxDeliveries: 1, deadLetterStream: letters.stream }
    await ordersWith(context, delivery, '1-0', '2-0', '3-0', '4-0')
    await read(engine, { ...ann, count: 3 })
    const nacks = [
      { ids: ['1-0'], outcome: 'retry', reason: 'failed' } as const,
      { ids: ['2-0'], outcome: 'reject', reason: 'refused' } as const,
      { ids: ['3-0'], outcome: 'release' } as const
    ]
    const { settled } = await deliver(engine, { ...ann, count: 1, nack: nacks })
    expect(settled).toEqual([{ acked: 0, nacked: 3, notPending: [] }])
    expect(await list(engine, letters)).toMatchObject([
      { fields: { order: '1-0', 'weir.consumer': 'ann', 'weir.reason': 'failed' } },
      { fields: { order: '2-0', 'weir.consumer': 'ann', 'weir.reason': 'refused' } }
    ])
    expect(await pendingTexts(engine, billing)).toEqual(['3-0 due -×0', '4-0 leased ann×1'])
  })

  it('makes room under the limits of the policy', async (context) => {
    const { engine, ann } = context
    await ordersWith(context, { maxPending: 2, maxPendingPerConsumer: 2 }, '1-0', '2-0', '3-0', '4-0')
    await read(engine, ann)
    const nacks = [{ ids: ['2-0'], outcome: 'retry', delayMs: IDLE_MS } as const]
    expect(idsOf(await read(engine, { ...ann, ack: ['1-0'], nack: nacks }))).toEqual(['3-0', '4-0'])
  })

  it('happens before the wait, and is answered together with what is delivered', async (context) => {
    const { engine, orders, billing, ann } = context
    await threeDelivered(context)
    const reading = await parked(engine, () => deliver(engine, { ...ann, ack: ['1-0'], waitMs: LONG_MS }))
    expect(await pendingTexts(engine, billing)).toEqual(['2-0 leased ann×1', '3-0 leased ann×1'])
    await append(engine, orders, '4-0')
    const delivery = await reading.answer
    expect(delivery.settled).toEqual([{ acked: 1, nacked: 0, notPending: [] }])
    expect(idsOf(entriesOf(delivery))).toEqual(['4-0'])
  })

  it('is not done again when the wait ends', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeDelivered(context)
    const nacks = [{ ids: ['1-0'], outcome: 'retry', delayMs: IDLE_MS } as const]
    const reading = await parked(engine, () => deliver(engine, { ...ann, nack: nacks, waitMs: LONG_MS }))
    await nack(engine, billing, 'release', ['1-0'])
    const delivery = await reading.answer
    expect(entriesOf(delivery)).toMatchObject([{ id: '1-0', deliveries: 2 }])
    await append(engine, orders, '4-0')
    expect(idsOf(await read(engine, bob))).toEqual(['4-0'])
    expect(await pendingTexts(engine, billing)).toContain('1-0 leased ann×2')
  })

  it('is answered after the deadline and after a hang-up', async (context) => {
    const { engine, billing, ann } = context
    await threeDelivered(context)
    const late = await deliver(engine, { ...ann, ack: ['1-0'], waitMs: SHORT_MS })
    expect(late).toMatchObject({ streams: [], settled: [{ acked: 1 }] })
    const hangUp = new AbortController()
    const request = { ...ann, ack: ['2-0'], waitMs: LONG_MS }
    const { answer } = await parked(engine, () => deliver(engine, request, hangUp.signal))
    hangUp.abort()
    expect(await answer).toMatchObject({ streams: [], settled: [{ acked: 1 }] })
    expect(await pendingTexts(engine, billing)).toEqual(['3-0 leased ann×1'])
  })

  it('is answered although the group or stream is deleted during the wait', async (context) => {
    const { engine, orders, billing, ann } = context
    await threeDelivered(context)
    const waiting = (ack: string[]) => parked(engine, () => deliver(engine, { ...ann, ack, waitMs: LONG_MS }))
    const first = await waiting(['1-0'])
    await engine.deleteGroup({ ...billing, dropPending: true })
    expect(await first.answer).toMatchObject({ streams: [], settled: [{ acked: 1, notPending: [] }] })
    await makeGroup(engine, billing)
    await read(engine, ann)
    const second = await waiting(['2-0', '9-0'])
    await engine.deleteStream(orders)
    const settled = [{ acked: 1, nacked: 0, notPending: [id('9-0')] }]
    expect(await second.answer).toMatchObject({ streams: [], settled })
  })

  it('is not undone with the delivery', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    const nacks = [{ ids: ['2-0'], outcome: 'retry', delayMs: IDLE_MS } as const]
    const delivery = await deliver(engine, { ...ann, ack: ['1-0'], nack: nacks })
    delivery.undo()
    expect(await read(engine, bob)).toMatchObject([{ id: '4-0', deliveries: 1 }])
    expect(await pendingTexts(engine, billing)).toEqual([
      '2-0 delayed -×1',
      '3-0 leased ann×1',
      '4-0 leased bob×1'
    ])
  })

  it('is answered for each of several streams, in the order of the request', async (context) => {
    const { engine, orders, billing, ann } = context
    const abroad = { ...billing, stream: `${orders.stream}-abroad` }
    const third = { ...billing, stream: `${orders.stream}-third` }
    await threeDelivered(context)
    await append(engine, abroad, '7-0', '8-0')
    await append(engine, third, '5-0')
    for (const group of [abroad, third]) await makeGroup(engine, group)
    await read(engine, { ...ann, ...abroad, count: 1 })
    const streams = [
      { stream: abroad.stream, nack: [{ ids: [id('7-0'), id('1-0')], outcome: 'reject' as const }] },
      { stream: third.stream },
      { stream: orders.stream, ack: [id('1-0')] }
    ]
    const { group, consumer } = ann
    const request = { group, consumer, streams, count: 1, waitMs: 0, noAck: false }
    const delivery = await engine.readGroups(request, new AbortController().signal)
    expect(delivery.settled).toEqual([
      { acked: 0, nacked: 1, notPending: [id('1-0')] },
      { acked: 0, nacked: 0, notPending: [] },
      { acked: 1, nacked: 0, notPending: [] }
    ])
    expect(idsOf(entriesOf(delivery))).toEqual(['8-0', '5-0'])
    expect(idsOf(await deadOf(engine, abroad))).toEqual(['7-0'])
  })

  it('happens before the consumer reads its own entries again', async (context) => {
    const { engine, ann } = context
    await threeDelivered(context)
    const nacks = [{ ids: ['2-0'], outcome: 'release' } as const]
    const own = await deliver(engine, { ...ann, after: '0-0', ack: ['1-0'], nack: nacks })
    expect(own.settled).toEqual([{ acked: 1, nacked: 1, notPending: [] }])
    expect(idsOf(entriesOf(own))).toEqual(['3-0'])
  })

  it('does not happen in a read that is refused', async (context) => {
    const { engine, orders, billing, ann, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0')
    await read(engine, ann)
    const { group, consumer } = ann
    const place = { stream: orders.stream, ack: [id('1-0')] }
    const refuse = (streams: { stream: string }[]) =>
      engine.readGroups(
        { group, consumer, streams, count: 1, waitMs: 0, noAck: false },
        new AbortController().signal
      )
    expect(await codeOfRefused(refuse([place, { stream: 'nowhere' }]))).toBe('stream-not-found')
    expect(await codeOfRefused(refuse([place, place]))).toBe('invalid-request')
    const timed = deliver(engine, { ...ann, ack: ['1-0'], claimIdleMs: spanMs })
    expect(await codeOfRefused(timed)).toBe('invalid-request')
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
  })

  it('does not happen in a read that may not wait', async (context) => {
    const { engine, billing, ann, maxWaiting } = context
    await threeDelivered(context)
    await fill(context, maxWaiting)
    const refused = deliver(engine, { ...ann, ack: ['1-0'], waitMs: LONG_MS })
    expect(await codeOfRefused(refused)).toBe('too-many-waiting')
    expect(await pendingTexts(engine, billing)).toHaveLength(3)
  })
}

async function fill({ engine, bob }: TestContext, readers: number): Promise<void> {
  for (let count = 0; count < readers; count++)
    await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
}
