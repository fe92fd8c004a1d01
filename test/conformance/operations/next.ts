import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import { MAX_ID } from '../../../src/contract/entry-id.ts'
import { entry, id, ids, idsFrom, idsOf, LONG_MS, parked, SHORT_MS, shown } from '../fixtures.ts'
import { append, page, positionOf } from '../requests.ts'
import type { It } from '../test-context.ts'

/** `next` in the answers of `listEntries` and `readStreams`: the id to continue after. */
export function next(it: It): void {
  it('is the id of the last entry of a page, in either order', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 5))
    expect((await page(engine, { ...orders, limit: 2 })).next).toBe('2-0')
    expect((await page(engine, { ...orders, order: 'desc', limit: 2 })).next).toBe('4-0')
    expect((await page(engine, { ...orders, from: '2-0', to: '3-5' })).next).toBe('3-0')
  })

  it('is the beginning of a range without entries', async ({ engine, orders }) => {
    await append(engine, orders, '5-0')
    const nothing = async (range: object) => {
      const { entries, next } = await page(engine, { ...orders, ...range })
      expect(entries).toEqual([])
      return next
    }
    expect(await nothing({ from: '6-1' })).toBe('6-0')
    expect(await nothing({ from: '0-0', to: '4-0' })).toBe('0-0')
    expect(await nothing({ from: '9-0', to: '8-0' })).toBe('8-18446744073709551615')
    expect(await nothing({ from: MAX_ID + 1n })).toBe('18446744073709551615-18446744073709551615')
    expect(await nothing({ to: '4-0', order: 'desc' })).toBe('4-1')
    expect(await nothing({ from: '6-0', order: 'desc' })).toBe('18446744073709551615-18446744073709551615')
    expect(await nothing({ to: -1n, order: 'desc' })).toBe('0-0')
  })

  it('leads through a stream once, despite trims and deletions meanwhile', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 12))
    const seen: string[] = []
    let from = id('0-0')
    const read = async () => {
      const { entries, next } = await page(engine, { ...orders, from, limit: 3 })
      seen.push(...idsOf(entries))
      from = id(next) + 1n
    }
    await read()
    await engine.deleteEntries({ ...orders, ids: ids('3-0', '4-0') })
    await read()
    await engine.trimStream({ ...orders, trim: { minId: id('10-0'), approximate: false } })
    for (let reads = 0; reads < 3; reads++) await read()
    await append(engine, orders, '13-0')
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    await read()
    expect(seen).toEqual(['1-0', '2-0', '3-0', '5-0', '6-0', '7-0', '10-0', '11-0', '12-0', '13-0'])
  })

  it('leads down a stream once, despite trims, deletions and appends meanwhile', async (context) => {
    const { engine, orders } = context
    await append(engine, orders, ...idsFrom(1, 12))
    const seen: string[] = []
    let to = MAX_ID
    const read = async () => {
      const { entries, next } = await page(engine, { ...orders, to, order: 'desc', limit: 3 })
      seen.push(...idsOf(entries))
      to = id(next) - 1n
    }
    await read()
    await engine.deleteEntries({ ...orders, ids: ids('10-0', '9-0') })
    await append(engine, orders, '13-0')
    await read()
    await engine.trimStream({ ...orders, trim: { minId: id('4-0'), approximate: false } })
    for (let reads = 0; reads < 3; reads++) await read()
    expect(seen).toEqual(['12-0', '11-0', '10-0', '8-0', '7-0', '6-0', '5-0', '4-0'])
  })

  it('is the last id of the stream, deleted or not, after a read from "next" without entries', async ({
    engine,
    orders
  }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    const fromNow = () => page(engine, { ...orders, from: 'next' })
    expect(await fromNow()).toEqual({ entries: [], next: '0-0' })
    await append(engine, orders, '1-0', '5-0')
    await engine.deleteEntries({ ...orders, ids: ids('5-0') })
    const { entries, next } = await fromNow()
    expect([entries, next]).toEqual([[], '5-0'])
    await append(engine, orders, '5-1')
    expect(await page(engine, { ...orders, from: id(next) + 1n })).toEqual({
      entries: [entry('5-1')],
      next: '5-1'
    })
  })

  it('is set when the deadline passes, the reader aborts or the engine drains', async ({
    engine,
    orders
  }) => {
    await append(engine, orders, '1-0')
    const fromNow = { ...orders, from: 'next' }
    expect(await page(engine, { ...fromNow, waitMs: SHORT_MS })).toEqual({ entries: [], next: '1-0' })
    const hangUp = new AbortController()
    const aborted = await parked(engine, () => page(engine, { ...fromNow, waitMs: LONG_MS }, hangUp.signal))
    hangUp.abort()
    expect(await aborted.answer).toEqual({ entries: [], next: '1-0' })
    const later = { ...orders, from: '7-0', waitMs: LONG_MS }
    const drained = await parked(engine, () => page(engine, later))
    await append(engine, orders, '2-0')
    engine.drain()
    expect(await drained.answer).toEqual({ entries: [], next: '6-18446744073709551615' })
    expect(await page(engine, { ...fromNow, waitMs: LONG_MS })).toEqual({ entries: [], next: '2-0' })
  })

  it('is set for every stream of a read, so that none misses an entry', async ({ engine, orders }) => {
    const abroad = { stream: `${orders.stream}-abroad` }
    await append(engine, orders, '1-0')
    await append(engine, abroad, '3-0')
    const positions: Record<string, string> = { [abroad.stream]: 'last', [orders.stream]: 'last' }
    const read = async (waitMs: number) => {
      const answer = await readAfter(engine, Object.entries(positions), waitMs)
      for (const { stream, next } of answer) positions[stream] = next
      return answer.map(({ stream, entries }) => [stream, idsOf(entries)])
    }
    const { answer } = await parked(engine, () => read(LONG_MS))
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([
      [abroad.stream, []],
      [orders.stream, ['2-0']]
    ])
    await append(engine, abroad, '4-0')
    expect(await read(LONG_MS)).toEqual([
      [abroad.stream, ['4-0']],
      [orders.stream, []]
    ])
    expect(positions).toEqual({ [abroad.stream]: '4-0', [orders.stream]: '2-0' })
    expect(await read(SHORT_MS)).toEqual([
      [abroad.stream, []],
      [orders.stream, []]
    ])
    expect(positions).toEqual({ [abroad.stream]: '4-0', [orders.stream]: '2-0' })
  })

  it('is never before the requested id, even if that is above the last id', async ({ engine, orders }) => {
    const abroad = { stream: `${orders.stream}-abroad` }
    await append(engine, orders, '1-0')
    await engine.ensureStream({ ...abroad, onlyNew: true })
    const answer = await readAfter(engine, [
      [orders.stream, '9-9'],
      [abroad.stream, 'last'],
      [orders.stream, '0-0']
    ])
    expect(answer).toEqual([
      { stream: orders.stream, entries: [], next: '9-9' },
      { stream: abroad.stream, entries: [], next: '0-0' },
      { stream: orders.stream, entries: [entry('1-0')], next: '1-0' }
    ])
  })
}

async function readAfter(engine: Engine, positions: readonly (readonly [string, string])[], waitMs = 0) {
  const streams = positions.map(([stream, position]) => ({ stream, after: positionOf(position) }))
  return shown(await engine.readStreams({ streams, count: 10, waitMs }, new AbortController().signal))
}
