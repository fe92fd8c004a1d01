import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef, GroupRef } from '../../../src/contract/refs.ts'
import { entry, id, idsFrom, idsOf, refusal, shown, stateOf } from '../fixtures.ts'
import { append, list, makeGroup, pending, read } from '../requests.ts'
import { threeDelivered } from '../situations.ts'
import type { It } from '../test-context.ts'

export function ack(it: It): void {
  it('removes entries from the pending list', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeDelivered(context)
    expect(await acked(engine, billing, '1-0', '3-0')).toEqual({ acked: 2, notPending: [] })
    expect(await pending(engine, billing)).toEqual([{ id: '2-0', consumer: ann.consumer, deliveries: 1 }])
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['2-0'])
    expect(await read(engine, bob)).toEqual([])
    expect(await list(engine, orders)).toEqual(['1-0', '2-0', '3-0'].map(entry))
  })

  it('lists the ids that were not pending, in the order of the request', async (context) => {
    const { engine, orders, billing } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    expect(await acked(engine, billing, '9-0', '2-0', '4-0', '0-0')).toEqual({
      acked: 1,
      notPending: ['9-0', '4-0', '0-0']
    })
    expect(await acked(engine, billing, '2-0')).toEqual({ acked: 0, notPending: ['2-0'] })
  })

  it('counts a repeated id once', async (context) => {
    const { engine, billing } = context
    await threeDelivered(context)
    expect(await acked(engine, billing, '2-0', '9-0', '2-0', '9-0')).toEqual({
      acked: 1,
      notPending: ['9-0']
    })
  })

  it('changes nothing if none of the ids is pending', async (context) => {
    const { engine, orders, billing } = context
    await threeDelivered(context)
    const before = await stateOf(engine, orders)
    await acked(engine, billing, '1-1', '9-0')
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('acks entries of all consumers unless the request names one', async (context) => {
    const { engine, orders, billing, bob } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    await read(engine, bob)
    expect(await acked(engine, billing, '1-0', '4-0')).toEqual({ acked: 2, notPending: [] })
  })

  it('acks only entries of the consumer that the request names', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await threeDelivered(context)
    await append(engine, orders, '4-0')
    await read(engine, bob)
    expect(await acked(engine, bob, '4-0', '1-0', '9-0')).toEqual({ acked: 1, notPending: ['1-0', '9-0'] })
    expect(await pending(engine, billing)).toHaveLength(3)
    expect(await acked(engine, ann, '1-0')).toEqual({ acked: 1, notPending: [] })
  })

  it('does not ack an entry for a consumer that lost it to another', async (context) => {
    const { engine, ann, bob } = context
    await threeDelivered(context)
    await engine.claimEntries({ ...bob, ids: [id('1-0')], minIdleMs: 0, force: false, justIds: true })
    expect(await acked(engine, ann, '1-0', '2-0')).toEqual({ acked: 1, notPending: ['1-0'] })
    expect(idsOf(await pending(engine, ann))).toEqual(['1-0', '3-0'])
  })

  it('acks nothing for an unknown consumer and does not create it', async (context) => {
    const { engine, orders, cid } = context
    await threeDelivered(context)
    const before = await stateOf(engine, orders)
    expect(await acked(engine, cid, '1-0')).toEqual({ acked: 0, notPending: ['1-0'] })
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('acks deleted entries', async (context) => {
    const { engine, orders, billing, ann } = context
    await threeDelivered(context)
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    expect(await acked(engine, billing, '1-0', '2-0')).toEqual({ acked: 2, notPending: [] })
    expect(idsOf(await read(engine, { ...ann, after: '0-0' }))).toEqual(['3-0'])
  })

  it('acks in one group only', async (context) => {
    const { engine, billing, ann } = context
    const shipping = { ...billing, group: 'shipping' }
    await threeDelivered(context)
    await makeGroup(engine, shipping)
    await read(engine, { ...ann, ...shipping })
    await acked(engine, billing, '1-0', '2-0', '3-0')
    expect(idsOf(await pending(engine, shipping))).toEqual(['1-0', '2-0', '3-0'])
  })

  it('acks a thousand entries in any order', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, ...idsFrom(1, 1001))
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1001 })
    expect(await acked(engine, billing, ...idsFrom(1, 1000).reverse())).toEqual({
      acked: 1000,
      notPending: []
    })
    expect(idsOf(await pending(engine, billing))).toEqual(['1001-0'])
  })

  it('changes neither the position of the group nor seenAt and activeAt', async (context) => {
    const { engine, orders, billing, elapse } = context
    await threeDelivered(context)
    const before = await engine.describeStream({ ...orders, limit: 10 })
    await elapse(5)
    await acked(engine, billing, '1-0', '2-0', '3-0')
    const after = await engine.describeStream({ ...orders, limit: 10 })
    expect(after.groups[0]).toEqual({
      ...before.groups[0],
      pending: 0,
      pendingEntries: [],
      consumers: before.groups[0]?.consumers.map((one) => ({ ...one, pending: 0, pendingEntries: [] }))
    })
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, billing }) => {
    const request = () => acked(engine, billing, '1-0')
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}

async function acked(engine: Engine, target: GroupRef | ConsumerRef, ...texts: string[]) {
  return shown(await engine.ackEntries({ ...target, ids: texts.map(id) }))
}
