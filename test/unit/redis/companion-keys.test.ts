import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusePrefix } from '../../../src/redis/connection/companion-keys.ts'
import { Keys } from '../../../src/redis/connection/keys.ts'
import { SLOTS, slotOf } from '../../../src/redis/connection/slots.ts'

const PREFIXES = ['', 'weir:', '{all}', 'a{b}c', 'open{', 'a{b{', '}weir:', '😀:']

describe('the companion key of a stream', () => {
  it.each([
    'orders',
    '{orders}:abroad',
    'orders{}',
    '{}orders',
    '{orders',
    'orders}',
    '}{orders}',
    '{{orders}}',
    'ünï{cödé}😀'
  ])('is in the slot of the stream with any prefix: %s', (name) => {
    for (const prefix of PREFIXES) expectSameSlot(prefix, name)
  })

  it('is in the slot of the stream for any name', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '{', '}', 'é', ':'), maxLength: 12 })
    fc.assert(fc.property(text, fc.constantFrom(...PREFIXES), (name, prefix) => expectSameSlot(prefix, name)))
  })

  it('exists for every slot', () => {
    const slots = new Set<number>()
    for (let n = 0; slots.size < SLOTS; n++) {
      const slot = slotOf(`orders-${n}`)
      if (slots.has(slot)) continue
      slots.add(slot)
      expectSameSlot('', `orders-${n}`)
    }
  })

  it('keeps the tag of a name that has one', () => {
    expect(new Keys('weir:').companionOf('weir:{orders}:abroad')).toBe(
      'weir:\u0001weir:{orders}{orders}:abroad'
    )
  })

  it('is different for each stream', () => {
    const keys = new Keys('')
    const names = ['orders', 'Orders', '{orders}', 'orders}', '}orders', 'orders{}']
    expect(new Set(names.map((name) => keys.companionOf(name))).size).toBe(names.length)
  })

  it('refuses a prefix with which nothing after it decides on the slot', () => {
    for (const prefix of PREFIXES) expect(() => refusePrefix(prefix)).not.toThrow()
    expect(() => refusePrefix('a{}b')).toThrow('must not contain "{}"')
  })
})

function expectSameSlot(prefix: string, name: string): void {
  const keys = new Keys(prefix)
  const key = keys.keyOf(name)
  const companion = keys.companionOf(key)
  expect(slotOf(companion)).toBe(slotOf(key))
  expect(keys.streamOfCompanion(companion)).toBe(name)
  expect(companion.startsWith(`${prefix}\u0001weir:`)).toBe(true)
}
