import { expect } from 'vitest'
import { formatId, MAX_ID } from '../../../src/contract/entry-id.ts'
import { codeOfRefused, entry, fieldsJson, id, idsFrom, idsOf, refusal, shown } from '../fixtures.ts'
import { append, entries, list, makeGroup, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

export function appendEntries(it: It): void {
  it('stores fields unchanged and in their order', async ({ engine, orders }) => {
    const fields = {
      zip: '1010',
      city: 'Wien',
      note: 'ünï 😀 "quoted" \\ \n \u0000',
      empty: '',
      '': 'unnamed'
    }
    const request = { ...orders, entries: [{ fields: fieldsJson(fields), id: id('1-0') }] }
    await engine.appendEntries({ ...request, createStream: true })
    const [listed] = await list(engine, orders)
    expect(listed).toEqual({ id: '1-0', fields })
    expect(Object.keys(listed?.fields ?? {})).toEqual(Object.keys(fields))
  })

  it('accepts any field name', async ({ engine, orders }) => {
    const json = '{"__proto__":"a","constructor":"b","0":"c"," ":"d"}'
    const fields = new TextEncoder().encode(json)
    await engine.appendEntries({ ...orders, entries: [{ fields }], createStream: true })
    const [listed] = await list(engine, orders)
    expect(JSON.stringify(listed?.fields)).toBe(JSON.stringify(JSON.parse(json)))
  })

  it('stores an entry of a megabyte', async ({ engine, orders }) => {
    const fields = { body: 'x'.repeat(1 << 20) }
    const large = { fields: fieldsJson(fields), id: id('2-0') }
    await append(engine, orders, '1-0')
    await engine.appendEntries({ ...orders, entries: [large, ...entries('3-0')], createStream: true })
    expect(await list(engine, orders)).toEqual([entry('1-0'), { id: '2-0', fields }, entry('3-0')])
  })

  it('returns the ids of a thousand entries in their order', async ({ engine, orders }) => {
    const thousand = idsFrom(1, 1000)
    expect(await append(engine, orders, ...thousand)).toEqual(thousand)
    expect(idsOf(await list(engine, orders))).toEqual(thousand)
  })

  it('counts every entry that was ever appended', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    await engine.deleteEntries({ ...orders, ids: [id('1-0')] })
    await append(engine, orders, '3-0')
    const stream = shown(await engine.getStream(orders))
    expect(stream).toMatchObject({ length: 2, entriesAdded: 3, firstId: '2-0', lastId: '3-0' })
  })

  it('creates the stream only with createStream', async ({ engine, orders }) => {
    const request = { ...orders, entries: entries('1-0'), createStream: false }
    expect(await refusal(engine, orders, () => engine.appendEntries(request))).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(shown(await engine.appendEntries(request))).toEqual(['1-0'])
  })

  it('appends nothing if one of the entries is refused', async ({ engine, orders }) => {
    await append(engine, orders, '5-0')
    for (const batch of [
      ['6-0', '4-0', '7-0'],
      ['6-0', '6-0'],
      ['6-0', '7-0', '5-*']
    ]) {
      expect(await refusal(engine, orders, () => append(engine, orders, ...batch))).toBe('id-not-greater')
    }
    const exhausting = [formatId(MAX_ID), '*']
    expect(await refusal(engine, orders, () => append(engine, orders, ...exhausting))).toBe('ids-exhausted')
    expect(idsOf(await list(engine, orders))).toEqual(['5-0'])
  })

  it('creates no stream if one of the entries is refused', async ({ engine, orders }) => {
    expect(await refusal(engine, orders, () => append(engine, orders, '2-0', '1-0'))).toBe('id-not-greater')
    expect(await codeOfRefused(engine.getStream(orders))).toBe('stream-not-found')
  })

  it('trims after appending', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    const request = { ...orders, entries: entries('4-0', '5-0'), createStream: true }
    await engine.appendEntries({ ...request, trim: { maxLength: 3, approximate: false } })
    expect(idsOf(await list(engine, orders))).toEqual(['3-0', '4-0', '5-0'])
  })

  it('may trim its own entries', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const request = { ...orders, entries: entries('2-0', '3-0', '4-0'), createStream: true }
    await engine.appendEntries({ ...request, trim: { maxLength: 1, approximate: false } })
    expect(idsOf(await list(engine, orders))).toEqual(['4-0'])
  })

  it('may trim the stream to nothing, which keeps its last id', async ({ engine, orders }) => {
    const request = { ...orders, entries: entries('1-0'), createStream: true }
    const ids = await engine.appendEntries({ ...request, trim: { maxLength: 0, approximate: false } })
    expect(shown(ids)).toEqual(['1-0'])
    expect(shown(await engine.getStream(orders))).toMatchObject({
      length: 0,
      firstId: null,
      lastId: '1-0',
      maxDeletedId: '0-0',
      entriesAdded: 1
    })
  })

  it('trims entries below minId', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    const request = { ...orders, createStream: true }
    const trim = { minId: id('3-0'), approximate: false }
    await engine.appendEntries({ ...request, entries: entries('4-0'), trim })
    expect(idsOf(await list(engine, orders))).toEqual(['3-0', '4-0'])
    const above = { minId: id('9-0'), approximate: false }
    await engine.appendEntries({ ...request, entries: entries('5-0'), trim: above })
    expect(await list(engine, orders)).toEqual([])
  })

  it('trims nothing while the stream has no more than maxLength entries', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const request = { ...orders, entries: entries('2-0'), createStream: true }
    await engine.appendEntries({ ...request, trim: { maxLength: 2, approximate: false } })
    expect(idsOf(await list(engine, orders))).toEqual(['1-0', '2-0'])
  })

  it('trims nothing when the append is refused', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    const request = { ...orders, entries: entries('3-0'), createStream: true }
    const refused = () => engine.appendEntries({ ...request, trim: { maxLength: 1, approximate: false } })
    expect(await refusal(engine, orders, refused)).toBe('id-not-greater')
  })

  it('keeps at least maxLength entries with an approximate trim', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    const request = { ...orders, entries: entries('1001-0'), createStream: true }
    await engine.appendEntries({ ...request, trim: { maxLength: 100, approximate: true } })
    const kept = idsOf(await list(engine, orders))
    expect(kept.length).toBeGreaterThanOrEqual(100)
    expect(kept.length).toBeLessThan(400)
    expect(kept).toEqual(idsFrom(1002 - kept.length, 1001))
  })

  it('delivers no entries that it trims at once', async ({ engine, orders, billing, ann }) => {
    await makeGroup(engine, billing)
    const request = { ...orders, entries: entries('1-0', '2-0'), createStream: true }
    await engine.appendEntries({ ...request, trim: { maxLength: 1, approximate: false } })
    expect(idsOf(await read(engine, ann))).toEqual(['2-0'])
    expect(idsOf(await pending(engine, billing))).toEqual(['2-0'])
  })
}
