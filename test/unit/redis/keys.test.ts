import { describe, expect, it } from 'vitest'
import { Keys } from '../../../src/redis/connection/keys.ts'
import { slotOf } from '../../../src/redis/connection/slots.ts'

describe('slotOf', () => {
  it.each([
    ['123456789', 12_739],
    ['orders', 105],
    ['{orders}:abroad', 105],
    ['abroad:{orders}', 105]
  ])('returns the slot that Redis computes for %s', (key, slot) => {
    expect(slotOf(key)).toBe(slot)
  })

  it('hashes the whole key if its braces are empty or not closed', () => {
    expect(slotOf('{}orders')).not.toBe(slotOf('orders'))
    expect(slotOf('{orders')).not.toBe(slotOf('orders'))
    expect(slotOf('{a}{b}')).toBe(slotOf('a'))
  })
})

describe('Keys', () => {
  it('adds the prefix to a name and removes it from a key', () => {
    const keys = new Keys('weir:')
    expect(keys.keyOf('orders')).toBe('weir:orders')
    expect(keys.streamOf('weir:orders')).toBe('orders')
  })

  it('escapes special characters of the prefix in patterns', () => {
    expect(new Keys('w*').pattern('a[b]?\\')).toBe('w\\*a\\[b\\]\\?\\\\*')
  })
})
