import { expect } from 'vitest'
import { delivered, id, idsFrom, idsOf, refusal, shown, stateOf } from '../fixtures.ts'
import { append, list, makeGroup, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

export function trimStream(it: It): void {
  it('keeps the last maxLength entries', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 5))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 2, approximate: false } })).toBe(3)
    expect(idsOf(await list(engine, orders))).toEqual(['4-0', '5-0'])
    expect(shown(await engine.getStream(orders))).toMatchObject({ length: 2, firstId: '4-0' })
  })

  it('keeps the entries with ids from minId on', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '1-1', '2-0', '3-0')
    const trim = { minId: id('1-1'), approximate: false }
    expect(await engine.trimStream({ ...orders, trim })).toBe(1)
    expect(await engine.trimStream({ ...orders, trim: { ...trim, minId: id('2-5') } })).toBe(2)
    expect(idsOf(await list(engine, orders))).toEqual(['3-0'])
  })

  it('counts only existing entries', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 6))
    await engine.deleteEntries({ ...orders, ids: [id('2-0'), id('5-0')] })
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 2, approximate: false } })).toBe(2)
    expect(idsOf(await list(engine, orders))).toEqual(['4-0', '6-0'])
  })

  it('trims a long stream exactly', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 777, approximate: false } })).toBe(223)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(224, 1000))
    const trim = { minId: id('501-0'), approximate: false }
    expect(await engine.trimStream({ ...orders, trim })).toBe(277)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(501, 1000))
  })

  it('changes nothing when there is nothing to trim', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    const before = await stateOf(engine, orders)
    for (const threshold of [
      { maxLength: 2 },
      { maxLength: 1000 },
      { minId: id('1-0') },
      { minId: id('0-0') }
    ]) {
      expect(await engine.trimStream({ ...orders, trim: { ...threshold, approximate: false } })).toBe(0)
      expect(await engine.trimStream({ ...orders, trim: { ...threshold, approximate: true } })).toBe(0)
    }
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('keeps a stream that it empties', async ({ engine, orders }) => {
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

  it('does not change maxDeletedId', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 5))
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    expect(shown(await engine.getStream(orders)).maxDeletedId).toBe('1-0')
  })

  it('leaves trimmed entries pending, which are then delivered without fields', async (context) => {
    const { engine, orders, billing, ann } = context
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

  it('keeps at least maxLength entries when approximate, and not many more', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const trimmed = await engine.trimStream({ ...orders, trim: { maxLength: 300, approximate: true } })
    expect(trimmed).toBeGreaterThan(400)
    expect(trimmed).toBeLessThanOrEqual(700)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(trimmed + 1, 1000))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 300, approximate: true } })).toBe(0)
  })

  it('removes nothing when approximate and the stream is hardly too long', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    expect(await engine.trimStream({ ...orders, trim: { maxLength: 999, approximate: true } })).toBe(0)
  })

  it('keeps every entry from minId on when approximate', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const trim = { minId: id('600-0'), approximate: true }
    const trimmed = await engine.trimStream({ ...orders, trim })
    expect(trimmed).toBeGreaterThan(400)
    expect(trimmed).toBeLessThan(600)
    expect(idsOf(await list(engine, orders))).toEqual(idsFrom(trimmed + 1, 1000))
  })

  it('removes no more entries at once than its limit when approximate', async ({ engine, orders }) => {
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
