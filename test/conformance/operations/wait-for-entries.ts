import { expect } from 'vitest'
import { codeOfRefused, entry, id, idsOf, LONG_MS, parked, SHORT_MS } from '../fixtures.ts'
import { append, entries, list } from '../requests.ts'
import type { It } from '../test-context.ts'

/** `listEntries` with `waitMs`. */
export function waitForEntries(it: It): void {
  it('answers at once when an entry exists', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    expect(await list(engine, { ...orders, waitMs: LONG_MS })).toEqual([entry('1-0')])
  })

  it('is answered by an append', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const { answer } = await parked(engine, () => list(engine, { ...orders, from: 'next', waitMs: LONG_MS }))
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([entry('2-0')])
  })

  it('returns all entries of one append, up to its limit', async ({ engine, orders }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    const waiting = { ...orders, from: 'next', waitMs: LONG_MS }
    const many = await parked(engine, () => list(engine, waiting))
    const few = await parked(engine, () => list(engine, { ...waiting, limit: 2 }))
    await append(engine, orders, '1-0', '2-0', '3-0')
    expect(idsOf(await many.answer)).toEqual(['1-0', '2-0', '3-0'])
    expect(idsOf(await few.answer)).toEqual(['1-0', '2-0'])
  })

  it('returns nothing when the deadline has passed', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    expect(await list(engine, { ...orders, from: 'next', waitMs: SHORT_MS })).toEqual([])
    expect((await engine.status()).waiting).toBe(0)
  })

  it('returns an entry to all readers that wait for it', async ({ engine, orders }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    const readers = []
    for (const order of ['asc', 'desc', 'asc'] as const) {
      readers.push(await parked(engine, () => list(engine, { ...orders, order, waitMs: LONG_MS })))
    }
    await append(engine, orders, '1-0')
    for (const { answer } of readers) expect(await answer).toEqual([entry('1-0')])
    expect((await engine.status()).waiting).toBe(0)
  })

  it('keeps waiting while only entries outside its range are appended', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const { answer } = await parked(engine, () => list(engine, { ...orders, from: '5-0', waitMs: LONG_MS }))
    await append(engine, orders, '2-0')
    await append(engine, orders, '4-9')
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '6-0')
    expect(await answer).toEqual([entry('6-0')])
  })

  it('keeps waiting when an append trims its own entries', async ({ engine, orders }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    const { answer } = await parked(engine, () => list(engine, { ...orders, from: 'next', waitMs: LONG_MS }))
    const request = { ...orders, entries: entries('1-0'), createStream: true }
    await engine.appendEntries({ ...request, trim: { maxLength: 0, approximate: false } })
    expect((await engine.status()).waiting).toBe(1)
    await append(engine, orders, '2-0')
    expect(await answer).toEqual([entry('2-0')])
  })

  it('waits from "next" for entries after the last id, deleted or not', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '5-0')
    await engine.deleteEntries({ ...orders, ids: [id('5-0')] })
    const { answer } = await parked(engine, () => list(engine, { ...orders, from: 'next', waitMs: LONG_MS }))
    await append(engine, orders, '5-1')
    expect(await answer).toEqual([entry('5-1')])
  })

  it('is not answered by an append to another stream', async ({ engine, orders }) => {
    const abroad = { stream: `${orders.stream}-abroad` }
    await engine.ensureStream({ ...orders, onlyNew: true })
    const { answer } = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    await append(engine, abroad, '1-0')
    await append(engine, orders, '2-0')
    expect(idsOf(await answer)).toEqual(['2-0'])
  })

  it('stops waiting when it is aborted', async ({ engine, orders }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    const hangUp = new AbortController()
    const request = { ...orders, waitMs: LONG_MS }
    const { answer } = await parked(engine, () => list(engine, request, hangUp.signal))
    hangUp.abort()
    expect(await answer).toEqual([])
    expect((await engine.status()).waiting).toBe(0)
    expect(await list(engine, request, hangUp.signal)).toEqual([])
  })

  it('is refused when the stream is deleted', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const { answer } = await parked(engine, () => list(engine, { ...orders, from: 'next', waitMs: LONG_MS }))
    const refused = codeOfRefused(answer)
    await engine.deleteStream(orders)
    expect(await refused).toBe('stream-not-found')
    expect((await engine.status()).waiting).toBe(0)
  })
}
