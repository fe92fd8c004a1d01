import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames } from '../../../../src/semantics/name-order.ts'

describe('compareNames', () => {
  it('sorts a name before longer names that begin with it', () => {
    expect(compareNames('orders', 'orders-2')).toBeLessThan(0)
  })

  it('sorts an emoji after U+FFFD, although its first code unit is lower', () => {
    expect(compareNames('😀', '\uFFFD')).toBeGreaterThan(0)
  })

  it('sorts names like their UTF-8 bytes', () => {
    const name = fc.string({ unit: 'binary', maxLength: 4 })
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      })
    )
  })
})
