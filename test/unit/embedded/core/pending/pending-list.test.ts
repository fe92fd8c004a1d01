import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryId } from '../../../../../src/contract/entry-id.ts'
import { type Consumer, newConsumer } from '../../../../../src/embedded/core/consumer.ts'
import { PendingList, type PendingState } from '../../../../../src/embedded/core/pending/pending-list.ts'

interface Model {
  owner: number
  deliveredAt: number
  orphan: boolean
}

describe('PendingList', () => {
  it('agrees with a plain map in all three orders after any operations', () => {
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
        const { list, consumers } = groupOfThree()
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

  it('is loaded from its slot pages unchanged, also after slots were reused', () => {
    const batch = fc.record({
      do: fc.constantFrom('deliver', 'deliver', 'claim', 'ack', 'orphan'),
      from: fc.nat(400),
      length: fc.integer({ min: 1, max: 90 }),
      owner: fc.nat(2),
      time: fc.nat(5)
    })
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 30 }), (batches) => {
        const { list, consumers, load } = groupOfThree()
        for (const [turn, { do: what, from, length, owner, time }] of batches.entries()) {
          const ids = Array.from({ length }, (_, i) => entryId(from + i, 0))
          if (what === 'orphan') list.orphan({ from: ids[0] as bigint, to: ids.at(-1) as bigint })
          for (const id of what === 'orphan' ? [] : ids) {
            const isPending = list.get(id) !== undefined
            if (what === 'ack') list.delete(id)
            else if (isPending === (what === 'claim'))
              list.set(id, consumers[owner] as Consumer, time + turn, 1)
          }
        }
        const slotPages = Array.from({ length: 8 }, (_, slotPage) => ({
          slotPage,
          bytes: list.encode(slotPage)
        }))
        const loaded = load(slotPages.filter(isStored))
        expect(ordersOf(loaded)).toEqual(ordersOf({ list, consumers }))
        // Free slots are free again.
        const ann = loaded.consumers[0] as Consumer
        for (let ms = 1000; ms < 1200; ms++) loaded.list.set(entryId(ms, 0), ann, ms, 1)
        expect(loaded.list.size).toBe(list.size + 200)
        expect(ordersOf(loaded).byId.slice(0, list.size)).toEqual(ordersOf({ list, consumers }).byId)
      }),
      { numRuns: 100 }
    )
  })

  it('refuses a slot page with slots of another page', () => {
    const { list, consumers, load } = groupOfThree()
    for (let ms = 0; ms < 3; ms++) list.set(entryId(ms, 0), consumers[0] as Consumer, ms, 1)
    const bytes = list.encode(0) as Uint8Array
    const addressAt = (slot: number) => slot * (bytes.length / 3) + 36
    for (const [slot, address] of [
      [2, 64],
      [2, 1],
      [0, 2]
    ] as const) {
      const altered = new Uint8Array(bytes)
      altered[addressAt(slot)] = address
      expect(() => load([{ slotPage: 0, bytes: altered }])).toThrow(RangeError)
    }
    expect(load([{ slotPage: 0, bytes }]).list.size).toBe(3)
  })

  it('reuses the space of acked entries', () => {
    const list = new PendingList(() => {})
    const ann = newConsumer({ name: 'ann', number: 1, seenAt: 0, activeAt: null }, list.newOwnList())
    for (let round = 0; round < 3; round++) {
      for (let ms = 0; ms < 10_000; ms++) list.set(entryId(ms, round), ann, ms, 1)
      for (let ms = 0; ms < 10_000; ms++) list.delete(entryId(ms, round))
    }
    expect([list.size, ann.pending.size, list.firstId()]).toEqual([0, 0, null])
  })
})

interface GroupOfThree {
  list: PendingList
  consumers: Consumer[]
}

function withConsumers(list: PendingList): GroupOfThree {
  const consumers = ['ann', 'bob', 'carl'].map((name, i) => {
    return newConsumer({ name, number: i + 1, seenAt: 0, activeAt: null }, list.newOwnList())
  })
  return { list, consumers }
}

/** A pending list with three consumers, and a function that loads another one from slot pages. */
function groupOfThree() {
  const load = (slotPages: { slotPage: number; bytes: Uint8Array }[]): GroupOfThree => {
    const { list, consumers } = withConsumers(new PendingList(() => {}))
    list.load(slotPages, (number) => consumers[number - 1] as Consumer)
    return { list, consumers }
  }
  return { ...withConsumers(new PendingList(() => {})), load }
}

function isStored(stored: { slotPage: number; bytes: Uint8Array | null }): stored is {
  slotPage: number
  bytes: Uint8Array
} {
  return stored.bytes !== null
}

function ordersOf({ list, consumers }: GroupOfThree) {
  const texts = (states: Iterable<PendingState>) =>
    [...states].map((state) => `${state.id} ${state.owner.name} ${state.deliveredAt} ${state.isOrphan}`)
  return {
    byId: texts(list.ascend(0n)),
    byTime: texts(list.byTime()),
    own: consumers.map((consumer) => texts(list.ascend(0n, consumer)))
  }
}
