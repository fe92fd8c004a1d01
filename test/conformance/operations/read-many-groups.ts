import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { ConsumerRef } from '../../../src/contract/refs.ts'
import { delivered, id, idsOf, LONG_MS, parked, refusal, shown } from '../fixtures.ts'
import { append, makeGroup, moments, pending, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

/** `readGroups` on several streams. */
export function readManyGroups(it: It): void {
  it('delivers up to `count` entries of each stream, in the order of the request', async (context) => {
    const { engine, orders, ann } = context
    const abroad = await twoStreams(context)
    const answer = await readBoth(engine, ann, [abroad.stream, orders.stream], { count: 2 })
    expect(answer).toEqual([
      { stream: abroad.stream, entries: [delivered('4-0'), delivered('5-0')] },
      { stream: orders.stream, entries: [delivered('1-0'), delivered('2-0')] }
    ])
    expect(idsOf(await pending(engine, ann))).toEqual(['1-0', '2-0'])
    expect(idsOf(await pending(engine, { ...ann, ...abroad }))).toEqual(['4-0', '5-0'])
  })

  it('omits streams without new entries, but creates the consumer in each', async (context) => {
    const { engine, orders, ann, bob } = context
    const abroad = await twoStreams(context)
    await read(engine, ann)
    const names = [orders.stream, abroad.stream]
    expect(await readBoth(engine, bob, names)).toMatchObject([{ stream: abroad.stream }])
    expect(await readBoth(engine, bob, names)).toEqual([])
    expect(await moments(engine, bob)).toMatchObject({ activeAt: null })
    expect(await moments(engine, { ...bob, ...abroad })).toMatchObject({ activeAt: expect.any(Number) })
  })

  it('refuses the whole request if one stream or group is missing, and creates no consumer', async (context) => {
    const { engine, orders, billing, ann } = context
    const abroad = await twoStreams(context)
    await engine.deleteGroup({ ...billing, ...abroad, dropPending: true })
    for (const waitMs of [0, LONG_MS]) {
      const withoutGroup = () => readBoth(engine, ann, [orders.stream, abroad.stream], { waitMs })
      expect(await refusal(engine, orders, withoutGroup)).toBe('group-not-found')
      expect(await refusal(engine, abroad, withoutGroup)).toBe('group-not-found')
      const withoutStream = () => readBoth(engine, ann, [orders.stream, 'nowhere'], { waitMs })
      expect(await refusal(engine, orders, withoutStream)).toBe('stream-not-found')
    }
  })

  it('waits on all streams until the first of them has an entry', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    const abroad = { stream: `${orders.stream}-abroad` }
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, ...abroad })
    const names = [orders.stream, abroad.stream]
    const { answer } = await parked(engine, () => readBoth(engine, ann, names, { waitMs: LONG_MS }))
    await append(engine, abroad, '1-0')
    expect(await answer).toEqual([{ stream: abroad.stream, entries: [delivered('1-0')] }])
    expect((await engine.status()).waiting).toBe(0)
    await append(engine, orders, '2-0')
    expect(await read(engine, bob)).toEqual([delivered('2-0')])
  })

  it('reads pending entries of one stream and new ones of another without waiting', async (context) => {
    const { engine, orders, ann } = context
    const abroad = await twoStreams(context)
    await read(engine, { ...ann, count: 1 })
    const streams = [{ stream: orders.stream, after: id('0-0') }, { stream: abroad.stream }]
    const request = { group: ann.group, consumer: ann.consumer, count: 2, noAck: false, waitMs: LONG_MS }
    const both = await engine.readGroups({ ...request, streams }, new AbortController().signal)
    expect(shown(both.streams)).toEqual([
      { stream: orders.stream, entries: [delivered('1-0', 2)] },
      { stream: abroad.stream, entries: [delivered('4-0'), delivered('5-0')] }
    ])
    await engine.ackEntries({ ...ann, ids: [id('1-0')] })
    await read(engine, { ...ann, ...abroad })
    const nothing = await engine.readGroups({ ...request, streams }, new AbortController().signal)
    expect(nothing.streams).toEqual([])
  })
}

/** Creates `orders` with 1-0 to 3-0, another stream with 4-0 to 6-0, and the same group at the beginning of both. */
async function twoStreams({ engine, orders, billing }: TestContext) {
  const abroad = { stream: `${orders.stream}-abroad` }
  await append(engine, orders, '1-0', '2-0', '3-0')
  await append(engine, abroad, '4-0', '5-0', '6-0')
  await makeGroup(engine, billing)
  await makeGroup(engine, { ...billing, ...abroad })
  return abroad
}

async function readBoth(
  engine: Engine,
  { group, consumer }: ConsumerRef,
  names: string[],
  { count = 10, waitMs = 0 }: { count?: number; waitMs?: number } = {}
) {
  const streams = names.map((stream) => ({ stream }))
  const request = { group, consumer, streams, count, waitMs, noAck: false }
  return shown((await engine.readGroups(request, new AbortController().signal)).streams)
}
