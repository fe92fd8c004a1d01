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
import { append, deliver, list, makeGroup, pending, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

/** The number of waiting readers in `status`, its limit, and how `drain` and `close` end all waiting. */
export function waitingReaders(it: It): void {
  it('count each waiting reader once', async ({ engine, orders, billing, ann }) => {
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

  it('leave no listener on the signal of a reader that has been answered', async ({
    engine,
    orders,
    billing,
    ann
  }) => {
    await makeGroup(engine, billing)
    const { signal } = new AbortController()
    const answered = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }, signal))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await append(engine, orders, '1-0')
    await answered.answer
    await read(engine, { ...ann, waitMs: SHORT_MS }, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('show the pending count and lag of each group', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, group: 'shipping' }, { after: '2-0' })
    await read(engine, { ...ann, count: 2 })
    const counts = { delayed: 0, dead: 0 }
    // The Redis engine answers from its last scan. Calling status starts another one, which a later call shows.
    await vi.waitFor(
      async () => {
        const { groups: counted } = await engine.status(1000)
        const all = counted.filter(({ stream }) => stream === orders.stream)
        const groups = all.map(({ oldestPendingMs: _, ...group }) => group)
        expect(groups).toHaveLength(2)
        expect(groups).toEqual(
          expect.arrayContaining([
            { stream: orders.stream, group: 'billing', ...counts, pending: 2, lag: 1 },
            { stream: orders.stream, group: 'shipping', ...counts, pending: 0, lag: null }
          ])
        )
      },
      { timeout: 5000, interval: 10 }
    )
  })

  it('refuse readers above maxWaiting and leave no trace of them', async (context) => {
    const { engine, orders, ann, bob } = context
    const readers = await fillUp(context)
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

  it('serve readers that need not wait when maxWaiting others do', async (context) => {
    const { engine, orders, billing, bob } = context
    const shipping = { ...billing, group: 'shipping' }
    await append(engine, orders, '1-0')
    await makeGroup(engine, shipping)
    await fillUp(context, { after: 'last' })
    expect(await read(engine, bob)).toEqual([])
    expect(await read(engine, { ...bob, ...shipping, waitMs: LONG_MS })).toEqual([delivered('1-0')])
    expect(await list(engine, { ...orders, waitMs: LONG_MS })).toEqual([entry('1-0')])
  })

  it('let another reader wait for each one that was answered', async (context) => {
    const { engine, orders, billing, ann, maxWaiting } = context
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

  it('answer all waiting readers on drain, empty and with nothing delivered', async ({
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

  it('let nobody wait after drain, but serve existing entries', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing)
    engine.drain()
    expect(await read(engine, { ...ann, waitMs: LONG_MS })).toEqual([])
    expect(await list(engine, { ...orders, waitMs: LONG_MS })).toEqual([])
    await append(engine, orders, '1-0')
    expect(await read(engine, { ...ann, waitMs: LONG_MS })).toEqual([delivered('1-0')])
    expect(await list(engine, { ...orders, waitMs: LONG_MS })).toEqual([entry('1-0')])
  })

  it('answer waiting readers with nothing on close', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const waiting = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    const listing = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    await engine.close()
    expect(await Promise.all([waiting.answer, listing.answer])).toEqual([[], []])
  })
}

/** Lets ann wait as often as `maxWaiting` allows. */
async function fillUp(context: TestContext, position: { after?: string } = {}) {
  const { engine, billing, ann, maxWaiting } = context
  await makeGroup(engine, billing, position)
  const readers: Parked<Awaited<ReturnType<typeof read>>>[] = []
  while (readers.length < maxWaiting) {
    const reader = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    // A test does not care about the answers of the readers that it leaves waiting.
    reader.answer.catch(() => {})
    readers.push(reader)
  }
  return readers
}
