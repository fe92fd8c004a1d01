import { expect } from 'vitest'
import type { DeliveredEntry, Delivery } from '../../../src/contract/deliveries.ts'
import type { Engine } from '../../../src/contract/engine.ts'
import type { FieldsJson } from '../../../src/contract/entries.ts'
import { formatId, MAX_ID } from '../../../src/contract/entry-id.ts'
import type { StreamRef } from '../../../src/contract/refs.ts'
import { fieldsJson, id, ids, idsFrom, idsOf } from '../fixtures.ts'
import { append, autoClaim, claim, deliver, list, makeGroup, page, pending, read } from '../requests.ts'
import { deliveries as deliveriesOf, IDLE_MS } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

const MIB = 1 << 20
/** The maximum size of all fields in an answer, unless it contains a single entry. */
const ANSWER_BYTES = 16 * MIB
const LARGE_BYTES = 6 * MIB

/** The size of all fields in an answer is limited, whatever the request: to two entries of 6 MiB, but not three. */
export function answerRoom(it: It): void {
  for (const [name, run] of Object.entries(OPERATIONS)) {
    it(`is 16 MiB for ${name}`, async (context) => {
      const { engine, orders, ann } = context
      for (const stream of [orders.stream, 'bills']) {
        await large(engine, { stream }, 2)
        await escaped(engine, { stream }, 3, 4)
        await makeGroup(engine, { ...ann, stream })
      }
      const found = await run(context)
      expect(found.length).toBeGreaterThan(1)
      expect(bytesOf([{ entries: found }])).toBeLessThanOrEqual(ANSWER_BYTES)
      expect(bytesOf([{ entries: found }])).toBeGreaterThan(LARGE_BYTES)
    })
  }

  it('may be exceeded by a single entry', async ({ engine, orders, ann, bob }) => {
    const fields = fieldsJson({ text: 'x'.repeat(ANSWER_BYTES) })
    await append(engine, orders, '1-0')
    await engine.appendEntries({ ...orders, entries: [{ id: id('2-0'), fields }], createStream: false })
    await append(engine, orders, '3-0')
    await makeGroup(engine, ann)
    expect(idsOf(await list(engine, orders))).toEqual(['1-0'])
    expect(idsOf(await list(engine, { ...orders, from: '2-0' }))).toEqual(['2-0'])
    expect(idsOf(await list(engine, { ...orders, to: '2-0', order: 'desc' }))).toEqual(['2-0'])
    const [stream] = await engine.readStreams(after([orders.stream, '1-0']), never())
    expect(stream).toMatchObject({ entries: [{ id: id('2-0') }], next: id('2-0') })
    const reads = [await readIds(engine, ann), await readIds(engine, ann), await readIds(engine, ann)]
    expect(reads).toEqual([['1-0 ×1'], ['2-0 ×1'], ['3-0 ×1']])
    expect(await readIds(engine, { ...ann, after: '1-0' })).toEqual(['2-0 ×2'])
    expect(idsOf((await claim(engine, { ...bob, ids: ['2-0', '3-0'] })).entries)).toEqual(['2-0'])
    expect((await autoClaim(engine, { ...bob, from: '2-0' })).next).toBe('3-0')
  })

  it('ends a list in either order, and a read', async ({ engine, orders }) => {
    await large(engine, orders, 3)
    const up = await page(engine, orders)
    expect([idsOf(up.entries), up.next]).toEqual([['1-0', '2-0'], '2-0'])
    const down = await page(engine, { ...orders, order: 'desc' })
    expect([idsOf(down.entries), down.next]).toEqual([['3-0', '2-0'], '2-0'])
    const [found] = await engine.readStreams(after([orders.stream, '1-0']), never())
    expect(found?.entries.map(({ id }) => id)).toEqual(ids('2-0', '3-0'))
  })

  it('is shared by the streams of a read, and further reads return the rest', async ({ engine, orders }) => {
    const names = await threeStreams(engine, orders)
    const positions = new Map(names.map((name) => [name, '0-0']))
    const seen: string[] = []
    for (let done = false; !done; ) {
      const answer = await engine.readStreams(after(...positions), never())
      expect(bytesOf(answer)).toBeLessThanOrEqual(ANSWER_BYTES)
      for (const { stream, entries, next } of answer) {
        seen.push(...entries.map(({ id }) => `${stream} ${formatId(id)}`))
        positions.set(stream, formatId(next))
      }
      done = answer.every(({ entries }) => entries.length === 0)
    }
    expect(seen.sort()).toEqual(names.flatMap((name) => [`${name} 1-0`, `${name} 2-0`]).sort())
  })

  it('ends a claim, and the ids after that stay as they are', async (context) => {
    const { engine, orders, ann, bob } = context
    await largePending(context)
    await append(engine, orders, '4-0')
    await read(engine, ann)
    await engine.deleteEntries({ ...orders, ids: ids('4-0') })
    const answer = await claim(engine, { ...bob, ids: ['2-0', '1-0', '3-0', '2-0', '4-0'] })
    expect([idsOf(answer.entries), answer.deletedIds]).toEqual([['2-0', '1-0'], []])
    expect(await pending(engine, ann)).toEqual([
      { id: '1-0', consumer: bob.consumer, deliveries: 2 },
      { id: '2-0', consumer: bob.consumer, deliveries: 2 },
      { id: '3-0', consumer: ann.consumer, deliveries: 1 },
      { id: '4-0', consumer: ann.consumer, deliveries: 1 }
    ])
    const justIds = await claim(engine, { ...bob, ids: ['1-0', '2-0', '3-0', '4-0'], justIds: true })
    expect([idsOf(justIds.entries), justIds.deletedIds]).toEqual([idsFrom(1, 3), ['4-0']])
  })

  it('ends an autoClaimEntries, which returns where to continue', async (context) => {
    const { engine, ann, bob } = context
    await largePending(context)
    const { entries, next } = await autoClaim(engine, bob)
    expect([idsOf(entries), next]).toEqual([['1-0', '2-0'], '3-0'])
    expect(await pending(engine, ann)).toContainEqual({ id: '3-0', consumer: ann.consumer, deliveries: 1 })
  })

  it('ends a delivery, also of returned entries, and the next delivery continues', async (context) => {
    const { engine, orders, ann, bob } = context
    await large(engine, orders, 3)
    await makeGroup(engine, ann)
    const deliveries = [await deliver(engine, ann)]
    expect(await pending(engine, ann)).toHaveLength(2)
    expect(await engine.getGroup(ann)).toMatchObject({ pending: 2, consumers: 1, lag: 1 })
    deliveries.push(await deliver(engine, ann))
    for (const delivery of deliveries) delivery.undo()
    expect(await readIds(engine, bob)).toEqual(['1-0 ×1', '2-0 ×1'])
    expect(await engine.getGroup(ann)).toMatchObject({ pending: 2, lag: 1 })
    expect(await readIds(engine, { ...ann, noAck: true })).toEqual(['3-0 ×1'])
    expect(await engine.getGroup(ann)).toMatchObject({ pending: 2, lag: 0 })
  })

  it("ends a read of a consumer's pending entries, and counts no delivery of the others", async (context) => {
    const { engine, ann } = context
    await largePending(context)
    const before = (await deliveriesOf(context))[2]
    expect(await readIds(engine, { ...ann, after: '0-0' })).toEqual(['1-0 ×2', '2-0 ×2'])
    expect((await deliveriesOf(context))[2]).toEqual(before)
    expect(await readIds(engine, { ...ann, after: '2-0' })).toEqual(['3-0 ×2'])
  })

  it('ends a read that claims idle entries', async (context) => {
    const { engine, ann, bob } = context
    await largePending(context)
    await claim(engine, { ...ann, ids: idsFrom(1, 3), idleMs: IDLE_MS, justIds: true })
    expect(await readIds(engine, { ...bob, claimIdleMs: IDLE_MS })).toEqual(['1-0 ×2', '2-0 ×2'])
    expect(await pending(engine, ann)).toContainEqual({ id: '3-0', consumer: ann.consumer, deliveries: 1 })
  })

  it('is shared by the streams that a consumer reads, and no entry is lost', async ({
    engine,
    orders,
    ann
  }) => {
    const names = await threeStreams(engine, orders)
    for (const stream of names) await makeGroup(engine, { ...ann, stream })
    const { group, consumer } = ann
    const streams = names.map((stream) => ({ stream }))
    const seen: string[] = []
    for (let done = false; !done; ) {
      const request = { group, consumer, streams, count: 10, waitMs: 0, noAck: false }
      const answer = await engine.readGroups(request, never())
      expect(bytesOf(answer.streams)).toBeLessThanOrEqual(ANSWER_BYTES)
      for (const { stream, entries } of answer.streams) {
        seen.push(...entries.map(({ id, deliveries }) => `${stream} ${formatId(id)} ×${deliveries}`))
      }
      done = answer.streams.length === 0
    }
    const all = names.flatMap((name) => [`${name} 1-0 ×1`, `${name} 2-0 ×1`])
    expect(seen.sort()).toEqual(all.sort())
  })
}

type Item = { readonly fields?: FieldsJson | null }

/** What each operation returns for two streams of four entries each, or for one of them. */
const OPERATIONS: Record<string, (context: TestContext) => Promise<readonly Item[]>> = {
  listEntries: async ({ engine, orders }) =>
    (await engine.listEntries(everyEntryOf(orders), never())).entries,
  'listEntries in descending order': async ({ engine, orders }) =>
    (await engine.listEntries({ ...everyEntryOf(orders), order: 'desc' }, never())).entries,
  readStreams: async ({ engine, orders }) => {
    const request = after([orders.stream, '0-0'], ['bills', '0-0'])
    return (await engine.readStreams(request, never())).flatMap(({ entries }) => entries)
  },
  readGroups: async ({ engine, ann }) => entriesIn(await deliver(engine, ann)),
  'readGroups on several streams': async ({ engine, orders, ann }) => {
    const { group, consumer } = ann
    const streams = [orders, { stream: 'bills' }]
    const request = { group, consumer, streams, count: 10, waitMs: 0, noAck: false }
    return entriesIn(await engine.readGroups(request, never()))
  },
  'readGroups with after': async (context) => {
    await takeAll(context)
    return entriesIn(await deliver(context.engine, { ...context.ann, after: '0-0' }))
  },
  'readGroups with claimIdleMs': async (context) => {
    await takeAll(context)
    return entriesIn(await deliver(context.engine, { ...context.bob, claimIdleMs: 0 }))
  },
  'readGroups of returned entries': async (context) => {
    const { engine, ann, bob } = context
    const deliveries = [await deliver(engine, ann), await deliver(engine, ann)]
    for (const { undo } of deliveries) undo()
    return entriesIn(await deliver(engine, bob))
  },
  claimEntries: async (context) => {
    await takeAll(context)
    const { engine, bob } = context
    const request = { ...bob, ids: ids(...idsFrom(1, 4)), minIdleMs: 0, force: false, justIds: false }
    return (await engine.claimEntries(request)).entries
  },
  autoClaimEntries: async (context) => {
    await takeAll(context)
    const { engine, bob } = context
    return (await engine.autoClaimEntries({ ...bob, minIdleMs: 0, from: 0n, count: 10, justIds: false }))
      .entries
  },
  describeStream: async ({ engine, orders }) => {
    const { firstEntry, lastEntry, entries } = await engine.describeStream({ ...orders, limit: 10 })
    return [firstEntry ?? {}, lastEntry ?? {}, ...entries]
  }
}

function everyEntryOf({ stream }: StreamRef) {
  return { stream, from: 0n, to: MAX_ID, order: 'asc' as const, limit: 10, waitMs: 0 }
}

function entriesIn({ streams }: Delivery): DeliveredEntry[] {
  return streams.flatMap(({ entries }) => entries)
}

/** Makes all four entries pending with ann. */
async function takeAll({ engine, ann }: TestContext): Promise<void> {
  await claim(engine, { ...ann, ids: idsFrom(1, 4), force: true, justIds: true, lastId: '4-0' })
}

/** Appends entries that are large only as JSON text, where they take six times their size. */
async function escaped(engine: Engine, { stream }: StreamRef, first: number, last: number): Promise<void> {
  const fields = fieldsJson({ text: '\u0001'.repeat(LARGE_BYTES / 6) })
  for (const text of idsFrom(first, last)) {
    await engine.appendEntries({ stream, entries: [{ id: id(text), fields }], createStream: true })
  }
}

/** Appends large entries from 1-0 on. */
async function large(engine: Engine, { stream }: StreamRef, count: number): Promise<void> {
  const half = 'x'.repeat(LARGE_BYTES / 2)
  const fields = fieldsJson({ front: half, back: half })
  for (const text of idsFrom(1, count)) {
    await engine.appendEntries({ stream, entries: [{ id: id(text), fields }], createStream: true })
  }
}

/** Appends three large entries, pending with ann. */
async function largePending({ engine, orders, ann }: TestContext): Promise<void> {
  await large(engine, orders, 3)
  await makeGroup(engine, ann)
  await claim(engine, { ...ann, ids: idsFrom(1, 3), force: true, justIds: true, lastId: '3-0' })
}

/** A large entry and a small one in each of three streams, which are in different slots of a Cluster. */
async function threeStreams(engine: Engine, { stream }: StreamRef): Promise<string[]> {
  const names = [stream, `${stream}-abroad`, `${stream}-returned`]
  for (const name of names) {
    await large(engine, { stream: name }, 1)
    await append(engine, { stream: name }, '2-0')
  }
  return names
}

/** The ids and deliveries that a consumer gets. Parsing the fields would take long. */
async function readIds(engine: Engine, reader: Parameters<typeof deliver>[1]): Promise<string[]> {
  const { streams } = await deliver(engine, reader)
  return streams.flatMap(({ entries }) =>
    entries.map(({ id, deliveries }) => `${formatId(id)} ×${deliveries}`)
  )
}

function after(...positions: [stream: string, after: string][]) {
  const streams = positions.map(([stream, after]) => ({ stream, after: id(after) }))
  return { streams, count: 10, waitMs: 0 }
}

function bytesOf(answer: readonly { entries: readonly Item[] }[]): number {
  return answer.flatMap(({ entries }) => entries).reduce((sum, { fields }) => sum + (fields?.length ?? 0), 0)
}

function never(): AbortSignal {
  return new AbortController().signal
}
