import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstOf, isContinued, lastOf, rangeOf } from '../../../../../src/embedded/core/pending/slot-range.ts'

const MOST_FIRST = 2 ** 30 - 1
const MOST_JOINED = 2 ** 22

describe('a range of slots', () => {
  it('has its first and last slot, and is not an integer', () => {
    const first = fc.oneof(fc.integer({ min: 0, max: MOST_FIRST }), fc.constantFrom(0, MOST_FIRST))
    const more = fc.oneof(fc.nat(2 * MOST_JOINED - 2), fc.constantFrom(0, 2 * MOST_JOINED - 2))
    fc.assert(
      fc.property(first, more, (first, more) => {
        const range = rangeOf(first, first + more)
        expect([firstOf(range), lastOf(range), Number.isInteger(range)]).toEqual([first, first + more, false])
      }),
      { numRuns: 1000 }
    )
  })

  it('is continued by the range that begins right after it', () => {
    expect(isContinued(rangeOf(3, 5), rangeOf(6, 6))).toBe(true)
    expect(isContinued(rangeOf(3, 5), rangeOf(5, 6))).toBe(false)
    expect(isContinued(rangeOf(3, 5), rangeOf(7, 7))).toBe(false)
    expect(isContinued(rangeOf(6, 6), rangeOf(3, 5))).toBe(false)
  })

  it('is continued as long as one number has room for what may be on both of its sides', () => {
    const [first, last] = [1000, 1000 + MOST_JOINED - 2]
    const range = rangeOf(first, last)
    expect(isContinued(range, rangeOf(last + 1, last + 1))).toBe(true)
    expect(isContinued(range, rangeOf(last + 1, last + 2))).toBe(false)
    const between = rangeOf(last + 1, last + 1)
    const next = rangeOf(last + 2, last + MOST_JOINED)
    expect(isContinued(between, next)).toBe(true)
    const all = rangeOf(first, lastOf(next))
    expect([firstOf(all), lastOf(all)]).toEqual([first, lastOf(next)])
  })
})
