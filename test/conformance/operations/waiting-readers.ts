import { getEventListeners } from 'node:events'
import { expect, vi } from 'vitest'
import {
  codeOfRefused,
  delivered,
  entry,
  LONG_MS,
  type Parked,
  parked,
  refusal,
  SHORT_MS
} from '../fixtures.ts'
import type { Given, It } from '../given.ts'
import { append, deliver, list, makeGroup, pending, read } from '../requests.ts'

/** How many may wait, and how all of them are sent away: `status`, `drain` and `close`. */
export function waitingReaders(it: It): void {
  it('counts those who wait, each once', async ({ engine, orders, billing, ann }) => {
    const abroad = { stream: `${orders.stream}-abroad` }
    await makeGroup(engine, billing)
    await engine.ensureStream({ ...abroad, onlyNew: true })
    expect(await engine.status()).toMatchObject({ ready: true, waiting: 0 })
    const streams = [orders, abroad].map(({ stream }) => ({ stream, after: 'last' as const }))
    const request = { streams, count: 10, waitMs: LONG_MS }
    const signal = new AbortController().signal
    const first = await parked(engine, () => engine.readStreams(request, signal))
    const second = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    expect((await engine.status()).waiting).toBe(2)
    await append(engine, orders, '1-0')
    await Promise.all([first.answer, second.answer])
    expect((await engine.status()).waiting).toBe(0)
  })

  it('leaves nothing with a signal that outlives their waiting', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const { signal } = new AbortController()
    const answered = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }, signal))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await append(engine, orders, '1-0')
    await answered.answer
    await read(engine, { ...ann, waitMs: SHORT_MS }, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('tells what is pending in each group', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, group: 'shipping' }, { after: '2-0' })
    await read(engine, { ...ann, count: 2 })
    // Where streams are kept elsewhere, asking begins a look, and a later answer has seen it.
    await vi.waitFor(
      async () => {
        const { groups: counted } = await engine.status(1000)
        const all = counted.filter(({ stream }) => stream === orders.stream)
        const groups = all.map(({ oldestPendingMs: _, ...told }) => told)
        expect(groups).toHaveLength(2)
        expect(groups).toEqual(
          expect.arrayContaining([
            { stream: orders.stream, group: 'billing', pending: 2, lag: 1 },
            { stream: orders.stream, group: 'shipping', pending: 0, lag: null }
          ])
        )
      },
      { timeout: 5000, interval: 10 }
    )
  })

  it('refuses more than may wait, and leaves no trace of them', async (given) => {
    const { engine, orders, ann, bob } = given
    const readers = await fillUp(given)
    const late = () => read(engine, { ...bob, waitMs: LONG_MS })
    expect(await refusal(engine, orders, late)).toBe('too-many-waiting')
    const claiming = () => read(engine, { ...bob, waitMs: LONG_MS, claimIdleMs: 10 })
    expect(await refusal(engine, orders, claiming)).toBe('too-many-waiting')
    const listing = () => list(engine, { ...orders, waitMs: LONG_MS })
    expect(await refusal(engine, orders, listing)).toBe('too-many-waiting')
    const streams = [{ stream: orders.stream, after: 'last' as const }]
    const request = { streams, count: 1, waitMs: LONG_MS }
    const reading = () => engine.readStreams(request, new AbortController().signal)
    expect(await refusal(engine, orders, reading)).toBe('too-many-waiting')
    expect((await engine.status()).waiting).toBe(readers.length)
    await append(engine, orders, '1-0')
    expect(await readers[0]?.answer).toEqual([delivered('1-0')])
    const { answer } = await parked(engine, late)
    await engine.deleteGroup({ ...ann, dropPending: true })
    expect(await codeOfRefused(answer)).toBe('group-not-found')
  })

  it('serves those who need not wait, however many do', async (given) => {
    const { engine, orders, billing, bob } = given
    const shipping = { ...billing, group: 'shipping' }
    await append(engine, orders, '1-0')
    await makeGroup(engine, shipping)
    await fillUp(given, { after: 'last' })
    expect(await read(engine, bob)).toEqual([])
    expect(await read(engine, { ...bob, ...shipping, waitMs: LONG_MS })).toEqual([delivered('1-0')])
    expect(await list(engine, { ...orders, waitMs: LONG_MS })).toEqual([entry('1-0')])
  })

  it('makes room with every reader that leaves', async (given) => {
    const { engine, orders, billing, ann, maxWaiting } = given
    await makeGroup(engine, billing)
    const leaving = []
    for (let count = 0; count < maxWaiting; count++) {
      leaving.push(deliver(engine, { ...ann, waitMs: SHORT_MS }))
    }
    await Promise.all(leaving)
    expect((await engine.status()).waiting).toBe(0)
    const { answer } = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([entry('1-0')])
  })

  it('drains: those who wait get nothing, and take nothing', async ({
    engine,
    orders,
    billing,
    ann,
    bob
  }) => {
    await makeGroup(engine, billing)
    const streams = [{ stream: orders.stream, after: 'last' as const }]
    const signal = new AbortController().signal
    const readers = [
      await parked<unknown>(engine, () => read(engine, { ...ann, waitMs: LONG_MS })),
      await parked<unknown>(engine, () => read(engine, { ...bob, waitMs: LONG_MS, claimIdleMs: 10 })),
      await parked<unknown>(engine, () => list(engine, { ...orders, waitMs: LONG_MS })),
      await parked<unknown>(engine, () => engine.readStreams({ streams, count: 1, waitMs: LONG_MS }, signal))
    ]
    engine.drain()
    const nothing = [{ ...orders, entries: [], next: 0n }]
    expect(await Promise.all(readers.map(({ answer }) => answer))).toEqual([[], [], [], nothing])
    expect((await engine.status()).waiting).toBe(0)
    await append(engine, orders, '1-0')
    expect(await pending(engine, billing)).toEqual([])
    expect(await read(engine, ann)).toEqual([delivered('1-0')])
  })

  it('lets nobody wait once it drains, but serves what is there', async (given) => {
    const { engine, orders, billing, ann } = given
    await makeGroup(engine, billing)
    engine.drain()
    expect(await read(engine, { ...ann, waitMs: LONG_MS })).toEqual([])
    expect(await list(engine, { ...orders, waitMs: LONG_MS })).toEqual([])
    await append(engine, orders, '1-0')
    expect(await read(engine, { ...ann, waitMs: LONG_MS })).toEqual([delivered('1-0')])
    expect(await list(engine, { ...orders, waitMs: LONG_MS })).toEqual([entry('1-0')])
  })

  it('gives those who wait nothing when it closes', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const waiting = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    const listing = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    await engine.close()
    expect(await Promise.all([waiting.answer, listing.answer])).toEqual([[], []])
  })
}

/** Readers of ann, as many as may wait. */
async function fillUp(given: Given, place: { after?: string } = {}) {
  const { engine, billing, ann, maxWaiting } = given
  await makeGroup(engine, billing, place)
  const readers: Parked<Awaited<ReturnType<typeof read>>>[] = []
  while (readers.length < maxWaiting) {
    const reader = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    // What becomes of those that a test leaves waiting does not matter to it.
    reader.answer.catch(() => {})
    readers.push(reader)
  }
  return readers
}
