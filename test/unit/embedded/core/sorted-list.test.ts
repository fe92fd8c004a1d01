import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedList } from '../../../../src/embedded/core/sorted-list.ts'

const from = (bound: number) => (item: number) => item - bound

describe('SortedList', () => {
  const numbers = () => new SortedList<number>((a, b) => a - b)

  it('keeps its items in order, whatever the order of additions', () => {
    const list = numbers()
    for (const item of [3, 1, 2]) list.add(item)
    expect([...list.ascend()]).toEqual([1, 2, 3])
    expect([list.first(), list.last(), list.size]).toEqual([1, 3, 3])
  })

  it('ascends from a position with or without an item', () => {
    const list = numbers()
    for (const item of [10, 20, 30]) list.add(item)
    expect([...list.ascend(from(20))]).toEqual([20, 30])
    expect([...list.ascend(from(21))]).toEqual([30])
    expect([...list.ascend(from(31))]).toEqual([])
  })

  it('returns whether it deleted an item', () => {
    const list = numbers()
    list.add(1)
    expect(list.delete(2)).toBe(false)
    expect(list.delete(1)).toBe(true)
    expect(list.delete(1)).toBe(false)
    expect(list.first()).toBeUndefined()
  })

  it('behaves like a sorted array, across many runs', () => {
    // Many items are close together, so that their run is split or removed.
    const item = fc.oneof(fc.nat(3000), fc.integer({ min: 1000, max: 1300 }))
    const steps = fc.array(fc.record({ add: fc.boolean(), item }), { maxLength: 500, size: 'max' })
    fc.assert(
      fc.property(steps, fc.nat(3000), (steps, bound) => {
        const list = numbers()
        const model = new Set<number>()
        for (let item = 0; item < 3000; item += 2) {
          list.add(item)
          model.add(item)
        }
        for (const { add, item } of steps) {
          if (!add) expect(list.delete(item)).toBe(model.delete(item))
          else if (!model.has(item)) {
            list.add(item)
            model.add(item)
          }
        }
        const sorted = [...model].sort((a, b) => a - b)
        expect([...list.ascend()]).toEqual(sorted)
        expect([...list.ascend(from(bound))]).toEqual(sorted.filter((item) => item >= bound))
        expect(list.find(from(bound))).toBe(model.has(bound) ? bound : undefined)
        expect(list.atOrAfter(from(bound))).toBe(sorted.find((item) => item >= bound))
        expect(list.atOrBefore(from(bound))).toBe(sorted.findLast((item) => item <= bound))
        expect([list.first(), list.last()]).toEqual([sorted[0], sorted.at(-1)])
        expect(list.size).toBe(model.size)
      }),
      { numRuns: 50 }
    )
  })
})
