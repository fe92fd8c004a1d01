import { expect, vi } from 'vitest'
import type { Engine, Taker } from '../../../src/contract/engine.ts'
import { MAX_ID, MIN_ID } from '../../../src/contract/entry-id.ts'
import type { ConsumerRef } from '../../../src/contract/refs.ts'
import { delivered, entry, LONG_MS, parked, SHORT_MS, shown } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, entriesOf, makeGroup, pending, read } from '../requests.ts'

/** Where an answer goes, with room for so many bytes. */
class Room implements Taker {
  bytes: number
  /** How often there was too little. */
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

/** Readers that wait while there is no room for their answer. */
export function takers(it: It): void {
  it('lets a reader of a group wait on while there is no room, and gives nothing to it', async (given) => {
    const { engine, orders, billing, ann } = given
    await makeGroup(engine, billing)
    const room = new Room(0)
    const { answer } = await parked(engine, () => readFor(engine, ann, room, LONG_MS))
    await append(engine, orders, '1-0')
    await refused(room)
    await vi.waitFor(async () => expect(await pending(engine, billing)).toEqual([]))
    expect((await engine.status()).waiting).toBe(1)
    room.bytes = 1000
    engine.resume()
    expect(await answer).toEqual([delivered('1-0')])
    expect(room.bytes).toBeLessThan(1000)
  })

  it('gives to the next in line what the first has no room for', async ({
    engine,
    orders,
    billing,
    ann,
    bob
  }) => {
    await makeGroup(engine, billing)
    const room = new Room(0)
    const first = await parked(engine, () => readFor(engine, ann, room, LONG_MS))
    const second = await parked(engine, () => readFor(engine, bob, new Room(1000), LONG_MS))
    await append(engine, orders, '1-0')
    expect(await second.answer).toEqual([delivered('1-0')])
    room.bytes = 1000
    engine.resume()
    await append(engine, orders, '2-0')
    expect(await first.answer).toEqual([delivered('2-0')])
    expect(await pending(engine, billing)).toHaveLength(2)
  })

  it('gives an empty answer at the deadline, and the entries to whoever reads next', async (given) => {
    const { engine, orders, billing, ann, bob } = given
    await makeGroup(engine, billing)
    const room = new Room(0)
    const { answer } = await parked(engine, () => readFor(engine, ann, room, 10 * SHORT_MS))
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([])
    expect(room.refusals).toBeGreaterThan(0)
    await vi.waitFor(async () => expect(await pending(engine, billing)).toEqual([]))
    expect(await read(engine, bob)).toEqual([delivered('1-0')])
  })

  it('lets readers of streams wait on as well, each for its own room', async ({ engine, orders }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    const { signal } = new AbortController()
    const rooms = [new Room(0), new Room(0), new Room(1000)]
    const request = {
      streams: [{ stream: orders.stream, after: 'last' as const }],
      count: 10,
      waitMs: LONG_MS
    }
    const range = { from: MIN_ID, to: MAX_ID, order: 'asc' as const, limit: 10, waitMs: LONG_MS }
    const waiting = [
      await parked(engine, async () => shown(await engine.readStreams(request, signal, rooms[0]))),
      await parked(engine, async () =>
        shown(await engine.listEntries({ ...orders, ...range }, signal, rooms[1]))
      ),
      await parked(engine, async () => shown(await engine.readStreams(request, signal, rooms[2])))
    ]
    const read = [{ stream: orders.stream, entries: [entry('1-0')], next: '1-0' }]
    await append(engine, orders, '1-0')
    expect(await waiting[2]?.answer).toEqual(read)
    for (const room of rooms.slice(0, 2)) await refused(room)
    expect((await engine.status()).waiting).toBe(2)
    for (const room of rooms) room.bytes = 1000
    engine.resume()
    expect(await waiting[0]?.answer).toEqual(read)
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

/** Resolves when there was too little room for something. */
async function refused(room: Room): Promise<void> {
  await vi.waitFor(() => expect(room.refusals).toBeGreaterThan(0), { timeout: 10_000, interval: 5 })
}
