import { expect } from 'vitest'
import { delivered, everything, id, idsFrom, idsOf, refusal, shown } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, list, makeGroup, pending, read } from '../requests.ts'

export function trimStream(it: It): void {
  it('keeps the last entries', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 5))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 2, approximate: false } })).toBe(3)
    expect(idsOf(await list(engine, orders))).toEqual(['4-0', '5-0'])
    expect(shown(await engine.getStream(orders))).toMatchObject({ length: 2, firstId: '4-0' })
  })

  it('keeps the entries from an id on', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '1-1', '2-0', '3-0')
    const trim = { minId: id('1-1'), approximate: false }
    expect(await engine.trimStream({ ...orders, trim })).toBe(1)
    expect(await engine.trimStream({ ...orders, trim: { ...trim, minId: id('2-5') } })).toBe(2)
    expect(idsOf(await list(engine, orders))).toEqual(['3-0'])
  })

  it('counts only entries that exist', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 6))
    await engine.deleteEntries({ ...orders, ids: [id('2-0'), id('5-0')] })
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 2, approximate: false } })).toBe(2)
    expect(idsOf(await list(engine, orders))).toEqual(['4-0', '6-0'])
  })

  it('cuts exactly within a long stream', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 777, approximate: false } })).toBe(223)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(224, 1000))
    const trim = { minId: id('501-0'), approximate: false }
    expect(await engine.trimStream({ ...orders, trim })).toBe(277)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(501, 1000))
  })

  it('changes nothing when there is nothing to trim', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    const before = await everything(engine, orders)
    for (const place of [{ maxLength: 2 }, { maxLength: 1000 }, { minId: id('1-0') }, { minId: id('0-0') }]) {
      expect(await engine.trimStream({ ...orders, trim: { ...place, approximate: false } })).toBe(0)
      expect(await engine.trimStream({ ...orders, trim: { ...place, approximate: true } })).toBe(0)
    }
    expect(await everything(engine, orders)).toEqual(before)
  })

  it('keeps a stream that it has emptied', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    const trim = { minId: id('9-0'), approximate: false }
    expect(await engine.trimStream({ ...orders, trim })).toBe(2)
    expect(shown(await engine.getStream(orders))).toMatchObject({
      length: 0,
      firstId: null,
      lastId: '2-0',
      maxDeletedId: '0-0',
      entriesAdded: 2
    })
    expect(await append(engine, orders, '2-*')).toEqual(['2-1'])
  })

  it('does not count as deleting by name', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 5))
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    expect(shown(await engine.getStream(orders)).maxDeletedId).toBe('1-0')
  })

  it('leaves entries pending, which are then delivered without fields', async (given) => {
    const { engine, orders, billing, ann } = given
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0', '2-0'])
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([
      { id: '1-0', fields: null, deliveries: 1 },
      delivered('2-0', 2)
    ])
  })

  it('approximately keeps at least the length asked for, and not much more', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const trimmed = await engine.trimStream({ ...orders, trim: { maxLength: 300, approximate: true } })
    expect(trimmed).toBeGreaterThan(400)
    expect(trimmed).toBeLessThanOrEqual(700)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(trimmed + 1, 1000))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 300, approximate: true } })).toBe(0)
  })

  it('approximately trims nothing of a stream that is hardly too long', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 999, approximate: true } })).toBe(0)
  })

  it('approximately keeps every entry from the id on', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const trim = { minId: id('600-0'), approximate: true }
    const trimmed = await engine.trimStream({ ...orders, trim })
    expect(trimmed).toBeGreaterThan(400)
    expect(trimmed).toBeLessThan(600)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(trimmed + 1, 1000))
  })

  it('approximately trims no more entries at once than its limit', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const trim = { maxLength: 0, approximate: true }
    expect(await engine.trimStream({ ...orders, trim: { ...trim, limit: 1 } })).toBe(0)
    const trimmed = await engine.trimStream({ ...orders, trim: { ...trim, limit: 300 } })
    expect(trimmed).toBeGreaterThan(100)
    expect(trimmed).toBeLessThanOrEqual(300)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(trimmed + 1, 1000))
  })

  it('refuses a stream that does not exist', async ({ engine, orders }) => {
    const request = () => engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
  })
}
