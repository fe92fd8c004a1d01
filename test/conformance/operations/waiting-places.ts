import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import { MAX_ID } from '../../../src/contract/entry-id.ts'
import type { StreamRef } from '../../../src/contract/refs.ts'
import { codeOfRefused, delivered, entry, LONG_MS, parked, refusal, SHORT_MS } from '../fixtures.ts'
import { append, consumersOf, list, makeGroup, read } from '../requests.ts'
import type { It } from '../test-context.ts'

/** The limit on the streams and groups where readers wait, and readers that keep a place for more than one read. */
export function waitingPlaces(it: It): void {
  it('counts each stream and group once per waiting reader', async (context) => {
    const { engine, billing, ann } = context
    await makeGroup(engine, billing)
    const [first, second, third] = await streamsFor(engine, 3)
    await makeGroup(engine, { ...billing, ...first })
    await makeGroup(engine, { ...billing, ...second })
    expect(await engine.status()).toMatchObject({ waiting: 0, waitingPlaces: 0 })
    // A stream that is named twice counts once.
    const reading = await parked(engine, () => readStreams(engine, [first, second, third, third]))
    expect(await engine.status()).toMatchObject({ waiting: 1, waitingPlaces: 3 })
    const streams = [first, second].map(({ stream }) => ({ stream }))
    const consuming = await parked(engine, () => readGroups(engine, 'ann', streams))
    expect(await engine.status()).toMatchObject({ waiting: 2, waitingPlaces: 5 })
    const single = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    expect(await engine.status()).toMatchObject({ waiting: 3, waitingPlaces: 6 })
    await append(engine, second, '1-0')
    await Promise.all([reading.answer, consuming.answer])
    expect(await engine.status()).toMatchObject({ waiting: 1, waitingPlaces: 1 })
    engine.drain()
    await single.answer
    expect(await engine.status()).toMatchObject({ waiting: 0, waitingPlaces: 0 })
  })

  it('refuses readers above it and changes nothing', async (context) => {
    const { engine, orders, billing, bob, maxWaiting, maxWaitingPlaces } = context
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

  it('refuses a single reader that alone exceeds it', async (context) => {
    const { engine, orders, billing, maxWaitingPlaces } = context
    const streams = [...(await streamsFor(engine, maxWaitingPlaces)), orders]
    for (const stream of streams) await makeGroup(engine, { ...billing, ...stream })
    const reading = () => readGroups(engine, 'bob', streams)
    expect(await refusal(engine, orders, reading)).toBe('too-many-waiting')
    await append(engine, orders, '1-0')
    expect((await reading()).streams).toHaveLength(1)
  })

  it('refuses simultaneous readers above maxWaiting and creates no consumers for them', async (context) => {
    const { engine, billing, maxWaiting } = context
    await makeGroup(engine, billing)
    const excess = 5
    const answers = Array.from({ length: maxWaiting + excess }, (_, index) =>
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
    expect(all.filter((outcome) => outcome === 'refused')).toHaveLength(excess)
  })

  it('counts a taken place once until it is released, whether its reader waits or not', async (context) => {
    const { engine, orders, maxWaiting } = context
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

/** Creates empty streams in addition to `orders`. */
async function streamsFor(engine: Engine, count: number): Promise<[StreamRef, StreamRef, ...StreamRef[]]> {
  const streams = Array.from({ length: count }, (_, index) => ({ stream: `orders-${index}` }))
  for (const stream of streams) await engine.ensureStream({ ...stream, onlyNew: true })
  return streams as [StreamRef, StreamRef, ...StreamRef[]]
}

function readStreams(engine: Engine, streams: readonly (StreamRef | undefined)[]) {
  const positions = streams
    .flatMap((stream) => stream ?? [])
    .map((stream) => ({ ...stream, after: 'last' as const }))
  return engine.readStreams({ streams: positions, count: 1, waitMs: LONG_MS }, new AbortController().signal)
}

function readGroups(engine: Engine, consumer: string, streams: readonly StreamRef[]) {
  const request = { group: 'billing', consumer, streams, count: 1, waitMs: LONG_MS, noAck: false }
  return engine.readGroups(request, new AbortController().signal)
}
