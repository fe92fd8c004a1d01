import { describe, expect, it } from 'vitest'
import { Keys, slotOf } from '../../../src/redis/connection/keys.ts'

describe('slotOf', () => {
  it.each([
    ['123456789', 12_739],
    ['orders', 105],
    ['{orders}:abroad', 105],
    ['abroad:{orders}', 105]
  ])('gives the slot that Redis gives %s', (key, slot) => {
    expect(slotOf(key)).toBe(slot)
  })

  it('takes the whole key where the braces hold nothing or do not close', () => {
    expect(slotOf('{}orders')).not.toBe(slotOf('orders'))
    expect(slotOf('{orders')).not.toBe(slotOf('orders'))
    expect(slotOf('{a}{b}')).toBe(slotOf('a'))
  })
})

describe('Keys', () => {
  it('puts the prefix before the name, and takes it away again', () => {
    const keys = new Keys('weir:')
    expect(keys.keyOf('orders')).toBe('weir:orders')
    expect(keys.streamOf('weir:orders')).toBe('orders')
  })

  it('makes a pattern of a prefix whose characters mean themselves', () => {
    expect(new Keys('w*').pattern('a[b]?\\')).toBe('w\\*a\\[b\\]\\?\\\\*')
  })
})
