import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryId } from '../../../../../src/contract/entry-id.ts'
import { type Consumer, newConsumer } from '../../../../../src/embedded/core/consumer.ts'
import { PendingList, type PendingState } from '../../../../../src/embedded/core/pending/pending-list.ts'

describe('PendingList', () => {
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

  it('reuses the slots of acked entries, so that no further pages change', () => {
    const pages = new Set<number>()
    const list = new PendingList((page) => pages.add(page))
    const ann = newConsumer({ name: 'ann', number: 1, seenAt: 0, activeAt: null })
    for (let round = 0; round < 3; round++) {
      for (let ms = 0; ms < 10_000; ms++) list.set(entryId(ms, round), ann, ms, 1)
      for (let ms = 0; ms < 10_000; ms++) list.delete(entryId(ms, round))
    }
    expect([list.size, list.sizeOf(ann), list.firstId()]).toEqual([0, 0, null])
    expect(pages.size).toBe(Math.ceil(10_000 / 64))
  })
})

interface GroupOfThree {
  list: PendingList
  consumers: Consumer[]
}

function withConsumers(list: PendingList): GroupOfThree {
  const consumers = ['ann', 'bob', 'carl'].map((name, i) => {
    return newConsumer({ name, number: i + 1, seenAt: 0, activeAt: null })
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
    [...states].map((state) => `${state.id} ${state.owner?.name} ${state.deliveredAt} ${state.isOrphan}`)
  return {
    byId: texts(list.ascend(0n)),
    byTime: texts(list.byTime()),
    own: consumers.map((consumer) => texts(list.ascend(0n, consumer)))
  }
}
