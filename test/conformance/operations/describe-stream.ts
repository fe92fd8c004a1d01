import { expect } from 'vitest'
import type { GroupDescription } from '../../../src/contract/streams.ts'
import { until } from '../../support/http.ts'
import { entry, fieldsJson, idsFrom, shown } from '../fixtures.ts'
import { append, deliver, makeGroup, read } from '../requests.ts'
import type { It } from '../test-context.ts'

export function describeStream(it: It): void {
  it('shows entries, groups, consumers and pending entries', async ({
    engine,
    orders,
    billing,
    ann,
    bob
  }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await read(engine, { ...bob, count: 1 })
    await read(engine, { ...ann, count: 1 })
    await read(engine, { ...bob, after: '0-0' })
    const described = shown(await engine.describeStream({ ...orders, limit: 10 }))
    const at = expect.any(Number)
    expect(described).toEqual({
      name: orders.stream,
      length: 3,
      sizeBytes: expect.any(Number),
      firstId: '1-0',
      lastId: '3-0',
      maxDeletedId: '0-0',
      entriesAdded: 3,
      firstEntry: entry('1-0'),
      lastEntry: entry('3-0'),
      entries: [entry('1-0'), entry('2-0'), entry('3-0')],
      truncated: false,
      groups: [
        {
          name: billing.group,
          pending: 2,
          lastDeliveredId: '2-0',
          entriesRead: 2,
          lag: 1,
          pendingEntries: [
            { id: '1-0', consumer: bob.consumer, deliveredAt: at, deliveries: 2 },
            { id: '2-0', consumer: ann.consumer, deliveredAt: at, deliveries: 1 }
          ],
          consumers: [
            {
              name: ann.consumer,
              pending: 1,
              seenAt: at,
              activeAt: at,
              pendingEntries: [{ id: '2-0', deliveredAt: at, deliveries: 1 }]
            },
            {
              name: bob.consumer,
              pending: 1,
              seenAt: at,
              activeAt: at,
              pendingEntries: [{ id: '1-0', deliveredAt: at, deliveries: 2 }]
            }
          ]
        }
      ]
    })
  })

  it('cuts each list at the limit, but no count', async ({ engine, orders, billing, ann, bob }) => {
    await append(engine, orders, '1-0', '2-0', '3-0', '4-0', '5-0')
    await makeGroup(engine, billing)
    await read(engine, { ...ann, count: 3 })
    await read(engine, { ...bob, count: 1 })
    const described = shown(await engine.describeStream({ ...orders, limit: 2 }))
    expect(described.length).toBe(5)
    expect(described.entries).toEqual([entry('1-0'), entry('2-0')])
    const [group] = described.groups
    expect(group?.pending).toBe(4)
    expect(group?.pendingEntries.map(({ id }) => id)).toEqual(['1-0', '2-0'])
    const consumers = group?.consumers.map(({ pending, pendingEntries }) => [pending, pendingEntries.length])
    expect(consumers).toEqual([
      [3, 2],
      [1, 1]
    ])
  })

  it('shows when an entry was delivered and when its consumer was seen', async (context) => {
    const { engine, orders, billing, ann, elapse } = context
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await elapse(20)
    await read(engine, ann)
    const [group] = (await engine.describeStream({ ...orders, limit: 10 })).groups
    const [consumer] = group?.consumers ?? []
    const deliveredAt = group?.pendingEntries[0]?.deliveredAt ?? Number.NaN
    expect(consumer?.activeAt).toBe(deliveredAt)
    expect(consumer?.pendingEntries[0]?.deliveredAt).toBe(deliveredAt)
    expect(consumer?.seenAt).toBeGreaterThanOrEqual(deliveredAt + 20)
  })

  it('lists groups and consumers in the byte order of their names', async ({
    engine,
    orders,
    billing,
    ann
  }) => {
    const ascending = ['A', 'a', 'ab', 'b', 'é', '\uffee', '😀']
    await makeGroup(engine, { ...billing, group: 'A' })
    for (const name of [...ascending].reverse()) {
      await engine.ensureGroup({
        ...billing,
        group: name,
        after: 'last',
        createStream: false,
        onlyNew: false
      })
      await engine.ensureConsumer({ ...ann, group: 'A', consumer: name })
    }
    const { groups } = await engine.describeStream({ ...orders, limit: 10 })
    expect(groups.map(({ name }) => name)).toEqual(ascending)
    expect(groups[0]?.consumers.map(({ name }) => name)).toEqual(ascending)
  })

  it('cuts the lists of groups and consumers at the limit', async ({ engine, orders, billing, ann }) => {
    for (const name of ['a', 'b', 'c']) {
      await makeGroup(engine, { ...billing, group: name })
      await engine.ensureConsumer({ ...ann, group: 'a', consumer: name })
    }
    const { groups } = await engine.describeStream({ ...orders, limit: 2 })
    expect(groups.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(groups[0]?.consumers.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('cuts all lists together at 5000 items, and sets truncated', async ({
    engine,
    orders,
    billing,
    ann,
    bob
  }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    await append(engine, orders, ...idsFrom(1001, 1200))
    for (const group of ['a', 'b', 'c']) {
      await makeGroup(engine, { ...billing, group })
      await read(engine, { ...ann, group, count: 1000 })
      await engine.ensureConsumer({ ...bob, group })
    }
    const described = await engine.describeStream({ ...orders, limit: 1000 })
    expect(described.truncated).toBe(true)
    expect(described.entries).toHaveLength(1000)
    expect(described.groups.map(itemsOf)).toEqual([
      [1000, [1000, 0]],
      [1000, [995]]
    ])
    const shorter = await engine.describeStream({ ...orders, limit: 200 })
    expect(shorter.truncated).toBe(false)
    expect(shorter.groups.map(itemsOf)).toEqual(Array(3).fill([200, [200, 0]]))
  })

  it('cuts nothing below 5000 items when entries were returned to its groups', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await append(engine, orders, ...idsFrom(1, 1000))
    for (const group of ['a', 'b']) {
      await makeGroup(engine, { ...billing, group })
      const delivery = await deliver(engine, { ...bob, group, count: 2 })
      delivery.undo()
      await until(async () => (await engine.getGroup({ ...billing, group })).pending === 0)
      await read(engine, { ...ann, group, count: 998 })
    }
    const described = await engine.describeStream({ ...orders, limit: 1000 })
    expect(described.groups.map(itemsOf)).toEqual(Array(2).fill([998, [998, 0]]))
    expect(described.truncated).toBe(false)
    expect(described.groups.map(({ pending, lag }) => [pending, lag])).toEqual(Array(2).fill([998, 2]))
  })

  it('cuts the list of groups when their consumers exceed 5000 items', async ({
    engine,
    orders,
    billing,
    ann
  }) => {
    for (let group = 0; group < 6; group++) {
      await makeGroup(engine, { ...billing, group: `${group}` })
      const created = Array.from({ length: 1000 }, (_, n) =>
        engine.ensureConsumer({ ...ann, group: `${group}`, consumer: `c${n}` })
      )
      await Promise.all(created)
    }
    const { groups, truncated } = await engine.describeStream({ ...orders, limit: 1000 })
    expect(truncated).toBe(true)
    expect(groups.map(({ consumers }) => consumers.length)).toEqual([1000, 1000, 1000, 1000, 995])
  })

  it('cuts the entries at the size limit of an answer, and sets truncated', async ({ engine, orders }) => {
    const fields = fieldsJson({ text: 'x'.repeat(5 << 20) })
    for (let n = 0; n < 4; n++) {
      await engine.appendEntries({ ...orders, createStream: true, entries: [{ fields }] })
    }
    const described = await engine.describeStream({ ...orders, limit: 10 })
    expect([described.length, described.entries.length, described.truncated]).toEqual([4, 1, true])
    const one = await engine.describeStream({ ...orders, limit: 1 })
    expect([one.entries.length, one.truncated]).toEqual([1, false])
  })
}

/** The number of pending entries that are listed of a group, and of each of its consumers. */
function itemsOf({ pendingEntries, consumers }: GroupDescription): [number, number[]] {
  return [pendingEntries.length, consumers.map((consumer) => consumer.pendingEntries.length)]
}
