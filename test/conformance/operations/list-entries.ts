import { expect } from 'vitest'
import { MAX_ID } from '../../../src/contract/entry-id.ts'
import { entry, id, idsFrom, idsOf, LONG_MS, refusal } from '../fixtures.ts'
import { append, list } from '../requests.ts'
import type { It } from '../test-context.ts'

export function listEntries(it: It): void {
  it('returns the entries of a stream in order, with their fields', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '1-1', '2-0')
    expect(await list(engine, orders)).toEqual([entry('1-0'), entry('1-1'), entry('2-0')])
  })

  it('returns entries in descending order', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '1-1', '2-0')
    expect(await list(engine, { ...orders, order: 'desc' })).toEqual([
      entry('2-0'),
      entry('1-1'),
      entry('1-0')
    ])
  })

  it('includes both ends of a range, in either order', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '1-1', '2-0', '3-0', '4-0')
    const range = { ...orders, from: '1-1', to: '3-0' }
    expect(idsOf(await list(engine, range))).toEqual(['1-1', '2-0', '3-0'])
    expect(idsOf(await list(engine, { ...range, order: 'desc' }))).toEqual(['3-0', '2-0', '1-1'])
  })

  it('accepts ends without an entry', async ({ engine, orders }) => {
    await append(engine, orders, '10-0', '20-0', '30-0')
    const range = { ...orders, from: '10-1', to: '29-5' }
    expect(idsOf(await list(engine, range))).toEqual(['20-0'])
    expect(idsOf(await list(engine, { ...range, order: 'desc' }))).toEqual(['20-0'])
    expect(idsOf(await list(engine, { ...orders, from: '11-0', to: '19-0' }))).toEqual([])
  })

  it('returns nothing for a range outside the stream or with swapped ends', async ({ engine, orders }) => {
    await append(engine, orders, '2-0', '3-0')
    for (const range of [
      { from: '4-0' },
      { to: '1-9' },
      { from: '3-0', to: '2-0' },
      { from: MAX_ID + 1n },
      { to: -1n }
    ]) {
      expect(await list(engine, { ...orders, ...range })).toEqual([])
      expect(await list(engine, { ...orders, ...range, order: 'desc' })).toEqual([])
    }
  })

  it('accepts ends beyond the first and the last possible id', async ({ engine, orders }) => {
    await append(engine, orders, '0-1', '18446744073709551615-18446744073709551615')
    const all = await list(engine, orders)
    expect(await list(engine, { ...orders, from: -1n, to: MAX_ID + 1n })).toEqual(all)
    expect(await list(engine, { ...orders, from: -1n, to: MAX_ID + 1n, order: 'desc' })).toEqual(
      all.reverse()
    )
  })

  it('returns the first `limit` entries in either order', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0', '4-0')
    expect(idsOf(await list(engine, { ...orders, from: '2-0', limit: 2 }))).toEqual(['2-0', '3-0'])
    const down = { ...orders, to: '3-0', order: 'desc', limit: 2 } as const
    expect(idsOf(await list(engine, down))).toEqual(['3-0', '2-0'])
  })

  it('pages through a long stream without missing an entry', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const pages: string[] = []
    for (let from = id('0-0'); ; ) {
      const page = idsOf(await list(engine, { ...orders, from, limit: 70 }))
      pages.push(...page)
      if (page.length < 70) break
      from = id(page.at(-1) ?? '') + 1n
    }
    expect(pages).toEqual(idsFrom(1, 1000))
  })

  it('pages down a long stream without missing an entry', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const pages: string[] = []
    for (let to = MAX_ID; ; ) {
      const page = idsOf(await list(engine, { ...orders, to, limit: 70, order: 'desc' }))
      pages.push(...page)
      if (page.length < 70) break
      to = id(page.at(-1) ?? '') - 1n
    }
    expect(pages).toEqual(idsFrom(1, 1000).reverse())
  })

  it('omits deleted and trimmed entries', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 6))
    await engine.deleteEntries({ ...orders, ids: [id('3-0'), id('6-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 3, approximate: false } })
    expect(idsOf(await list(engine, orders))).toEqual(['2-0', '4-0', '5-0'])
    expect(idsOf(await list(engine, { ...orders, order: 'desc', limit: 2 }))).toEqual(['5-0', '4-0'])
    expect(idsOf(await list(engine, { ...orders, from: '3-0', limit: 1 }))).toEqual(['4-0'])
  })

  it('finds the remaining entries of a long stream with gaps', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    await engine.deleteEntries({ ...orders, ids: idsFrom(2, 999).map(id) })
    expect(idsOf(await list(engine, orders))).toEqual(['1-0', '1000-0'])
    expect(idsOf(await list(engine, { ...orders, order: 'desc' }))).toEqual(['1000-0', '1-0'])
    expect(idsOf(await list(engine, { ...orders, from: '500-0' }))).toEqual(['1000-0'])
    expect(idsOf(await list(engine, { ...orders, to: '500-0', order: 'desc' }))).toEqual(['1-0'])
  })

  it('returns nothing of an empty stream', async ({ engine, orders }) => {
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await list(engine, orders)).toEqual([])
    expect(await list(engine, { ...orders, order: 'desc' })).toEqual([])
  })

  it('returns nothing from "next" without waiting', async (context) => {
    const { engine, orders } = context
    await append(engine, orders, '1-0')
    expect(await list(engine, { ...orders, from: 'next' })).toEqual([])
  })

  it('refuses a stream that does not exist, with or without waitMs', async ({ engine, orders }) => {
    expect(await refusal(engine, orders, () => list(engine, orders))).toBe('stream-not-found')
    const waiting = () => list(engine, { ...orders, from: 'next', waitMs: LONG_MS })
    expect(await refusal(engine, orders, waiting)).toBe('stream-not-found')
  })
}
