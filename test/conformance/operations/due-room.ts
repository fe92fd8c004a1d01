import { expect, vi } from 'vitest'
import { LETTER_FIELDS } from '../../../src/contract/delivery-policy.ts'
import type { Taker } from '../../../src/contract/engine.ts'
import { formatId } from '../../../src/contract/entry-id.ts'
import { fieldsJson, id, idsFrom, idsOf, LONG_MS, parked } from '../fixtures.ts'
import { lettersOf, nack, ordersWith, pendingTexts } from '../policy-requests.ts'
import { append, deliver, entriesOf, makeGroup, read } from '../requests.ts'
import { IDLE_MS, threeDelivered } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** Two of them fit into an answer, but not three. */
const LARGE_BYTES = 6 << 20

/** Answers with due and dead entries: their size, and takers without room for them. */
export function dueRoom(it: It): void {
  it('limit the size of a read, which leaves the other entries due', async (context) => {
    const { engine, billing, bob } = context
    await largeDelivered(context)
    await nack(engine, billing, 'retry', idsFrom(1, 3))
    expect(await readIds(context)).toEqual(['1-0', '2-0'])
    expect(await pendingTexts(engine, billing)).toEqual([
      '1-0 leased bob×2',
      '2-0 leased bob×2',
      '3-0 due -×1'
    ])
    expect(idsOf(await read(engine, { ...bob, count: 1 }))).toEqual(['3-0'])
  })

  it('limit the size of a page of dead entries', async (context) => {
    const { engine, billing } = context
    await largeDelivered(context)
    await nack(engine, billing, 'reject', idsFrom(1, 3))
    const first = await engine.listDead({ ...billing, limit: 10 })
    expect(first.dead.map((one) => formatId(one.id))).toEqual(['1-0', '2-0'])
    const { cursor } = first
    if (cursor === undefined) throw new Error('The first page is not the last one')
    const second = await engine.listDead({ ...billing, limit: 10, cursor })
    expect(second.dead.map((one) => formatId(one.id))).toEqual(['3-0'])
    expect(second).not.toHaveProperty('cursor')
  })

  it('do not limit what dies in one request, but may leave the last ones in the group', async (context) => {
    const { engine, orders, billing } = context
    const letters = lettersOf(orders)
    await largeDelivered(context)
    await engine.updateGroup({ ...billing, delivery: { deadLetterStream: letters.stream } })
    expect(await nack(engine, billing, 'reject', idsFrom(1, 3))).toEqual({ nacked: 3, notPending: [] })
    const { length } = await engine.getStream(letters)
    expect(length).toBeGreaterThanOrEqual(1)
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, dead: 3 - length })
  })

  it('keep a dead letter whose entry is as large as an answer', async (context) => {
    const { engine, orders, billing, ann } = context
    const letters = lettersOf(orders)
    const fields = fieldsJson({ text: 'x'.repeat(16 << 20) })
    await engine.appendEntries({ ...orders, createStream: true, entries: [{ id: id('1-0'), fields }] })
    await makeGroup(engine, billing, { delivery: { deadLetterStream: letters.stream } })
    await engine.claimEntries({ ...ann, ids: [id('1-0')], minIdleMs: 0, force: true, justIds: true })
    await nack(engine, billing, 'reject', ['1-0'], { reason: 'too large' })
    const { firstEntry } = await engine.getStream(letters)
    const text = new TextDecoder().decode(firstEntry?.fields.subarray(-400))
    expect(firstEntry?.fields.length).toBeGreaterThan(fields.length)
    expect(text).toContain(`"${LETTER_FIELDS.reason}":"too large"`)
  })

  it('let a reader wait whose taker has no room, and leave the entry due', async (context) => {
    const { engine, billing, bob } = context
    await threeDelivered(context)
    let bytes = 0
    let refusals = 0
    const hasRoom = (wanted: number) => wanted <= bytes || ++refusals < 0
    const taker: Taker = { hasRoom, take: hasRoom, release: () => {} }
    const { answer } = await parked(engine, () => readFor(context, taker))
    await nack(engine, billing, 'retry', ['1-0'])
    await vi.waitUntil(() => refusals > 0, { interval: 5, timeout: 10_000 })
    await vi.waitUntil(async () => (await pendingTexts(engine, billing))[0] === '1-0 due -×1')
    expect((await engine.status()).waiting).toBe(1)
    bytes = 1000
    engine.resume()
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 2 }])
    expect((await pendingTexts(engine, billing))[0]).toBe(`1-0 leased ${bob.consumer}×2`)
  })

  it('are empty after a drain, which leaves entries leased and delayed', async (context) => {
    const { engine, billing, ann, bob } = context
    await ordersWith(context, { ackTimeoutMs: IDLE_MS }, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    engine.drain()
    expect(await answer).toEqual([])
    expect(await read(engine, { ...bob, waitMs: LONG_MS })).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1', '2-0 delayed -×1'])
  })

  it('contain no ackBeforeMs if the policy has no ackTimeoutMs', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing, { delivery: { maxDeliveries: 3 } })
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'])
    const [due] = await read(engine, bob)
    expect(due).toEqual({ id: '1-0', fields: { order: '1-0' }, deliveries: 2, idleMs: expect.any(Number) })
  })
}

/** 1-0 to 3-0, which are large and pending with ann. */
async function largeDelivered({ engine, orders, billing, ann }: TestContext): Promise<void> {
  const fields = fieldsJson({ text: 'x'.repeat(LARGE_BYTES) })
  for (const text of idsFrom(1, 3))
    await engine.appendEntries({ ...orders, createStream: true, entries: [{ id: id(text), fields }] })
  await makeGroup(engine, billing)
  await deliver(engine, { ...ann, count: 2 })
  await deliver(engine, { ...ann, count: 1 })
}

/** The ids that bob gets. Parsing the fields would take long. */
async function readIds({ engine, bob }: TestContext): Promise<string[]> {
  const { streams } = await deliver(engine, bob)
  return streams.flatMap(({ entries }) => entries.map((one) => formatId(one.id)))
}

async function readFor({ engine, bob }: TestContext, taker: Taker) {
  const { stream, group, consumer } = bob
  const request = { group, consumer, streams: [{ stream }], count: 10, waitMs: LONG_MS, noAck: false }
  return entriesOf(await engine.readGroups(request, new AbortController().signal, taker))
}
