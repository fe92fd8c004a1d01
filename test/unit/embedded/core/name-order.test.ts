import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames } from '../../../../src/semantics/name-order.ts'

describe('compareNames', () => {
  it('puts a name before those it begins', () => {
    expect(compareNames('orders', 'orders-2')).toBeLessThan(0)
  })

  it('puts an emoji after U+FFFD, though its first code unit is lower', () => {
    expect(compareNames('😀', '\uFFFD')).toBeGreaterThan(0)
  })

  it('orders as the bytes of UTF-8 do', () => {
    const name = fc.string({ unit: 'binary', maxLength: 4 })
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      })
    )
  })
})
