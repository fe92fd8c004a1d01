import { expect, vi } from 'vitest'
import type { Engine, Taker } from '../../../src/contract/engine.ts'
import { MAX_ID, MIN_ID } from '../../../src/contract/entry-id.ts'
import type { ConsumerRef } from '../../../src/contract/refs.ts'
import { delivered, entry, LONG_MS, parked, SHORT_MS, shown } from '../fixtures.ts'
import { append, entriesOf, makeGroup, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

/** A taker with room for a limited number of bytes. */
class LimitedTaker implements Taker {
  bytes: number
  /** How often it had too little room. */
  refusals = 0

  constructor(bytes: number) {
    this.bytes = bytes
  }

  hasRoom(bytes: number): boolean {
    if (bytes <= this.bytes) return true
    this.refusals++
    return false
  }

  take(bytes: number): boolean {
    if (!this.hasRoom(bytes)) return false
    this.bytes -= bytes
    return true
  }

  release(bytes: number): void {
    this.bytes += bytes
  }
}

/** Readers that wait while their taker has no room for the answer. */
export function takers(it: It): void {
  it('keep waiting in a group while it has no room, and are delivered nothing', async (context) => {
    const { engine, orders, billing, ann } = context
    await makeGroup(engine, billing)
    const taker = new LimitedTaker(0)
    const { answer } = await parked(engine, () => readFor(engine, ann, taker, LONG_MS))
    await append(engine, orders, '1-0')
    await refused(taker)
    await vi.waitFor(async () => expect(await pending(engine, billing)).toEqual([]))
    expect((await engine.status()).waiting).toBe(1)
    taker.bytes = 1000
    engine.resume()
    expect(await answer).toEqual([delivered('1-0')])
    expect(taker.bytes).toBeLessThan(1000)
  })

  it('leave entries that it has no room for to the next in line', async ({
    engine,
    orders,
    billing,
    ann,
    bob
  }) => {
    await makeGroup(engine, billing)
    const taker = new LimitedTaker(0)
    const first = await parked(engine, () => readFor(engine, ann, taker, LONG_MS))
    const second = await parked(engine, () => readFor(engine, bob, new LimitedTaker(1000), LONG_MS))
    await append(engine, orders, '1-0')
    expect(await second.answer).toEqual([delivered('1-0')])
    taker.bytes = 1000
    engine.resume()
    await append(engine, orders, '2-0')
    expect(await first.answer).toEqual([delivered('2-0')])
    expect(await pending(engine, billing)).toHaveLength(2)
  })

  it('are answered empty at the deadline, and the entries go to the next reader', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await makeGroup(engine, billing)
    const taker = new LimitedTaker(0)
    const { answer } = await parked(engine, () => readFor(engine, ann, taker, 10 * SHORT_MS))
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([])
    expect(taker.refusals).toBeGreaterThan(0)
    await vi.waitFor(async () => expect(await pending(engine, billing)).toEqual([]))
    expect(await read(engine, bob)).toEqual([delivered('1-0')])
  })

  it('keep waiting on streams, too, each for its own taker', async ({ engine, orders }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    const { signal } = new AbortController()
    const takers = [new LimitedTaker(0), new LimitedTaker(0), new LimitedTaker(1000)]
    const request = {
      streams: [{ stream: orders.stream, after: 'last' as const }],
      count: 10,
      waitMs: LONG_MS
    }
    const range = { from: MIN_ID, to: MAX_ID, order: 'asc' as const, limit: 10, waitMs: LONG_MS }
    const waiting = [
      await parked(engine, async () => shown(await engine.readStreams(request, signal, takers[0]))),
      await parked(engine, async () =>
        shown(await engine.listEntries({ ...orders, ...range }, signal, takers[1]))
      ),
      await parked(engine, async () => shown(await engine.readStreams(request, signal, takers[2])))
    ]
    const expected = [{ stream: orders.stream, entries: [entry('1-0')], next: '1-0' }]
    await append(engine, orders, '1-0')
    expect(await waiting[2]?.answer).toEqual(expected)
    for (const taker of takers.slice(0, 2)) await refused(taker)
    expect((await engine.status()).waiting).toBe(2)
    for (const taker of takers) taker.bytes = 1000
    engine.resume()
    expect(await waiting[0]?.answer).toEqual(expected)
    expect(await waiting[1]?.answer).toEqual({ entries: [entry('1-0')], next: '1-0' })
  })
}

async function readFor(
  engine: Engine,
  { stream, group, consumer }: ConsumerRef,
  taker: Taker,
  waitMs: number
) {
  const request = { group, consumer, streams: [{ stream }], count: 10, waitMs, noAck: false }
  return entriesOf(await engine.readGroups(request, new AbortController().signal, taker))
}

/** Resolves when the taker had too little room for an answer. */
async function refused(taker: LimitedTaker): Promise<void> {
  await vi.waitFor(() => expect(taker.refusals).toBeGreaterThan(0), { timeout: 10_000, interval: 5 })
}
