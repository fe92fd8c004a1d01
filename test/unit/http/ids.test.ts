import { describe, expect, it } from 'vitest'
import type { IdRange } from '../../../src/contract/entries.ts'
import { entryId, MAX_ID, MAX_SEQ, MIN_ID } from '../../../src/contract/entry-id.ts'
import { IdReader, withIds } from '../../../src/http/ids.ts'
import { Problem } from '../../../src/http/problems/problem.ts'

/** The ends of a range as texts in a query. */
interface RangeTexts {
  readonly from?: string
  readonly after?: string
  readonly to?: string
  readonly before?: string
}

function rangeOf({ from, after, to, before }: RangeTexts): IdRange {
  const ids = new IdReader()
  return { from: ids.lower(from, after), to: ids.upper(to, before) }
}

describe('a range', () => {
  it('is open by default', () => {
    expect(rangeOf({})).toEqual({ from: MIN_ID, to: MAX_ID })
  })

  it('uses the lowest sequence number at its lower end and the highest at its upper end', () => {
    expect(rangeOf({ from: '5', to: '6' })).toEqual({
      from: entryId(5, 0),
      to: entryId(6, MAX_SEQ)
    })
  })

  it('excludes one id at an exclusive end, with the default sequence number', () => {
    expect(rangeOf({ after: '5', before: '6' })).toEqual({
      from: entryId(5, 1),
      to: entryId(6, MAX_SEQ - 1n)
    })
  })

  it('may begin after the last possible id and end before the first', () => {
    const last = '18446744073709551615-18446744073709551615'
    expect(rangeOf({ after: last, before: '0-0' })).toEqual({ from: MAX_ID + 1n, to: -1n })
  })
})

describe('the id of a new entry', () => {
  it.each([
    ['5-7', { id: entryId(5, 7) }],
    ['5', { id: entryId(5, 0) }],
    ['5-*', { idMs: 5n }],
    ['18446744073709551615-*', { idMs: MAX_SEQ }]
  ])('may be %s', (text, id) => {
    expect(new IdReader().newId(text, '')).toEqual(id)
  })

  it.each(['*', '-*', '05-*', '5-*-*', '18446744073709551616-*'])('must not be %s', (text) => {
    expect(faultsOf((ids) => ids.newId(text, '/id'))).toEqual(['/id'])
  })
})

describe('invalid ids', () => {
  it('are all reported at once, each with its pointer', () => {
    expect(faultsOf((ids) => [ids.id('x', '/lastId'), ids.ids(['1-', '5', '-1'], '/ids')])).toEqual([
      '/lastId',
      '/ids/0',
      '/ids/2'
    ])
  })

  it('are reported up to twenty', () => {
    expect(faultsOf((ids) => ids.ids(Array(1000).fill('x'), '/ids'))).toHaveLength(20)
  })

  it('are truncated if they are long', () => {
    expect(() => withIds((ids) => ids.id('9'.repeat(100_000), '/id'))).toThrow(/^.{0,300}$/s)
  })
})

function faultsOf(read: (ids: IdReader) => unknown): string[] {
  try {
    withIds(read)
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-id')
      return error.faults.map(({ pointer }) => pointer)
    throw error
  }
  return []
}
