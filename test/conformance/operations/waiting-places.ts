import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import { MAX_ID } from '../../../src/contract/entry-id.ts'
import type { StreamRef } from '../../../src/contract/refs.ts'
import { codeOfRefused, delivered, entry, LONG_MS, parked, refusal, SHORT_MS } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, consumersOf, list, makeGroup, read } from '../requests.ts'

/** How many streams and groups readers may wait at, and readers that take a place for longer than one read. */
export function waitingPlaces(it: It): void {
  it('counts the streams and groups where they wait, for each reader by itself', async (given) => {
    const { engine, billing, ann } = given
    await makeGroup(engine, billing)
    const [first, second, third] = await streamsFor(engine, 3)
    await makeGroup(engine, { ...billing, ...first })
    await makeGroup(engine, { ...billing, ...second })
    expect(await engine.status()).toMatchObject({ waiting: 0, waitingPlaces: 0 })
    // A stream that is named twice is one place.
    const reading = await parked(engine, () => readStreams(engine, [first, second, third, third]))
    expect(await engine.status()).toMatchObject({ waiting: 1, waitingPlaces: 3 })
    const streams = [first, second].map(({ stream }) => ({ stream }))
    const grouped = await parked(engine, () => readGroups(engine, 'ann', streams))
    expect(await engine.status()).toMatchObject({ waiting: 2, waitingPlaces: 5 })
    const single = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    expect(await engine.status()).toMatchObject({ waiting: 3, waitingPlaces: 6 })
    await append(engine, second, '1-0')
    await Promise.all([reading.answer, grouped.answer])
    expect(await engine.status()).toMatchObject({ waiting: 1, waitingPlaces: 1 })
    engine.drain()
    await single.answer
    expect(await engine.status()).toMatchObject({ waiting: 0, waitingPlaces: 0 })
  })

  it('refuses to wait at more of them than there may be, and leaves no trace', async (given) => {
    const { engine, orders, billing, bob, maxWaiting, maxWaitingPlaces } = given
    const streams = await streamsFor(engine, maxWaitingPlaces / 2)
    await makeGroup(engine, billing)
    for (const stream of streams) await makeGroup(engine, { ...billing, ...stream })
    const readers = [
      await parked<unknown>(engine, () => readStreams(engine, streams)),
      await parked<unknown>(engine, () => readGroups(engine, 'ann', streams))
    ]
    for (const { answer } of readers) answer.catch(() => {})
    expect((await engine.status()).waitingPlaces).toBe(maxWaitingPlaces)
    expect(readers.length).toBeLessThan(maxWaiting)
    const late = () => read(engine, { ...bob, waitMs: LONG_MS })
    expect(await refusal(engine, orders, late)).toBe('too-many-waiting')
    const claiming = () => read(engine, { ...bob, waitMs: LONG_MS, claimIdleMs: 10 })
    expect(await refusal(engine, orders, claiming)).toBe('too-many-waiting')
    expect(await refusal(engine, orders, () => readStreams(engine, [orders]))).toBe('too-many-waiting')
    expect(await refusal(engine, orders, () => list(engine, { ...orders, waitMs: LONG_MS }))).toBe(
      'too-many-waiting'
    )
    expect(await read(engine, bob)).toEqual([])
    await append(engine, orders, '1-0')
    expect(await late()).toEqual([delivered('1-0')])
  })

  it('refuses a reader of more places than there may be, though nobody else waits', async (given) => {
    const { engine, orders, billing, maxWaitingPlaces } = given
    const streams = [...(await streamsFor(engine, maxWaitingPlaces)), orders]
    for (const stream of streams) await makeGroup(engine, { ...billing, ...stream })
    const reading = () => readGroups(engine, 'bob', streams)
    expect(await refusal(engine, orders, reading)).toBe('too-many-waiting')
    await append(engine, orders, '1-0')
    expect((await reading()).streams).toHaveLength(1)
  })

  it('refuses those beyond their number that come at the same time, and creates no consumer for them', async (given) => {
    const { engine, billing, maxWaiting } = given
    await makeGroup(engine, billing)
    const late = 5
    const answers = Array.from({ length: maxWaiting + late }, (_, index) =>
      read(engine, { ...billing, consumer: `c${index}`, waitMs: LONG_MS }).then(
        () => 'answered',
        () => 'refused'
      )
    )
    expect(await Promise.race(answers)).toBe('refused')
    await expect.poll(async () => (await engine.status()).waiting).toBe(maxWaiting)
    expect(await consumersOf(engine, billing)).toHaveLength(maxWaiting)
    engine.drain()
    const all = await Promise.all(answers)
    expect(all.filter((outcome) => outcome === 'refused')).toHaveLength(late)
  })

  it('counts a reader that has taken a place once, whether it waits or not, until it gives the place up', async (given) => {
    const { engine, orders, maxWaiting } = given
    await engine.ensureStream({ ...orders, onlyNew: true })
    const leave = Array.from({ length: maxWaiting }, () => engine.takePlace())
    expect(await engine.status()).toMatchObject({ waiting: maxWaiting, waitingPlaces: maxWaiting })
    expect(() => engine.takePlace()).toThrow(expect.objectContaining({ code: 'too-many-waiting' }))
    const late = () => list(engine, { ...orders, waitMs: LONG_MS })
    expect(await codeOfRefused(late())).toBe('too-many-waiting')
    const range = { from: 0n, to: MAX_ID, order: 'asc', limit: 10, hasPlace: true } as const
    const follow = (waitMs: number) =>
      engine.listEntries({ ...orders, ...range, waitMs }, new AbortController().signal)
    expect(await follow(SHORT_MS)).toMatchObject({ entries: [] })
    const following = follow(LONG_MS)
    await append(engine, orders, '1-0')
    expect((await following).entries).toHaveLength(1)
    expect(await engine.status()).toMatchObject({ waiting: maxWaiting, waitingPlaces: maxWaiting })
    leave[0]?.()
    leave[0]?.()
    expect(await engine.status()).toMatchObject({ waiting: maxWaiting - 1, waitingPlaces: maxWaiting - 1 })
    const { answer } = await parked(engine, () => list(engine, { ...orders, from: '2-0', waitMs: LONG_MS }))
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([entry('2-0')])
  })
}

/** So many streams besides `orders`, without entries. */
async function streamsFor(engine: Engine, count: number): Promise<[StreamRef, StreamRef, ...StreamRef[]]> {
  const streams = Array.from({ length: count }, (_, index) => ({ stream: `orders-${index}` }))
  for (const stream of streams) await engine.ensureStream({ ...stream, onlyNew: true })
  return streams as [StreamRef, StreamRef, ...StreamRef[]]
}

function readStreams(engine: Engine, streams: readonly (StreamRef | undefined)[]) {
  const places = streams
    .flatMap((stream) => stream ?? [])
    .map((stream) => ({ ...stream, after: 'last' as const }))
  return engine.readStreams({ streams: places, count: 1, waitMs: LONG_MS }, new AbortController().signal)
}

function readGroups(engine: Engine, consumer: string, streams: readonly StreamRef[]) {
  const request = { group: 'billing', consumer, streams, count: 1, waitMs: LONG_MS, noAck: false }
  return engine.readGroups(request, new AbortController().signal)
}
