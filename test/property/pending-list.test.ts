import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EntryId, entryId } from '../../src/contract/entry-id.ts'
import { type Consumer, newConsumer } from '../../src/embedded/core/consumer.ts'
import { PendingList, type PendingState } from '../../src/embedded/core/pending/pending-list.ts'

interface Pending {
  /** Null if it was nacked. */
  owner: Consumer | null
  deliveredAt: number
  deliveries: number
  isOrphan: boolean
}

/** What a pending list means: plain values, by the numbers of their ids. */
type Model = Map<number, Pending>

const CONSUMERS = ['ann', 'bob', 'carl'].map((name, i) =>
  newConsumer({ name, number: i + 1, seenAt: 0, activeAt: null })
)

/** A list, and its pages as a checkpoint would store them: only those that were about to change are encoded again. */
class Stored {
  readonly #changed = new Set<number>()
  readonly #pages = new Map<number, Uint8Array>()
  list = this.#newList()

  reload(): void {
    for (const page of this.#changed) {
      const bytes = this.list.encode(page)
      if (bytes === null) this.#pages.delete(page)
      else this.#pages.set(page, bytes)
    }
    this.#changed.clear()
    this.list = this.#newList()
    const pages = [...this.#pages].sort(([a], [b]) => a - b)
    this.list.load(
      pages.map(([slotPage, bytes]) => ({ slotPage, bytes })),
      (number) => CONSUMERS[number - 1] as Consumer
    )
  }

  #newList(): PendingList {
    return new PendingList((page) => this.#changed.add(page))
  }
}

/** Three ids to a millisecond, so that some differ in their sequence numbers alone. */
function idOf(key: number): EntryId {
  return entryId(Math.floor(key / 3), key % 3)
}

function statesOf(model: Model): PendingState[] {
  return [...model].sort(([a], [b]) => a - b).map(([key, value]) => ({ id: idOf(key), ...value }))
}

/** As texts, which are compared much faster than objects. */
function texts(states: readonly (PendingState | undefined)[]): string[] {
  return states
    .map(
      (state) =>
        state && `${state.id} ${state.owner?.name} ${state.deliveredAt} ${state.deliveries} ${state.isOrphan}`
    )
    .map(String)
}

const KEYS = 1500
const key = fc.nat(KEYS - 1)
const owner = fc.constantFrom(...CONSUMERS)
const time = fc.nat(50)
/** Neighbours, or every nth id, up or down: batches that leave ranges whole, and such that cut them to pieces. */
const keys = fc
  .record({ from: key, count: fc.nat(300), step: fc.constantFrom(1, 1, 1, 2, 3, 7), isDown: fc.boolean() })
  .map(({ from, count, step, isDown }) => {
    const keys = Array.from({ length: count }, (_, i) => (from + i * step) % KEYS)
    return isDown ? keys.reverse() : keys
  })

type Command = fc.Command<Model, Stored>

function command(name: string, run: (model: Model, real: Stored) => void): Command {
  return { check: () => true, run, toString: () => name }
}

const deliver = fc.tuple(keys, owner, time).map(([keys, owner, deliveredAt]) =>
  command(`deliver ${keys} to ${owner.name} at ${deliveredAt}`, (model, { list }) => {
    for (const key of keys.filter((key) => !model.has(key))) {
      list.set(idOf(key), owner, deliveredAt, 1)
      model.set(key, { owner, deliveredAt, deliveries: 1, isOrphan: false })
    }
  })
)

const claim = fc.tuple(keys, owner, time).map(([keys, owner, deliveredAt]) =>
  command(`claim ${keys} for ${owner.name} at ${deliveredAt}`, (model, { list }) => {
    for (const key of keys) {
      const pending = model.get(key)
      if (pending === undefined) continue
      const deliveries = pending.deliveries + 1
      list.set(idOf(key), owner, deliveredAt, deliveries)
      model.set(key, { ...pending, owner, deliveredAt, deliveries })
    }
  })
)

const nack = fc.tuple(keys, time).map(([keys, dueAt]) =>
  command(`nack ${keys} until ${dueAt}`, (model, { list }) => {
    for (const key of keys) {
      const pending = model.get(key)
      const deliveries = pending?.deliveries ?? 0
      list.nack(idOf(key), dueAt, deliveries)
      if (pending?.isOrphan === true) model.delete(key)
      else model.set(key, { owner: null, deliveredAt: dueAt, deliveries, isOrphan: false })
    }
  })
)

const ack = keys.map((keys) =>
  command(`ack ${keys}`, (model, { list }) => {
    expect(keys.map((key) => list.delete(idOf(key)))).toEqual(keys.map((key) => model.delete(key)))
  })
)

const deleteConsumer = owner.map((owner) =>
  command(`delete ${owner.name}`, (model, { list }) => {
    list.deleteOwnedBy(owner)
    for (const [key, pending] of model) if (pending.owner === owner) model.delete(key)
  })
)

const deleteEntries = fc.tuple(key, fc.nat(50)).map(([from, more]) =>
  command(`delete entries ${from} to ${from + more}`, (model, { list }) => {
    list.orphan({ from: idOf(from), to: idOf(from + more) })
    for (const [key, pending] of model) {
      if (key < from || key > from + more) continue
      if (pending.owner === null) model.delete(key)
      else pending.isOrphan = true
    }
  })
)

const appendAgain = keys.map((keys) =>
  command(`append ${keys} again`, (model, { list }) => {
    for (const key of keys) {
      list.adopt(idOf(key))
      const pending = model.get(key)
      if (pending !== undefined) pending.isOrphan = false
    }
  })
)

const get = keys.map((keys) =>
  command(`get ${keys}`, (model, { list }) => {
    const expected = keys.map((key) => model.get(key) && { id: idOf(key), ...(model.get(key) as Pending) })
    expect(texts(keys.map((key) => list.get(idOf(key))))).toEqual(texts(expected))
  })
)

const page = fc.tuple(key, fc.option(owner, { nil: undefined }), fc.nat(100)).map(([from, owner, count]) =>
  command(`page of ${count} from ${from} of ${owner?.name ?? 'all'}`, (model, { list }) => {
    const expected = statesOf(model).filter(
      (state) => state.id >= idOf(from) && (owner === undefined || state.owner === owner)
    )
    expect(texts(take(list.ascend(idOf(from), owner), count))).toEqual(texts(expected.slice(0, count)))
  })
)

const oldest = fc.nat(100).map((count) =>
  command(`oldest ${count}`, (model, { list }) => {
    const expected = byTime(statesOf(model))
    expect(texts(take(list.byTime(), count))).toEqual(texts(expected.slice(0, count)))
    expect(list.oldestDeliveredAt()).toBe(expected[0]?.deliveredAt ?? null)
  })
)

const sizes = fc.constant(
  command('sizes', (model, { list }) => {
    const states = statesOf(model)
    expect([list.size, list.firstId(), list.lastId()]).toEqual([
      states.length,
      states[0]?.id ?? null,
      states.at(-1)?.id ?? null
    ])
    const owned = CONSUMERS.map((consumer) => states.filter((state) => state.owner === consumer).length)
    expect(CONSUMERS.map((consumer) => list.sizeOf(consumer))).toEqual(owned)
    const nacked = states.filter(({ owner }) => owner === null)
    expect([list.nackedSize, list.ownedSize]).toEqual([nacked.length, states.length - nacked.length])
    expect(list.delayedAfter(25)).toBe(nacked.filter(({ deliveredAt }) => deliveredAt > 25).length)
  })
)

const reload = fc.constant(command('reload', (_, real) => real.reload()))

/** The whole list in all of its orders. */
function expectAll(model: Model, list: PendingList): void {
  const states = statesOf(model)
  expect(texts([...list.ascend(0n)])).toEqual(texts(states))
  for (const owner of CONSUMERS) {
    expect(texts([...list.ascend(0n, owner)])).toEqual(texts(states.filter((state) => state.owner === owner)))
  }
  expect(texts([...list.byTime()])).toEqual(texts(byTime(states)))
  const place = { at: 20, id: idOf(700) }
  const isBefore = ({ deliveredAt, id }: PendingState) =>
    deliveredAt < place.at || (deliveredAt === place.at && id < place.id)
  expect(texts([...list.byTime(place)])).toEqual(texts(byTime(states).filter((state) => !isBefore(state))))
  expect(texts([...list.orphans()])).toEqual(texts(inTime(states.filter(({ isOrphan }) => isOrphan))))
  expect(texts([...list.nacked()])).toEqual(texts(inTime(states.filter(({ owner }) => owner === null))))
}

/** Without orphans and nacked entries. */
function byTime(states: readonly PendingState[]): PendingState[] {
  return inTime(states.filter(({ owner, isOrphan }) => owner !== null && !isOrphan))
}

/** The sort is stable: entries of the same moment stay in the order of their ids. */
function inTime(states: PendingState[]): PendingState[] {
  return states.sort((a, b) => a.deliveredAt - b.deliveredAt)
}

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = []
  if (count === 0) return taken
  for (const item of items) if (taken.push(item) === count) break
  return taken
}

describe('the pending list', () => {
  it('agrees with a plain map, whatever is delivered, claimed, acked, deleted and loaded again', () => {
    const changes = [
      deliver,
      deliver,
      deliver,
      claim,
      claim,
      nack,
      nack,
      ack,
      ack,
      deleteConsumer,
      deleteEntries,
      appendAgain
    ]
    const commands = fc.commands<Model, Stored>([...changes, get, page, oldest, sizes, reload], {
      maxCommands: 40,
      size: 'max'
    })
    fc.assert(
      fc.property(commands, (commands) => {
        const real = new Stored()
        const model: Model = new Map()
        fc.modelRun(() => ({ model, real }), commands)
        expectAll(model, real.list)
      }),
      { numRuns: 100 }
    )
  })
})
