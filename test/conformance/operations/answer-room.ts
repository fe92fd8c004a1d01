import { expect } from 'vitest'
import type { Engine, Entry, StreamRef } from '../../../src/engine.ts'
import { formatId } from '../../../src/entry-id.ts'
import type { Given, It } from '../contract.ts'
import { fieldsJson, id, ids, idsFrom, idsOf } from '../fixtures.ts'
import { append, autoClaim, claim, deliver, list, makeGroup, pending, read } from '../requests.ts'
import { deliveries as deliveriesOf, IDLE_MS } from '../situations.ts'

const MIB = 1 << 20
/** Entries are added to an answer until it holds this much. */
const ANSWER_BYTES = 16 * MIB
const LARGE_BYTES = 9 * MIB

/** How much of the entries one answer holds, whatever was asked for: two entries of 9 MiB, but no third one. */
export function answerRoom(it: It): void {
  it('ends a list of entries where it is full, in either order, and a read', async ({ engine, orders }) => {
    await large(engine, orders, 3)
    expect(idsOf(await list(engine, orders))).toEqual(['1-0', '2-0'])
    expect(idsOf(await list(engine, { ...orders, order: 'desc' }))).toEqual(['3-0', '2-0'])
    const [found] = await engine.readStreams(after([orders.stream, '1-0']), never())
    expect(found?.entries.map(({ id }) => id)).toEqual(ids('2-0', '3-0'))
  })

  it('is shared by the streams of a read, so that reading on misses nothing', async ({ engine, orders }) => {
    const names = await threeStreams(engine, orders)
    const places = new Map(names.map((name) => [name, '0-0']))
    const seen: string[] = []
    for (let done = false; !done; ) {
      const answer = await engine.readStreams(after(...places), never())
      expect(bytesOf(answer)).toBeLessThan(ANSWER_BYTES + LARGE_BYTES)
      for (const { stream, entries, next } of answer) {
        seen.push(...entries.map(({ id }) => `${stream} ${formatId(id)}`))
        places.set(stream, formatId(next))
      }
      done = answer.every(({ entries }) => entries.length === 0)
    }
    expect(seen.sort()).toEqual(names.flatMap((name) => [`${name} 1-0`, `${name} 2-0`]).sort())
  })

  it('ends a claim where it is full, and what it names after that stays as it is', async (given) => {
    const { engine, orders, ann, bob } = given
    await largePending(given)
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

  it('ends an autoClaim where it is full, which says where to go on', async (given) => {
    const { engine, ann, bob } = given
    await largePending(given)
    const { entries, next } = await autoClaim(engine, bob)
    expect([idsOf(entries), next]).toEqual([['1-0', '2-0'], '3-0'])
    expect(await pending(engine, ann)).toContainEqual({ id: '3-0', consumer: ann.consumer, deliveries: 1 })
  })

  it('ends a delivery where it is full, also of what came back, and the next one goes on', async (given) => {
    const { engine, orders, ann, bob } = given
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

  it("ends a read of a consumer's own entries where it is full, and delivers no others again", async (given) => {
    const { engine, ann } = given
    await largePending(given)
    const before = (await deliveriesOf(given))[2]
    expect(await readIds(engine, { ...ann, after: '0-0' })).toEqual(['1-0 ×2', '2-0 ×2'])
    expect((await deliveriesOf(given))[2]).toEqual(before)
    expect(await readIds(engine, { ...ann, after: '2-0' })).toEqual(['3-0 ×2'])
  })

  it('ends what is claimed for being idle where it is full', async (given) => {
    const { engine, ann, bob } = given
    await largePending(given)
    await claim(engine, { ...ann, ids: idsFrom(1, 3), idleMs: IDLE_MS, justIds: true })
    expect(await readIds(engine, { ...bob, claimIdleMs: IDLE_MS })).toEqual(['1-0 ×2', '2-0 ×2'])
    expect(await pending(engine, ann)).toContainEqual({ id: '3-0', consumer: ann.consumer, deliveries: 1 })
  })

  it('is shared by the streams that a consumer reads, and nothing is lost', async ({
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
      expect(bytesOf(answer.streams)).toBeLessThan(ANSWER_BYTES + LARGE_BYTES)
      for (const { stream, entries } of answer.streams) {
        seen.push(...entries.map(({ id, deliveries }) => `${stream} ${formatId(id)} ×${deliveries}`))
      }
      done = answer.streams.length === 0
    }
    const all = names.flatMap((name) => [`${name} 1-0 ×1`, `${name} 2-0 ×1`])
    expect(seen.sort()).toEqual(all.sort())
  })
}

/** Large entries, 1-0 and so on. */
async function large(engine: Engine, { stream }: StreamRef, count: number): Promise<void> {
  const half = 'x'.repeat(LARGE_BYTES / 2)
  const fields = fieldsJson({ front: half, back: half })
  for (const text of idsFrom(1, count)) {
    await engine.appendEntries({ stream, entries: [{ id: id(text), fields }], createStream: true })
  }
}

/** Three of them, pending with ann. */
async function largePending({ engine, orders, ann }: Given): Promise<void> {
  await large(engine, orders, 3)
  await makeGroup(engine, ann)
  await claim(engine, { ...ann, ids: idsFrom(1, 3), force: true, justIds: true, lastId: '3-0' })
}

/** A large entry and a small one in each of three streams, which a cluster has in different slots. */
async function threeStreams(engine: Engine, { stream }: StreamRef): Promise<string[]> {
  const names = [stream, `${stream}-abroad`, `${stream}-returned`]
  for (const name of names) {
    await large(engine, { stream: name }, 1)
    await append(engine, { stream: name }, '2-0')
  }
  return names
}

/** What a consumer is given, without its fields: reading those takes long. */
async function readIds(engine: Engine, reader: Parameters<typeof deliver>[1]): Promise<string[]> {
  const { streams } = await deliver(engine, reader)
  return streams.flatMap(({ entries }) =>
    entries.map(({ id, deliveries }) => `${formatId(id)} ×${deliveries}`)
  )
}

function after(...places: [stream: string, after: string][]) {
  const streams = places.map(([stream, after]) => ({ stream, after: id(after) }))
  return { streams, count: 10, waitMs: 0 }
}

function bytesOf(answer: readonly { entries: readonly { fields: Entry['fields'] | null }[] }[]): number {
  return answer.flatMap(({ entries }) => entries).reduce((sum, { fields }) => sum + (fields?.length ?? 0), 0)
}

function never(): AbortSignal {
  return new AbortController().signal
}
