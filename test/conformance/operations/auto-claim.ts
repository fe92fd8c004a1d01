import { expect } from 'vitest'
import { delivered, id, idsFrom, idsOf, refusal } from '../fixtures.ts'
import { append, autoClaim, claim, makeGroup, moments, pending, read } from '../requests.ts'
import { IDLE_MS } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

export function autoClaims(it: It): void {
  it('claims entries that have been idle for minIdleMs, in the order of ids', async (context) => {
    const { engine, billing, ann, bob } = context
    await deliverTo(context, 4)
    await claim(engine, { ...ann, ids: ['4-0', '2-0'], idleMs: IDLE_MS, justIds: true })
    expect(await autoClaim(engine, { ...bob, minIdleMs: IDLE_MS })).toEqual({
      next: '0-0',
      entries: [delivered('2-0', 2), delivered('4-0', 2)],
      deletedIds: []
    })
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: ann.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 2 },
      { id: '3-0', consumer: ann.consumer, deliveries: 1 },
      { id: '4-0', consumer: bob.consumer, deliveries: 2 }
    ])
  })

  it('claims up to count entries and returns where to continue', async (context) => {
    const { engine, bob } = context
    await deliverTo(context, 5)
    const first = await autoClaim(engine, { ...bob, count: 2 })
    expect(idsOf(first.entries)).toEqual(['1-0', '2-0'])
    expect(first.next).toBe('3-0')
    const second = await autoClaim(engine, { ...bob, count: 2, from: first.next })
    expect(idsOf(second.entries)).toEqual(['3-0', '4-0'])
    expect(second.next).toBe('5-0')
    const third = await autoClaim(engine, { ...bob, count: 2, from: second.next })
    expect(idsOf(third.entries)).toEqual(['5-0'])
    expect(third.next).toBe('0-0')
  })

  it('returns the end of the list when count fits exactly', async (context) => {
    const { engine, bob } = context
    await deliverTo(context, 3)
    const answer = await autoClaim(engine, { ...bob, count: 3 })
    expect(idsOf(answer.entries)).toEqual(['1-0', '2-0', '3-0'])
    expect(answer.next).toBe('0-0')
  })

  it('begins at an id, pending or not', async (context) => {
    const { engine, bob } = context
    await deliverTo(context, 4)
    expect(idsOf((await autoClaim(engine, { ...bob, from: '3-0' })).entries)).toEqual(['3-0', '4-0'])
    expect(idsOf((await autoClaim(engine, { ...bob, from: '2-5' })).entries)).toEqual(['3-0', '4-0'])
    expect(await autoClaim(engine, { ...bob, from: '4-1' })).toEqual({
      next: '0-0',
      entries: [],
      deletedIds: []
    })
  })

  it('scans at most ten times count entries', async (context) => {
    const { engine, ann, bob } = context
    await deliverTo(context, 30)
    await claim(engine, { ...ann, ids: ['25-0'], idleMs: IDLE_MS, justIds: true })
    const request = { ...bob, count: 1, minIdleMs: IDLE_MS }
    expect(await autoClaim(engine, request)).toEqual({ next: '11-0', entries: [], deletedIds: [] })
    const second = await autoClaim(engine, { ...request, from: '11-0' })
    expect(second).toEqual({ next: '21-0', entries: [], deletedIds: [] })
    const third = await autoClaim(engine, { ...request, from: '21-0' })
    expect(third).toEqual({ next: '26-0', entries: [delivered('25-0', 2)], deletedIds: [] })
    const fourth = await autoClaim(engine, { ...request, from: '26-0' })
    expect(fourth).toEqual({ next: '0-0', entries: [], deletedIds: [] })
  })

  it('returns the end of the list after scanning all of it', async (context) => {
    const { engine, bob } = context
    await deliverTo(context, 20)
    const answer = await autoClaim(engine, { ...bob, count: 2, minIdleMs: IDLE_MS })
    expect(answer).toEqual({ next: '0-0', entries: [], deletedIds: [] })
  })

  it('never skips an entry of a long list', async (context) => {
    const { engine, ann, bob } = context
    await deliverTo(context, 500)
    const idle = idsFrom(1, 500).filter((_, index) => index % 17 === 0)
    await claim(engine, { ...ann, ids: idle, idleMs: IDLE_MS, justIds: true })
    const claimed: string[] = []
    for (let from = '0-0'; ; ) {
      const answer = await autoClaim(engine, { ...bob, count: 2, minIdleMs: IDLE_MS, from })
      expect(answer.entries.length).toBeLessThanOrEqual(2)
      claimed.push(...idsOf(answer.entries))
      if (answer.next === '0-0') break
      from = answer.next
    }
    expect(claimed).toEqual(idle)
  })

  it('drops deleted entries and lists their ids, whatever their idle time', async (context) => {
    const { engine, orders, billing, bob } = context
    await deliverTo(context, 4)
    await engine.deleteEntries({ ...orders, ids: [id('3-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 2, approximate: false } })
    expect(await autoClaim(engine, { ...bob, minIdleMs: IDLE_MS })).toEqual({
      next: '0-0',
      entries: [],
      deletedIds: ['1-0', '3-0']
    })
    expect(idsOf(await pending(engine, billing))).toEqual(['2-0', '4-0'])
  })

  it('counts dropped entries like claimed ones', async (context) => {
    const { engine, orders, bob } = context
    await deliverTo(context, 5)
    await engine.deleteEntries({ ...orders, ids: [id('1-0'), id('3-0')] })
    const first = await autoClaim(engine, { ...bob, count: 3 })
    expect(first).toEqual({ next: '4-0', entries: [delivered('2-0', 2)], deletedIds: ['1-0', '3-0'] })
  })

  it('claims without counting a delivery with justIds', async (context) => {
    const { engine, billing, ann, bob } = context
    await deliverTo(context, 2)
    await claim(engine, { ...ann, ids: ['1-0', '2-0'], idleMs: IDLE_MS, justIds: true })
    const answer = await autoClaim(engine, { ...bob, minIdleMs: IDLE_MS, justIds: true })
    expect(answer.entries).toEqual([
      { id: '1-0', deliveries: 1 },
      { id: '2-0', deliveries: 1 }
    ])
    for (const one of answer.entries) expect(one).not.toHaveProperty('fields')
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: bob.consumer, deliveries: 1 },
      { id: '2-0', consumer: bob.consumer, deliveries: 1 }
    ])
    expect((await autoClaim(engine, { ...bob, minIdleMs: IDLE_MS })).entries).toEqual([])
  })

  it('claims entries of its own consumer, too', async (context) => {
    const { engine, ann } = context
    await deliverTo(context, 1)
    expect((await autoClaim(engine, ann)).entries).toEqual([delivered('1-0', 2)])
  })

  it('creates its consumer even if it claims nothing, as seen but not active', async (context) => {
    const { engine, bob } = context
    await deliverTo(context, 1)
    await autoClaim(engine, { ...bob, minIdleMs: IDLE_MS })
    expect(await moments(engine, bob)).toEqual({ seenAt: expect.any(Number), activeAt: null })
    await autoClaim(engine, bob)
    const { seenAt, activeAt } = await moments(engine, bob)
    expect(activeAt).toBe(seenAt)
  })

  it('claims no new entries', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    expect(await autoClaim(engine, ann)).toEqual({ next: '0-0', entries: [], deletedIds: [] })
    expect(await read(engine, ann)).toEqual([delivered('1-0')])
  })

  it('refuses a group or stream that does not exist', async ({ engine, orders, ann }) => {
    expect(await refusal(engine, orders, () => autoClaim(engine, ann))).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await refusal(engine, orders, () => autoClaim(engine, ann))).toBe('group-not-found')
  })
}

/** Appends `count` entries from 1-0 on, pending with ann. */
async function deliverTo({ engine, orders, billing, ann }: TestContext, count: number): Promise<void> {
  await append(engine, orders, ...idsFrom(1, count))
  await makeGroup(engine, billing)
  await read(engine, { ...ann, count })
}
