import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  entryId,
  formatId,
  idMs,
  idSeq,
  MAX_ID,
  MAX_SEQ,
  MIN_ID,
  nextId,
  parseId
} from '../../src/contract/entry-id.ts'

const u64 = fc.bigInt(0n, MAX_SEQ)

describe('parseId', () => {
  it('parses milliseconds and sequence number', () => {
    const id = parseId('1526919030474-55')
    expect(id).toBe(entryId(1526919030474, 55))
    expect(id !== null && [idMs(id), idSeq(id)]).toEqual([1526919030474n, 55n])
  })

  it('uses 0 or the default of the caller for a missing sequence number', () => {
    expect(parseId('5')).toBe(entryId(5, 0))
    expect(parseId('5', MAX_SEQ)).toBe(entryId(5, MAX_SEQ))
  })

  it('accepts the whole unsigned 64-bit range and nothing beyond', () => {
    expect(parseId('18446744073709551615-18446744073709551615')).toBe(MAX_ID)
    expect(parseId('0-0')).toBe(MIN_ID)
    expect(parseId('18446744073709551616')).toBeNull()
    expect(parseId('0-18446744073709551616')).toBeNull()
  })

  it.each([
    '',
    '-',
    '1-',
    '-1',
    '01-1',
    '1-01',
    '+1-1',
    ' 1-1',
    '1-1 ',
    '1-1-1',
    '1-*',
    '*',
    '$',
    '0x1',
    '1e3',
    '１-1'
  ])('refuses %j', (text) => {
    expect(parseId(text)).toBeNull()
  })

  it('parses what formatId formats', () => {
    fc.assert(
      fc.property(u64, u64, (ms, seq) => {
        expect(parseId(formatId(entryId(ms, seq)))).toBe(entryId(ms, seq))
      })
    )
  })
})

describe('the order of ids', () => {
  it('is the order of milliseconds and then of sequence numbers', () => {
    fc.assert(
      fc.property(u64, u64, u64, u64, (ms, seq, otherMs, otherSeq) => {
        const isBelow = ms < otherMs || (ms === otherMs && seq < otherSeq)
        expect(entryId(ms, seq) < entryId(otherMs, otherSeq)).toBe(isBelow)
      })
    )
  })
})

describe('nextId', () => {
  it('is the first id of the millisecond when time has passed', () => {
    expect(nextId(entryId(5, 3), 6)).toBe(entryId(6, 0))
  })

  it('is the next sequence number within a millisecond', () => {
    expect(nextId(entryId(5, 3), 5)).toBe(entryId(5, 4))
  })

  it('is never smaller when the clock goes back', () => {
    expect(nextId(entryId(5, 3), 4)).toBe(entryId(5, 4))
  })

  it('is in the next millisecond when the sequence numbers are exhausted', () => {
    expect(nextId(entryId(5, MAX_SEQ), 5)).toBe(entryId(6, 0))
  })
})
