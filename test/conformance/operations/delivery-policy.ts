import { expect } from 'vitest'
import type { DeliveryPolicy } from '../../../src/contract/delivery-policy.ts'
import type { Engine } from '../../../src/contract/engine.ts'
import { EngineError } from '../../../src/contract/errors.ts'
import type { GroupRef } from '../../../src/contract/refs.ts'
import { id, idsOf, refusal, shown, stateOf } from '../fixtures.ts'
import { lettersOf, ordersWith, setPolicy } from '../policy-requests.ts'
import { append, groupsOf, makeGroup, pending, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

/** `delivery` in `ensureGroup`, `updateGroup`, `getGroup` and `listGroups`. */
export function deliveryPolicy(it: It): void {
  it('is null for a group without one', async ({ engine, orders, billing }) => {
    await makeGroup(engine, billing)
    expect(await policyOf(engine, billing)).toBeNull()
    expect(await groupsOf(engine, orders)).toMatchObject([{ delivery: null }])
    expect(await engine.updateGroup({ ...billing, after: 'last' })).toMatchObject({ delivery: null })
  })

  it('is set for a new group, and shown with all of its members', async (context) => {
    const { engine, orders, billing } = context
    const delivery = fullPolicy(context)
    const request = { ...billing, after: 0n, createStream: true, onlyNew: true, delivery }
    expect(await engine.ensureGroup(request)).toMatchObject({ created: true, delayed: 0, dead: 0 })
    expect(await policyOf(engine, billing)).toEqual(delivery)
    expect((await groupsOf(engine, orders)).map((one) => one.delivery)).toEqual([delivery])
    const found = await engine.ensureGroup({ ...billing, after: 0n, createStream: true, onlyNew: false })
    expect(found).toMatchObject({ created: false, delivery })
  })

  it('is ignored by ensureGroup for a group that exists', async ({ engine, billing }) => {
    const request = { ...billing, after: 0n, createStream: true, onlyNew: false }
    await engine.ensureGroup(request)
    const found = await engine.ensureGroup({ ...request, delivery: { maxDeliveries: 2 } })
    expect(found).toMatchObject({ created: false, delivery: null })
    await setPolicy(engine, billing, { maxDeliveries: 3 })
    await engine.ensureGroup({ ...request, delivery: { maxDeliveries: 2 } })
    expect(await policyOf(engine, billing)).toEqual({ maxDeliveries: 3 })
  })

  it('is replaced as a whole', async (context) => {
    const { engine, billing } = context
    await ordersWith(context, fullPolicy(context))
    const request = { ...billing, delivery: { maxDeliveries: 7, retryDelaysMs: [5] } }
    expect((await engine.updateGroup(request)).delivery).toEqual(request.delivery)
    expect(await policyOf(engine, billing)).toEqual(request.delivery)
  })

  it('is removed by one without members', async (context) => {
    const { engine, billing } = context
    await ordersWith(context, fullPolicy(context))
    expect((await engine.updateGroup({ ...billing, delivery: {} })).delivery).toBeNull()
    expect(await policyOf(engine, billing)).toBeNull()
    const shipping = { ...billing, group: 'shipping' }
    await makeGroup(engine, shipping, { delivery: {} })
    expect(await policyOf(engine, shipping)).toBeNull()
  })

  it('stays when the group is moved without one', async (context) => {
    const { engine, billing } = context
    await ordersWith(context, { maxDeliveries: 3 }, '1-0', '2-0')
    const moved = shown(await engine.updateGroup({ ...billing, after: id('1-0') }))
    expect(moved).toMatchObject({ lastDeliveredId: '1-0', delivery: { maxDeliveries: 3 } })
    expect(await policyOf(engine, billing)).toEqual({ maxDeliveries: 3 })
  })

  it('changes neither the position of its group nor its pending entries', async (context) => {
    const { engine, orders, billing, ann } = context
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1 })
    // A policy may need memory, which Redis reports as the size of the stream.
    const state = async () => ({ ...Object(await stateOf(engine, orders)), sizeBytes: 0 })
    const before = await state()
    for (const delivery of [{ ackTimeoutMs: 60_000 }, { maxPending: 1 }, {}]) {
      await setPolicy(engine, billing, delivery)
      expect(await state()).toEqual(before)
    }
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0'])
  })

  it('can be changed together with the position', async (context) => {
    const { engine, billing } = context
    await ordersWith(context, { maxDeliveries: 3 }, '1-0', '2-0')
    const request = { ...billing, after: 'last', delivery: { maxDeliveries: 4 } } as const
    const changed = shown(await engine.updateGroup(request))
    expect(changed).toMatchObject({ lastDeliveredId: '2-0', delivery: { maxDeliveries: 4 } })
  })

  it('belongs to one group of one stream', async (context) => {
    const { engine, orders, billing } = context
    await ordersWith(context, { maxDeliveries: 3 })
    const others = [
      { ...billing, group: 'shipping' },
      { ...billing, stream: `${orders.stream}-abroad` }
    ]
    for (const other of others) {
      await makeGroup(engine, other)
      expect(await policyOf(engine, other)).toBeNull()
    }
    expect((await groupsOf(engine, orders)).map((one) => one.delivery)).toEqual([{ maxDeliveries: 3 }, null])
  })

  it('is deleted with its group', async (context) => {
    const { engine, orders, billing } = context
    await ordersWith(context, { maxDeliveries: 3 })
    await engine.deleteGroup({ ...billing, dropPending: false })
    await makeGroup(engine, billing)
    expect(await policyOf(engine, billing)).toBeNull()
    await setPolicy(engine, billing, { maxDeliveries: 4 })
    await engine.deleteStream(orders)
    await makeGroup(engine, billing)
    expect(await policyOf(engine, billing)).toBeNull()
  })

  it('may name a dead-letter stream that does not exist, and does not create it', async (context) => {
    const { engine, orders, billing } = context
    const letters = lettersOf(orders)
    await ordersWith(context, { deadLetterStream: letters.stream, deadLetterMaxLength: 5 })
    expect(await policyOf(engine, billing)).toEqual({
      deadLetterStream: letters.stream,
      deadLetterMaxLength: 5
    })
    expect(await stateOf(engine, letters)).toBe('stream-not-found')
  })

  it('is refused if it has deadLetterMaxLength without deadLetterStream', async (context) => {
    const { engine, orders, billing } = context
    await ordersWith(context, { maxDeliveries: 3 })
    const delivery = { deadLetterMaxLength: 5 }
    const update = () => engine.updateGroup({ ...billing, delivery })
    expect(await refusal(engine, orders, update)).toBe('invalid-request')
    expect((await refusedWith(update)).pointer).toBe('/delivery/deadLetterMaxLength')
    expect(await policyOf(engine, billing)).toEqual({ maxDeliveries: 3 })
    const create = () => makeGroup(engine, { ...billing, group: 'shipping' }, { delivery })
    expect(await refusal(engine, orders, create)).toBe('invalid-request')
  })

  it('is refused if dead letters would come back to the stream itself', async (context) => {
    const { engine, orders, billing } = context
    const delivery = { deadLetterStream: orders.stream }
    const create = () => makeGroup(engine, billing, { delivery })
    expect(await refusal(engine, orders, create)).toBe('dead-letter-cycle')
    expect(await stateOf(engine, orders)).toBe('stream-not-found')
    await ordersWith(context, { maxDeliveries: 3 })
    const update = () => engine.updateGroup({ ...billing, after: 'last', delivery })
    expect(await refusal(engine, orders, update)).toBe('dead-letter-cycle')
    const { message, pointer } = await refusedWith(update)
    expect(message).toContain(`${orders.stream} → ${orders.stream}`)
    expect(pointer).toBe('/delivery/deadLetterStream')
    expect(await policyOf(engine, billing)).toEqual({ maxDeliveries: 3 })
  })

  it('is refused if dead letters would come back through groups of other streams', async (context) => {
    const { engine, orders, billing } = context
    const [first, second] = [lettersOf(orders), { stream: `{${orders.stream}}.dead.again` }]
    await ordersWith(context, { deadLetterStream: first.stream })
    await makeGroup(engine, { ...first, group: 'other' }, { delivery: { maxDeliveries: 2 } })
    await makeGroup(engine, { ...first, group: 'sweeper' }, { delivery: { deadLetterStream: second.stream } })
    const last = { ...second, group: 'sweeper' }
    const create = () => makeGroup(engine, last, { delivery: { deadLetterStream: orders.stream } })
    expect(await refusal(engine, second, create)).toBe('dead-letter-cycle')
    const chain = [second.stream, orders.stream, first.stream, second.stream].join(' → ')
    expect((await refusedWith(create)).message).toContain(chain)
    // Without the first link, nothing comes back.
    await setPolicy(engine, billing, {})
    await create()
    const close = () => setPolicy(engine, billing, { deadLetterStream: first.stream })
    expect(await refusal(engine, orders, close)).toBe('dead-letter-cycle')
  })

  it('may send dead letters of several groups and streams to one stream', async (context) => {
    const { engine, orders, billing } = context
    const delivery = { deadLetterStream: lettersOf(orders).stream }
    await ordersWith(context, delivery)
    const others = [
      { ...billing, group: 'shipping' },
      { ...billing, stream: `{${orders.stream}}.abroad` }
    ]
    for (const other of others) {
      await makeGroup(engine, other, { delivery })
      expect(await policyOf(engine, other)).toEqual(delivery)
    }
  })
}

function fullPolicy({ orders }: TestContext): DeliveryPolicy {
  return {
    ackTimeoutMs: 30_000,
    maxDeliveries: 5,
    retryDelaysMs: [1000, 60_000],
    deadLetterStream: lettersOf(orders).stream,
    deadLetterMaxLength: 1000,
    consumerTtlMs: 3_600_000,
    maxPending: 100,
    maxPendingPerConsumer: 10
  }
}

async function policyOf(engine: Engine, { stream, group }: GroupRef) {
  return (await engine.getGroup({ stream, group })).delivery
}

/** The error that a request is refused with. */
async function refusedWith(request: () => Promise<unknown>): Promise<EngineError> {
  const error = await request().then(
    () => undefined,
    (error: unknown) => error
  )
  if (error instanceof EngineError) return error
  throw error ?? new Error('The request was not refused')
}
