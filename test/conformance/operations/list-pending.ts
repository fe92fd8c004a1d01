import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import { MAX_ID, MIN_ID } from '../../../src/contract/entry-id.ts'
import type { ListPendingRequest } from '../../../src/contract/pending.ts'
import type { GroupRef } from '../../../src/contract/refs.ts'
import { id, idsFrom, idsOf, refusal, shown, stateOf } from '../fixtures.ts'
import { append, claim, makeGroup, read, summaryOf } from '../requests.ts'
import { IDLE_MS } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `listPending` and `getPendingSummary`. */
export function listPending(it: It): void {
  it('list pending entries in the order of ids, with owner, idle time and deliveries', async (context) => {
    const { engine, billing, ann, bob, elapse } = context
    await fourDelivered(context)
    await elapse(20)
    await claim(engine, { ...bob, ids: ['2-0'] })
    const listed = await pendingOf(engine, billing)
    const idleMs = expect.any(Number)
    expect(listed).toEqual([
      { id: '1-0', consumer: ann.consumer, idleMs, deliveries: 1, state: 'leased' },
      { id: '2-0', consumer: bob.consumer, idleMs, deliveries: 2, state: 'leased' },
      { id: '3-0', consumer: bob.consumer, idleMs, deliveries: 1, state: 'leased' },
      { id: '4-0', consumer: bob.consumer, idleMs, deliveries: 1, state: 'leased' }
    ])
    expect(listed[0]?.idleMs).toBeGreaterThanOrEqual(20)
    expect(listed[1]?.idleMs).toBeLessThan(listed[0]?.idleMs ?? Number.NaN)
  })

  it('include both ends of a range', async (context) => {
    const { engine, billing } = context
    await fourDelivered(context)
    expect(idsOf(await pendingOf(engine, billing, { from: id('2-0'), to: id('3-0') }))).toEqual([
      '2-0',
      '3-0'
    ])
    expect(idsOf(await pendingOf(engine, billing, { from: id('1-1'), to: id('3-9') }))).toEqual([
      '2-0',
      '3-0'
    ])
    expect(idsOf(await pendingOf(engine, billing, { from: -1n, to: MAX_ID + 1n }))).toHaveLength(4)
  })

  it('list nothing for a range outside the list or with swapped ends', async (context) => {
    const { engine, billing } = context
    await fourDelivered(context)
    for (const range of [
      { from: id('4-1') },
      { to: id('0-9') },
      { from: id('3-0'), to: id('2-0') },
      { from: MAX_ID + 1n },
      { to: -1n }
    ]) {
      expect(await pendingOf(engine, billing, range)).toEqual([])
    }
  })

  it('list the entries of one consumer', async (context) => {
    const { engine, billing, ann, bob } = context
    await fourDelivered(context)
    const { consumer } = bob
    expect(idsOf(await pendingOf(engine, billing, { consumer: ann.consumer }))).toEqual(['1-0', '2-0'])
    expect(idsOf(await pendingOf(engine, billing, { consumer }))).toEqual(['3-0', '4-0'])
    expect(idsOf(await pendingOf(engine, billing, { consumer, from: id('4-0') }))).toEqual(['4-0'])
    expect(idsOf(await pendingOf(engine, billing, { consumer, limit: 1 }))).toEqual(['3-0'])
  })

  it('list nothing for an unknown consumer and do not create it', async (context) => {
    const { engine, orders, billing, cid } = context
    await fourDelivered(context)
    const before = await stateOf(engine, orders)
    expect(await pendingOf(engine, billing, { consumer: cid.consumer })).toEqual([])
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('list entries that have been idle for at least minIdleMs', async (context) => {
    const { engine, billing, ann, bob } = context
    await fourDelivered(context)
    await claim(engine, { ...ann, ids: ['2-0'], idleMs: IDLE_MS })
    await claim(engine, { ...bob, ids: ['4-0'], idleMs: 2 * IDLE_MS })
    expect(idsOf(await pendingOf(engine, billing, { minIdleMs: IDLE_MS }))).toEqual(['2-0', '4-0'])
    expect(idsOf(await pendingOf(engine, billing, { minIdleMs: 2 * IDLE_MS }))).toEqual(['4-0'])
    expect(await pendingOf(engine, billing, { minIdleMs: 3 * IDLE_MS })).toEqual([])
    const ofAnn = { consumer: ann.consumer, minIdleMs: IDLE_MS }
    expect(idsOf(await pendingOf(engine, billing, ofAnn))).toEqual(['2-0'])
  })

  it('count only listed entries against the limit', async (context) => {
    const { engine, billing, bob } = context
    await fourDelivered(context)
    expect(idsOf(await pendingOf(engine, billing, { limit: 2 }))).toEqual(['1-0', '2-0'])
    await claim(engine, { ...bob, ids: ['3-0', '4-0'], idleMs: IDLE_MS })
    expect(idsOf(await pendingOf(engine, billing, { limit: 1, minIdleMs: IDLE_MS }))).toEqual(['3-0'])
  })

  it('page through a long list without missing an entry', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 1000 })
    const pages: string[] = []
    for (let from = MIN_ID; ; ) {
      const page = idsOf(await pendingOf(engine, billing, { from, limit: 70 }))
      pages.push(...page)
      if (page.length < 70) break
      from = id(page.at(-1) ?? '') + 1n
    }
    expect(pages).toEqual(idsFrom(1, 1000))
  })

  it('list deleted entries, too', async (context) => {
    const { engine, orders, billing } = context
    await fourDelivered(context)
    await engine.deleteEntries({ ...orders, ids: [id('3-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    expect(idsOf(await pendingOf(engine, billing))).toEqual(['1-0', '2-0', '3-0', '4-0'])
  })

  it('do not change when consumers were seen', async (context) => {
    const { engine, orders, billing, elapse } = context
    await fourDelivered(context)
    const before = await stateOf(engine, orders)
    await elapse(5)
    await pendingOf(engine, billing)
    await summaryOf(engine, billing)
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('sum up pending entries by consumer, without consumers that have none', async (context) => {
    const { engine, billing, ann, bob } = context
    await fourDelivered(context)
    await engine.ensureConsumer({ ...billing, consumer: 'zoe' })
    expect(await summaryOf(engine, billing)).toEqual({
      count: 4,
      firstId: '1-0',
      lastId: '4-0',
      consumers: [
        { name: ann.consumer, count: 2 },
        { name: bob.consumer, count: 2 }
      ]
    })
    await engine.ackEntries({ ...billing, ids: [id('1-0'), id('2-0'), id('4-0')] })
    expect(await summaryOf(engine, billing)).toEqual({
      count: 1,
      firstId: '3-0',
      lastId: '3-0',
      consumers: [{ name: bob.consumer, count: 1 }]
    })
  })

  it('sum up consumers in the byte order of their names', async ({ engine, orders, billing }) => {
    const ascending = ['A', 'a', 'ab', 'é', '\uffee', '😀']
    await append(engine, orders, ...idsFrom(1, ascending.length))
    await makeGroup(engine, billing)
    for (const consumer of [...ascending].reverse()) await read(engine, { ...billing, consumer, count: 1 })
    const { consumers } = await summaryOf(engine, billing)
    expect(consumers).toEqual(ascending.map((name) => ({ name, count: 1 })))
  })

  it('list and sum up nothing if nothing is pending', async ({ engine, billing }) => {
    await makeGroup(engine, billing)
    expect(await pendingOf(engine, billing)).toEqual([])
    expect(await summaryOf(engine, billing)).toEqual({
      count: 0,
      firstId: null,
      lastId: null,
      consumers: []
    })
  })

  it('refuse a group or stream that does not exist', async ({ engine, orders, billing }) => {
    const requests = [() => pendingOf(engine, billing), () => summaryOf(engine, billing)]
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}

/** 1-0 and 2-0, pending with ann, and 3-0 and 4-0, pending with bob. */
async function fourDelivered({ engine, orders, billing, ann, bob }: TestContext): Promise<void> {
  await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
  await makeGroup(engine, billing)
  await read(engine, { ...ann, count: 2 })
  await read(engine, { ...bob, count: 2 })
}

async function pendingOf(engine: Engine, group: GroupRef, options: Partial<ListPendingRequest> = {}) {
  const defaults = { from: MIN_ID, to: MAX_ID, limit: 1000, minIdleMs: 0 }
  return shown(await engine.listPending({ ...defaults, ...options, ...group }))
}
