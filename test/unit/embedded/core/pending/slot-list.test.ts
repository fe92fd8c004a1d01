import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotList } from '../../../../../src/embedded/core/pending/slot-list.ts'
import { rangeOf } from '../../../../../src/embedded/core/pending/slot-range.ts'

const SLOTS = 3000

/** Slots in the order of their keys, which are all different. */
function slotsBy(keys: readonly number[]): SlotList {
  return new SlotList({
    compare: (a, b) => keyOf(keys, a) - keyOf(keys, b),
    // Neighbours have the same rank.
    rank: (slot) => Math.floor(keyOf(keys, slot) / 16)
  })
}

function keyOf(keys: readonly number[], slot: number): number {
  return keys[slot] as number
}

/** Each slot with its own number as its key. */
const AS_NUMBERED = Array.from({ length: SLOTS }, (_, slot) => slot)
/** Every third slot has another key, so that many ranges contain one or two slots. */
const SHUFFLED_THIRDS = AS_NUMBERED.map((slot) => (slot % 3 === 0 ? (slot * 7) % SLOTS : slot))

const ORDERS = fc.constantFrom(
  AS_NUMBERED,
  AS_NUMBERED.toReversed(),
  SHUFFLED_THIRDS,
  // Blocks of a hundred slots, the last block first.
  AS_NUMBERED.map((slot) => (SLOTS / 100 - 1 - Math.floor(slot / 100)) * 100 + (slot % 100))
)

const SLOT = fc.nat(SLOTS - 1)

/** Single slots, and many consecutive ones in either direction, as batches are claimed and acked. */
const STEPS = fc.array(
  fc.record({
    add: fc.boolean(),
    first: fc.oneof(SLOT, fc.integer({ min: 1000, max: 1300 })),
    length: fc.oneof(fc.constant(1), fc.nat(150)),
    isDown: fc.boolean()
  }),
  { maxLength: 300, size: 'max' }
)

describe('SlotList', () => {
  it('adds a range where it belongs, and slot by slot if others belong in between', () => {
    const list = slotsBy([0, 1, 2, 3, 14, 13, 7, 8, 9, 10, 12, 5, 11])
    for (const [first, last, slots] of [
      [1, 3, [1, 2, 3]],
      [5, 5, [1, 2, 3, 5]],
      [6, 7, [1, 2, 3, 6, 7, 5]],
      [0, 0, [0, 1, 2, 3, 6, 7, 5]],
      [12, 12, [0, 1, 2, 3, 6, 7, 12, 5]],
      [8, 10, [0, 1, 2, 3, 6, 7, 8, 9, 12, 10, 5]],
      [4, 4, [0, 1, 2, 3, 6, 7, 8, 9, 12, 10, 5, 4]]
    ] as const) {
      list.addRange(rangeOf(first, last))
      expect([...list.ascend()]).toEqual(slots)
      expect([list.first(), list.last(), list.size]).toEqual([slots[0], slots.at(-1), slots.length])
    }
  })

  it('accepts ranges in any order', () => {
    const firsts = fc.uniqueArray(fc.nat(SLOTS / 5 - 1), { maxLength: 200, size: 'max' })
    fc.assert(
      fc.property(ORDERS, firsts, fc.integer({ min: 1, max: 5 }), (keys, firsts, length) => {
        const list = slotsBy(keys)
        const slots: number[] = []
        for (const first of firsts) {
          const range = Array.from({ length }, (_, i) => 5 * first + i)
          const isOrdered = range.every((slot, i) => i === 0 || keyOf(keys, slot - 1) < keyOf(keys, slot))
          if (isOrdered) list.addRange(rangeOf(5 * first, 5 * first + length - 1))
          else for (const slot of range) list.add(slot)
          slots.push(...range)
        }
        const sorted = slots.toSorted((a, b) => keyOf(keys, a) - keyOf(keys, b))
        expect([...list.ascend()]).toEqual(sorted)
        expect([list.first(), list.last(), list.size]).toEqual([sorted[0], sorted.at(-1), sorted.length])
      }),
      { numRuns: 50 }
    )
  })

  it('behaves like a sorted array, across many runs', () => {
    fc.assert(
      fc.property(ORDERS, STEPS, SLOT, (keys, steps, key) => {
        const list = slotsBy(keys)
        const model = new Set<number>()
        for (const { add, first, length, isDown } of [
          { add: true, first: 0, length: 2000, isDown: false },
          ...steps
        ]) {
          for (let i = 0; i < length; i++) {
            const slot = isDown ? first - i : first + i
            if (slot < 0 || slot >= SLOTS) break
            if (add === model.has(slot)) continue
            if (add) list.add(slot)
            else list.delete(slot)
            if (add) model.add(slot)
            else model.delete(slot)
          }
        }
        const sorted = [...model].sort((a, b) => keyOf(keys, a) - keyOf(keys, b))
        const isBefore = (slot: number) => keyOf(keys, slot) < keyOf(keys, key)
        expect([...list.ascend()]).toEqual(sorted)
        expect([...list.ascend(key)]).toEqual(sorted.filter((slot) => !isBefore(slot)))
        expect(list.find(key)).toBe(model.has(key) ? key : undefined)
        expect([list.first(), list.last(), list.size]).toEqual([sorted[0], sorted.at(-1), model.size])
      }),
      { numRuns: 100 }
    )
  })
})
