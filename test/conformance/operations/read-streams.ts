import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { StreamRef } from '../../../src/contract/refs.ts'
import { codeOfRefused, entry, id, LONG_MS, parked, refusal, SHORT_MS, shown } from '../fixtures.ts'
import { append, positionOf } from '../requests.ts'
import type { It } from '../test-context.ts'

export function readStreams(it: It): void {
  it('returns the entries after an id of each stream, in the order of the request', async ({
    engine,
    orders
  }) => {
    const abroad = await twoStreams(engine, orders)
    expect(await readAfter(engine, [abroad.stream, '2-0'], [orders.stream, '1-0'])).toEqual([
      { stream: abroad.stream, entries: [entry('3-0'), entry('4-0')], next: '4-0' },
      { stream: orders.stream, entries: [entry('2-0'), entry('3-0')], next: '3-0' }
    ])
  })

  it('includes streams without entries after their id', async ({ engine, orders }) => {
    const abroad = await twoStreams(engine, orders)
    expect(await readAfter(engine, [orders.stream, '3-0'], [abroad.stream, '3-0'])).toEqual([
      { stream: orders.stream, entries: [], next: '3-0' },
      { stream: abroad.stream, entries: [entry('4-0')], next: '4-0' }
    ])
    expect(await readAfter(engine, [orders.stream, '3-0'], [abroad.stream, '9-0'])).toEqual([
      { stream: orders.stream, entries: [], next: '3-0' },
      { stream: abroad.stream, entries: [], next: '9-0' }
    ])
  })

  it('applies count to each stream', async ({ engine, orders }) => {
    const abroad = await twoStreams(engine, orders)
    const request = { streams: after([orders.stream, '0-0'], [abroad.stream, '0-0']), count: 1, waitMs: 0 }
    expect(shown(await engine.readStreams(request, new AbortController().signal))).toEqual([
      { stream: orders.stream, entries: [entry('1-0')], next: '1-0' },
      { stream: abroad.stream, entries: [entry('2-0')], next: '2-0' }
    ])
  })

  it('returns nothing after the last id, even if its entry was deleted', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    const nothing = (next: string) => [{ stream: orders.stream, entries: [], next }]
    expect(await readAfter(engine, [orders.stream, 'last'])).toEqual(nothing('2-0'))
    expect(await readAfter(engine, [orders.stream, '1-0'])).toEqual(nothing('1-0'))
  })

  it('refuses a stream that does not exist, with or without waitMs', async ({ engine, orders }) => {
    const abroad = await twoStreams(engine, orders)
    const missing = () => readAfter(engine, [orders.stream, '0-0'], ['nowhere', '0-0'])
    expect(await refusal(engine, orders, missing)).toBe('stream-not-found')
    const waiting = () => waitAfter(engine, [abroad.stream, 'last'], ['nowhere', 'last'])
    expect(await refusal(engine, abroad, waiting)).toBe('stream-not-found')
  })

  it('is answered by the first stream that has an entry', async ({ engine, orders }) => {
    const abroad = await twoStreams(engine, orders)
    for (const woken of [orders, abroad]) {
      const positions = [orders, abroad].map(({ stream }): Position => [stream, 'last'])
      const { answer } = await parked(engine, () => waitAfter(engine, ...positions))
      await append(engine, woken, '100-0')
      const withEntries = (await answer).filter(({ entries }) => entries.length > 0)
      expect(withEntries).toEqual([{ stream: woken.stream, entries: [entry('100-0')], next: '100-0' }])
      expect((await engine.status()).waiting).toBe(0)
    }
  })

  it('waits after "last" for entries that are appended after the request', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const { answer } = await parked(engine, () => waitAfter(engine, [orders.stream, 'last']))
    await append(engine, orders, '2-0', '3-0')
    expect(await answer).toEqual([
      { stream: orders.stream, entries: [entry('2-0'), entry('3-0')], next: '3-0' }
    ])
  })

  it('answers at once if one of the streams has an entry', async ({ engine, orders }) => {
    const abroad = await twoStreams(engine, orders)
    expect(await waitAfter(engine, [orders.stream, 'last'], [abroad.stream, '3-0'])).toEqual([
      { stream: orders.stream, entries: [], next: '3-0' },
      { stream: abroad.stream, entries: [entry('4-0')], next: '4-0' }
    ])
  })

  it('returns no entries when the deadline has passed or the reader aborts', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const request = { streams: after([orders.stream, 'last']), count: 10 }
    const hangUp = new AbortController()
    const nothing = [{ stream: orders.stream, entries: [], next: id('1-0') }]
    expect(await engine.readStreams({ ...request, waitMs: SHORT_MS }, hangUp.signal)).toEqual(nothing)
    const start = () => engine.readStreams({ ...request, waitMs: LONG_MS }, hangUp.signal)
    const { answer } = await parked(engine, start)
    hangUp.abort()
    expect(await answer).toEqual(nothing)
    expect((await engine.status()).waiting).toBe(0)
  })

  it('is refused when one of the streams that it waits for is deleted', async ({ engine, orders }) => {
    const abroad = await twoStreams(engine, orders)
    const positions: Position[] = [
      [orders.stream, 'last'],
      [abroad.stream, 'last']
    ]
    const { answer } = await parked(engine, () => waitAfter(engine, ...positions))
    const refused = codeOfRefused(answer)
    await engine.deleteStream(abroad)
    expect(await refused).toBe('stream-not-found')
    expect((await engine.status()).waiting).toBe(0)
  })
}

type Position = [stream: string, after: string]

/** Creates `orders` with 1-0 to 3-0, and another stream with 2-0 to 4-0. */
async function twoStreams(engine: Engine, orders: StreamRef): Promise<StreamRef> {
  const abroad = { stream: `${orders.stream}-abroad` }
  await append(engine, orders, '1-0', '2-0', '3-0')
  await append(engine, abroad, '2-0', '3-0', '4-0')
  return abroad
}

async function readAfter(engine: Engine, ...positions: Position[]) {
  const request = { streams: after(...positions), count: 10, waitMs: 0 }
  return shown(await engine.readStreams(request, new AbortController().signal))
}

async function waitAfter(engine: Engine, ...positions: Position[]) {
  const request = { streams: after(...positions), count: 10, waitMs: LONG_MS }
  return shown(await engine.readStreams(request, new AbortController().signal))
}

function after(...positions: Position[]) {
  return positions.map(([stream, position]) => ({ stream, after: positionOf(position) }))
}
