import { beforeEach, describe, expect, it } from 'vitest'
import type { Trim } from '../../../../src/contract/entries.ts'
import { type EntryId, entryId, formatId, MAX_ID, MIN_ID } from '../../../../src/contract/entry-id.ts'
import { BLOCK_BYTES, BLOCK_ENTRIES } from '../../../../src/embedded/core/block.ts'
import { appendEntries, deleteEntries, setStreamId } from '../../../../src/embedded/core/decide/entries.ts'
import { Stream } from '../../../../src/embedded/core/stream.ts'
import type { Trimmed } from '../../../../src/embedded/core/trim-plan.ts'
import { ANSWER_BYTES } from '../../../../src/semantics/answer-size.ts'
import { Core, fieldsJson, fieldsOf, id } from '../../../support/core.ts'

let stream: Stream
beforeEach(() => {
  stream = new Stream('orders')
})

/** Appends `count` entries with the ids 1-0, 2-0, and so on. */
function fill(count: number): void {
  const first = stream.entriesAdded + 1
  stream.append(
    Array.from({ length: count }, (_, i) => ({
      id: entryId(first + i, 0),
      fields: fieldsJson({ n: `${first + i}` })
    }))
  )
}

const read = (from: string, to: string, limit = 1000) =>
  stream.range(id(from), id(to), limit).map((e) => formatId(e.id))
function remove(...ids: EntryId[]): void {
  stream.delete(
    ids,
    ids.map((id) => stream.bytesOf(id) ?? 0)
  )
}

/** Trims the first `count` entries. */
function trim(count: number): void {
  stream.trim(stream.planTrim({ maxLength: stream.length - count, approximate: false }, []) as Trimmed)
}

const readDown = (from: string, to: string, limit = 1000) =>
  stream.rangeDown(id(from), id(to), limit).map((e) => formatId(e.id))

describe('a stream of many blocks', () => {
  it('returns the appended entries in either order', () => {
    fill(1000)
    const all = stream.range(MIN_ID, MAX_ID, 2000)
    expect(all.map((entry) => fieldsOf(entry.fields)['n'])).toEqual(
      Array.from({ length: 1000 }, (_, i) => `${i + 1}`)
    )
    expect(stream.rangeDown(MIN_ID, MAX_ID, 2000)).toEqual([...all].reverse())
  })

  it('reads any range, also across blocks and beyond the ends of the stream', () => {
    fill(3 * BLOCK_ENTRIES)
    expect(read('127-0', '130-0')).toEqual(['127-0', '128-0', '129-0', '130-0'])
    expect(readDown('127-0', '130-0')).toEqual(['130-0', '129-0', '128-0', '127-0'])
    expect(read('383-1', '999-0')).toEqual(['384-0'])
    expect(read('385-0', '999-0')).toEqual([])
    expect(readDown('0-0', '1-0')).toEqual(['1-0'])
    expect(read('130-0', '127-0')).toEqual([])
    expect(read('1-0', '999-0', 2)).toEqual(['1-0', '2-0'])
    expect(readDown('1-0', '999-0', 2)).toEqual(['384-0', '383-0'])
  })

  it('stores an entry that is larger than a block', () => {
    const fields = fieldsJson({ big: 'x'.repeat(3 * BLOCK_BYTES) })
    fill(1)
    stream.append([{ id: entryId(2, 0), fields }])
    fill(1)
    expect(stream.get(id('2-0'))?.fields).toEqual(fields)
    expect(read('1-0', '9-0')).toEqual(['1-0', '2-0', '3-0'])
  })

  it('returns no more than one answer may contain, but at least one entry', () => {
    const fields = fieldsJson({ big: 'x'.repeat(ANSWER_BYTES / 5) })
    stream.append(Array.from({ length: 6 }, (_, n) => ({ id: entryId(n + 1, 0), fields })))
    expect(read('1-0', '9-0')).toEqual(['1-0', '2-0', '3-0', '4-0'])
    expect(read('5-0', '9-0')).toEqual(['5-0', '6-0'])
    expect(readDown('1-0', '9-0')).toEqual(['6-0', '5-0', '4-0', '3-0'])
    stream.append([{ id: entryId(7, 0), fields: fieldsJson({ big: 'x'.repeat(2 * ANSWER_BYTES) }) }])
    expect(read('7-0', '9-0')).toEqual(['7-0'])
  })

  it('omits deleted entries, also those of whole blocks', () => {
    fill(2 * BLOCK_ENTRIES + 1)
    const ids = Array.from({ length: BLOCK_ENTRIES }, (_, i) => entryId(BLOCK_ENTRIES + 1 + i, 0))
    remove(entryId(1, 0), ...ids)
    expect(stream.length).toBe(BLOCK_ENTRIES)
    expect(formatId(stream.firstId)).toBe('2-0')
    expect(read('127-0', '999-0')).toEqual(['127-0', '128-0', '257-0'])
    expect(readDown('127-0', '999-0')).toEqual(['257-0', '128-0', '127-0'])
    expect(formatId(stream.maxDeletedId)).toBe('256-0')
    expect([stream.has(id('1-0')), stream.has(id('2-0')), stream.has(id('200-0'))]).toEqual([
      false,
      true,
      false
    ])
  })

  it('knows whether an entry follows if the last ones were deleted', () => {
    fill(3)
    remove(id('3-0'))
    expect([stream.hasAfter(id('1-0')), stream.hasAfter(id('2-0'))]).toEqual([true, false])
    expect(formatId(stream.lastId)).toBe('3-0')
  })
})

describe('moving the last id back', () => {
  const moveBack = (to: string) => stream.setLastId(id(to), () => 2)

  it('leaves existing entries as they are', () => {
    fill(200)
    stream.setLastId(id('900-0'), () => 2)
    moveBack('300-0')
    fill(1)
    expect([read('199-0', '999-0'), stream.length]).toEqual([['199-0', '200-0', '201-0'], 201])
    expect(formatId(stream.firstId)).toBe('1-0')
    expect(stream.blockNamespace).toBe(0)
  })

  it('is limited by deleted ids, even if maxDeletedId was lowered', () => {
    const core = new Core()
    const orders = { stream: 'orders' }
    const appended = ['1-0', '9-0'].map((text) => ({ id: id(text), fields: fieldsJson({ n: text }) }))
    core.commit(appendEntries(core.streams, { ...orders, createStream: true, entries: appended }, 0))
    core.commit(deleteEntries(core.streams, { ...orders, ids: [id('9-0')] }))
    core.commit(setStreamId(core.streams, { ...orders, lastId: id('9-0'), maxDeletedId: id('2-0') }))
    const back = () => setStreamId(core.streams, { ...orders, lastId: id('5-0') })
    expect(back).toThrow('must not be less than 9-0')
    core.commit(deleteEntries(core.streams, { ...orders, ids: [id('1-0')] }))
    expect(back).not.toThrow()
  })

  it('changes the block namespace if no entry is left, so that blocks may begin at used ids', () => {
    fill(200)
    trim(200)
    moveBack('0-0')
    stream.append([{ id: id('1-0'), fields: fieldsJson({ n: '1' }) }])
    expect(read('0-0', '999-0')).toEqual(['1-0'])
    expect(stream.blockNamespace).toBe(2)
  })
})

describe('trimming', () => {
  const plan = (trim: Trim, appended = 0) =>
    stream.planTrim(
      trim,
      Array.from({ length: appended }, (_, i) => ({ id: entryId(10_000 + i, 0), fields: fieldsJson({}) }))
    )
  const trimmed = (trim: Trim, appended = 0) => plan(trim, appended)?.count ?? 0

  it('is exact unless approximate', () => {
    fill(300)
    expect(trimmed({ maxLength: 299, approximate: false })).toBe(1)
    expect(trimmed({ maxLength: 299, approximate: false }, 10)).toBe(11)
    expect(trimmed({ maxLength: 400, approximate: false })).toBe(0)
    expect(trimmed({ minId: id('200-0'), approximate: false })).toBe(199)
    expect(trimmed({ minId: id('99999-0'), approximate: false }, 3)).toBe(303)
  })

  it('removes only whole blocks when approximate, and keeps at least what it must', () => {
    fill(2 * BLOCK_ENTRIES + 44)
    expect(trimmed({ maxLength: 299, approximate: true })).toBe(0)
    expect(trimmed({ maxLength: 300 - BLOCK_ENTRIES, approximate: true })).toBe(BLOCK_ENTRIES)
    expect(trimmed({ maxLength: 0, approximate: true })).toBe(300)
    expect(trimmed({ minId: id('129-0'), approximate: true })).toBe(BLOCK_ENTRIES)
    expect(trimmed({ minId: id('128-0'), approximate: true })).toBe(0)
  })

  it('removes at most `limit` entries', () => {
    fill(3 * BLOCK_ENTRIES)
    expect(trimmed({ maxLength: 0, approximate: true, limit: BLOCK_ENTRIES - 1 })).toBe(0)
    expect(trimmed({ maxLength: 0, approximate: true, limit: 2 * BLOCK_ENTRIES })).toBe(2 * BLOCK_ENTRIES)
  })

  it('does not count deleted entries, and returns the range that it removes', () => {
    fill(300)
    remove(id('2-0'))
    expect(plan({ maxLength: 99, approximate: false })).toMatchObject({
      upTo: id('202-0') - 1n,
      count: 200,
      firstId: id('202-0')
    })
    trim(200)
    expect([stream.length, formatId(stream.firstId), stream.entriesAdded]).toEqual([99, '202-0', 300])
    expect(formatId(stream.maxDeletedId)).toBe('2-0')
    expect(plan({ maxLength: 0, approximate: false })).toMatchObject({ upTo: id('300-0'), firstId: null })
    trim(99)
    expect([stream.length, formatId(stream.firstId), formatId(stream.lastId)]).toEqual([0, '0-0', '300-0'])
  })
})
