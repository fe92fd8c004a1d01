import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotList } from '../../../../../src/embedded/core/pending/slot-list.ts'

const SLOTS = 3000

/** Slots in the order of their keys, which are all different. */
function slotsBy(keys: readonly number[]): SlotList {
  const keyOf = (slot: number) => keys[slot] as number
  return new SlotList({
    compare: (a, b) => keyOf(a) - keyOf(b),
    // Neighbours have the same rank.
    rank: (slot) => Math.floor(keyOf(slot) / 16)
  })
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
  it('is extended only by slots after all others', () => {
    const list = slotsBy([0, 1, 2, 3, 6, 5, 4])
    for (const [first, last, fits] of [
      [0, 1, true],
      [1, 2, false],
      [3, 3, true],
      [2, 2, false],
      [6, 6, true],
      [5, 5, true],
      [4, 4, true]
    ] as const) {
      expect(list.extend(first, last)).toBe(fits)
    }
    expect([...list.ascend()]).toEqual([0, 1, 3, 6, 5, 4])
    expect([list.first(), list.last(), list.size]).toEqual([0, 4, 6])
  })

  it('accepts any number of slots in any order', () => {
    const slots = fc.uniqueArray(SLOT, { maxLength: 500, size: 'max' })
    fc.assert(
      fc.property(ORDERS, slots, fc.nat(500), (keys, slots, cut) => {
        const list = slotsBy(keys)
        list.addAll(slots.slice(0, cut))
        list.addAll(slots.slice(cut))
        const sorted = slots.toSorted((a, b) => (keys[a] as number) - (keys[b] as number))
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
            if (!add) expect(list.delete(slot)).toBe(model.delete(slot))
            else if (!model.has(slot)) {
              list.add(slot)
              model.add(slot)
            }
          }
        }
        const sorted = [...model].sort((a, b) => (keys[a] as number) - (keys[b] as number))
        const from = (slot: number) => (keys[slot] as number) - key
        const at = { probe: from, rank: Math.floor(key / 16) }
        expect([...list.ascend()]).toEqual(sorted)
        expect([...list.ascend(at)]).toEqual(sorted.filter((slot) => from(slot) >= 0))
        expect(list.find(at)).toBe(sorted.find((slot) => from(slot) === 0))
        expect([list.first(), list.last(), list.size]).toEqual([sorted[0], sorted.at(-1), model.size])
      }),
      { numRuns: 100 }
    )
  })
})
