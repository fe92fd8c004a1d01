import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Consumer } from '../../../../src/embedded/core/consumer.ts'
import { PendingList } from '../../../../src/embedded/core/pending.ts'
import { entryId } from '../../../../src/entry-id.ts'

interface Model {
  owner: number
  deliveredAt: number
  orphan: boolean
}

describe('PendingList', () => {
  it('agrees with a plain map in all three orders, whatever happens to it', () => {
    const at = fc.nat(20)
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('set'), at, owner: fc.nat(2), time: fc.nat(5) }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('delete'), at, owner: fc.nat(2), time: fc.nat(5) })
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('orphan'), at, owner: fc.nat(2), time: fc.nat(5) })
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('adopt'), at, owner: fc.nat(2), time: fc.nat(5) })
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('drop'), at, owner: fc.nat(2), time: fc.nat(5) }) }
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const list = new PendingList(() => {})
        const consumers = ['ann', 'bob', 'carl'].map(
          (name, number): Consumer => ({
            name,
            number,
            seenAt: 0,
            activeAt: null,
            pending: list.newOwnList()
          })
        )
        const model = new Map<number, Model>()
        for (const { do: what, at, owner, time } of steps) {
          const consumer = consumers[owner] as Consumer
          if (what === 'set') {
            list.set(entryId(at, 1), consumer, time, 1)
            model.set(at, { owner, deliveredAt: time, orphan: model.get(at)?.orphan ?? false })
          } else if (what === 'delete') {
            expect(list.delete(entryId(at, 1))).toBe(model.delete(at))
          } else if (what === 'orphan') {
            list.orphan({ from: entryId(at, 0), to: entryId(at + 2, 0) })
            for (const [key, value] of model) if (key >= at && key < at + 2) value.orphan = true
          } else if (what === 'adopt') {
            list.adopt(entryId(at, 1))
            const adopted = model.get(at)
            if (adopted !== undefined) adopted.orphan = false
          } else {
            list.deleteOwnedBy(consumer)
            for (const [key, value] of model) if (value.owner === owner) model.delete(key)
          }
        }
        const sorted = [...model].sort(([a], [b]) => a - b)
        const ids = (states: Iterable<{ id: bigint }>) => [...states].map(({ id }) => Number(id >> 64n))
        expect(ids(list.ascend(0n))).toEqual(sorted.map(([key]) => key))
        for (const [index, consumer] of consumers.entries()) {
          const own = sorted.filter(([, value]) => value.owner === index).map(([key]) => key)
          expect(ids(list.ascend(0n, consumer))).toEqual(own)
        }
        const byTime = sorted
          .filter(([, value]) => !value.orphan)
          .sort(([a, left], [b, right]) => left.deliveredAt - right.deliveredAt || a - b)
        expect(ids(list.byTime())).toEqual(byTime.map(([key]) => key))
        expect(list.oldestDeliveredAt()).toBe(byTime[0]?.[1].deliveredAt ?? null)
        expect(list.size).toBe(model.size)
      })
    )
  })

  it('uses the space of what was acked again', () => {
    const list = new PendingList(() => {})
    const ann: Consumer = { name: 'ann', number: 1, seenAt: 0, activeAt: null, pending: list.newOwnList() }
    for (let round = 0; round < 3; round++) {
      for (let ms = 0; ms < 10_000; ms++) list.set(entryId(ms, round), ann, ms, 1)
      for (let ms = 0; ms < 10_000; ms++) list.delete(entryId(ms, round))
    }
    expect([list.size, ann.pending.size, list.firstId()]).toEqual([0, 0, null])
  })
})
