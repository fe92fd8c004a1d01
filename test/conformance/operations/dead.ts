import { expect } from 'vitest'
import { codeOfRefused, id, idsFrom, idsOf, LONG_MS, parked, refusal, shown } from '../fixtures.ts'
import { deadOf, extend, nack, ordersWith, pendingTexts, redrive } from '../policy-requests.ts'
import { append, autoClaim, claim, groupsOf, makeGroup, read } from '../requests.ts'
import { threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `listDead` and `redriveEntries`, and what else may become of dead entries. */
export function deadEntries(it: It): void {
  it('are listed in the order of their ids, page by page', async (context) => {
    const { engine, orders, billing, ann } = context
    const all = idsFrom(1, 25)
    await append(engine, orders, ...all)
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 25 })
    for (const one of [...all].reverse()) await nack(engine, billing, 'reject', [one])
    const pages: string[][] = []
    let cursor: string | undefined
    do {
      const page = await engine.listDead({ ...billing, limit: 10, ...(cursor !== undefined && { cursor }) })
      pages.push(idsOf(shown(page.dead)))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(pages).toEqual([all.slice(0, 10), all.slice(10, 20), all.slice(20)])
  })

  it('are listed without fields once their entry was deleted', async (context) => {
    const { engine, orders, billing } = context
    await threeDead(context)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    const fields = (await deadOf(engine, billing)).map((one) => [one.id, one.fields])
    expect(fields).toEqual([
      ['1-0', { order: '1-0' }],
      ['2-0', null],
      ['3-0', { order: '3-0' }]
    ])
  })

  it('are listed with the time of their death', async (context) => {
    const { engine, orders, billing } = context
    await threeDead(context)
    const [stamp = ''] = await append(engine, orders, '*')
    for (const { deadAt } of await deadOf(engine, billing)) {
      expect(Math.abs(deadAt - Number(stamp.split('-')[0]))).toBeLessThan(60_000)
    }
  })

  it('do not exist in a new group, and are listed with a valid cursor only', async ({ engine, billing }) => {
    await makeGroup(engine, billing)
    expect(await engine.listDead({ ...billing, limit: 10 })).toEqual({ dead: [] })
    const invalid = engine.listDead({ ...billing, limit: 10, cursor: ' ' })
    expect(await codeOfRefused(invalid)).toBe('invalid-request')
  })

  it('can be acked, by the consumer that had them last or by anybody', async (context) => {
    const { engine, billing, ann, bob } = context
    await threeDead(context)
    const ids = [id('1-0'), id('2-0')]
    const other = await engine.ackEntries({ ...billing, ids, consumer: bob.consumer })
    expect(shown(other)).toEqual({ acked: 0, notPending: ['1-0', '2-0'] })
    const own = await engine.ackEntries({ ...billing, ids: [id('1-0')], consumer: ann.consumer })
    expect(own).toMatchObject({ acked: 1, notPending: [] })
    expect(await engine.ackEntries({ ...billing, ids })).toMatchObject({ acked: 1 })
    expect(idsOf(await deadOf(engine, billing))).toEqual(['3-0'])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, dead: 1 })
  })

  it('can be acked although their entry was deleted', async (context) => {
    const { engine, orders, billing } = context
    await threeDead(context)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    expect(await engine.ackEntries({ ...billing, ids: [id('2-0')] })).toMatchObject({ acked: 1 })
    expect(idsOf(await deadOf(engine, billing))).toEqual(['1-0', '3-0'])
  })

  it('cannot be nacked or extended', async (context) => {
    const { engine, billing, ann } = context
    await threeDead(context)
    for (const outcome of ['retry', 'release', 'reject'] as const)
      expect(await nack(engine, billing, outcome, ['1-0'])).toEqual({ nacked: 0, notPending: ['1-0'] })
    expect(await extend(engine, ann, ['1-0'])).toMatchObject({ extended: 0, notPending: ['1-0'] })
  })

  it('are passed over by claims, even by force', async (context) => {
    const { engine, billing, bob } = context
    await threeDead(context)
    const none = { entries: [], deletedIds: [] }
    expect(await claim(engine, { ...bob, ids: ['1-0'] })).toEqual(none)
    expect(await claim(engine, { ...bob, ids: ['1-0'], force: true })).toEqual(none)
    expect(await autoClaim(engine, bob)).toMatchObject(none)
    expect(await read(engine, { ...bob, claimIdleMs: 0 })).toEqual([])
    expect(await read(engine, { ...bob, after: '0-0' })).toEqual([])
    expect(idsOf(await deadOf(engine, billing))).toEqual(['1-0', '2-0', '3-0'])
  })

  it('outlive the consumer that had them', async (context) => {
    const { engine, billing, ann } = context
    await threeDead(context)
    expect(await engine.deleteConsumer({ ...ann, pending: 'keep' })).toBe(0)
    expect((await deadOf(engine, billing)).map(({ consumer }) => consumer)).toEqual(['ann', 'ann', 'ann'])
  })

  it('keep their group from being deleted without dropPending, and are deleted with it', async (context) => {
    const { engine, orders, billing } = context
    await threeDead(context)
    const remove = () => engine.deleteGroup({ ...billing, dropPending: false })
    expect(await refusal(engine, orders, remove)).toBe('group-has-pending')
    await engine.deleteGroup({ ...billing, dropPending: true })
    expect(await groupsOf(engine, orders)).toEqual([])
    await makeGroup(engine, billing)
    expect(await deadOf(engine, billing)).toEqual([])
    expect(await engine.getGroup(billing)).toMatchObject({ dead: 0, lag: 3 })
  })

  it('belong to one group', async (context) => {
    const { engine, billing, bob } = context
    const shipping = { ...billing, group: 'shipping' }
    await threeDead(context)
    await makeGroup(engine, shipping)
    expect(await deadOf(engine, shipping)).toEqual([])
    expect(idsOf(await read(engine, { ...bob, ...shipping }))).toEqual(['1-0', '2-0', '3-0'])
  })

  it('are due at once after a redrive, with a count of 0', async (context) => {
    const { engine, billing, bob } = context
    await threeDead(context)
    const answer = await redrive(engine, billing, { ids: ['2-0', '3-0'] })
    expect(answer).toEqual({ redriven: 2, notDead: [], missing: [] })
    expect(await pendingTexts(engine, billing)).toEqual(['2-0 due -×0', '3-0 due -×0'])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 2, dead: 1 })
    expect(await read(engine, bob)).toMatchObject([
      { id: '2-0', deliveries: 1 },
      { id: '3-0', deliveries: 1 }
    ])
  })

  it('wake a waiting reader when they are redriven', async (context) => {
    const { engine, billing, bob } = context
    await threeDead(context)
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await redrive(engine, billing, { ids: ['2-0'] })
    expect(await answer).toMatchObject([{ id: '2-0', deliveries: 1 }])
  })

  it('are redriven in the order of their ids, up to a limit', async (context) => {
    const { engine, billing } = context
    await threeDead(context)
    expect(await redrive(engine, billing, { limit: 2 })).toMatchObject({ redriven: 2 })
    expect(idsOf(await deadOf(engine, billing))).toEqual(['3-0'])
    expect(await redrive(engine, billing)).toEqual({ redriven: 1, notDead: [], missing: [] })
    expect(await redrive(engine, billing)).toEqual({ redriven: 0, notDead: [], missing: [] })
  })

  it('are redriven, while other ids are returned as notDead', async (context) => {
    const { engine, orders, billing, bob } = context
    await threeDead(context)
    await append(engine, orders, '4-0')
    await read(engine, bob)
    const answer = await redrive(engine, billing, { ids: ['4-0', '1-0', '9-0'] })
    expect(answer).toEqual({ redriven: 1, notDead: ['4-0', '9-0'], missing: [] })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×0', '4-0 leased bob×1'])
  })

  it('stay dead if their entry was deleted before a redrive', async (context) => {
    const { engine, orders, billing } = context
    await threeDead(context)
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    const named = await redrive(engine, billing, { ids: ['1-0', '2-0'] })
    expect(named).toEqual({ redriven: 1, notDead: [], missing: ['1-0'] })
    expect(await redrive(engine, billing)).toEqual({ redriven: 1, notDead: [], missing: ['1-0'] })
    expect(idsOf(await deadOf(engine, billing))).toEqual(['1-0'])
  })

  it('die again after as many deliveries as before', async (context) => {
    const { engine, billing, ann } = context
    await ordersWith(context, { maxDeliveries: 2 }, '1-0')
    for (let lives = 0; lives < 2; lives++) {
      for (let deliveries = 1; deliveries <= 2; deliveries++) {
        expect(await deadOf(engine, billing)).toEqual([])
        expect(await read(engine, ann)).toMatchObject([{ id: '1-0', deliveries }])
        await nack(engine, billing, 'retry', ['1-0'])
      }
      expect(await deadOf(engine, billing)).toMatchObject([{ id: '1-0', deliveries: 2 }])
      await redrive(engine, billing)
    }
  })

  it('are redriven in any number', async (context) => {
    const { engine, orders, billing, ann } = context
    const all = idsFrom(1, 2500)
    await append(engine, orders, ...all)
    await makeGroup(engine, billing)
    for (let reads = 0; reads < 3; reads++) await read(engine, { ...ann, count: 1000 })
    for (let from = 0; from < 2500; from += 500)
      await nack(engine, billing, 'reject', all.slice(from, from + 500))
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, dead: 2500 })
    expect(await redrive(engine, billing, { limit: 2400 })).toMatchObject({ redriven: 2400 })
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 2400, dead: 100 })
  })

  it('are refused for a group or stream that does not exist', async ({ engine, orders, billing }) => {
    const requests = [() => deadOf(engine, billing), () => redrive(engine, billing)]
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    for (const request of requests) expect(await refusal(engine, orders, request)).toBe('group-not-found')
  })
}

/** 1-0 to 3-0, dead in a group without a policy. Ann had them last. */
async function threeDead(context: TestContext): Promise<void> {
  await threeDelivered(context)
  await nack(context.engine, context.billing, 'reject', ['1-0', '2-0', '3-0'])
}
