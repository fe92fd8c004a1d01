import { expect } from 'vitest'
import {
  codeOfRefused,
  delivered,
  entry,
  ids,
  idsFrom,
  LONG_MS,
  parked,
  refusal,
  shown,
  stateOf
} from '../fixtures.ts'
import { append, consumersOf, deliver, groupsOf, list, makeGroup, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

/** `ensureStream`, `getStream` and `deleteStream`. */
export function streams(it: It): void {
  it('create an empty stream', async ({ engine, orders }) => {
    const empty = {
      name: orders.stream,
      length: 0,
      sizeBytes: expect.any(Number),
      firstId: null,
      lastId: '0-0',
      maxDeletedId: '0-0',
      entriesAdded: 0,
      groups: 0,
      firstEntry: null,
      lastEntry: null
    }
    const created = await engine.ensureStream({ ...orders, onlyNew: false })
    expect(shown(created)).toEqual({ created: true, ...empty })
    expect(shown(await engine.getStream(orders))).toEqual(empty)
  })

  it('leave an existing stream as it is', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    const before = await stateOf(engine, orders)
    const found = await engine.ensureStream({ ...orders, onlyNew: false })
    expect(shown(found)).toMatchObject({ created: false, length: 1, lastId: '1-0', groups: 1 })
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('refuse to create an existing stream with onlyNew', async ({ engine, orders }) => {
    expect((await engine.ensureStream({ ...orders, onlyNew: true })).created).toBe(true)
    const again = () => engine.ensureStream({ ...orders, onlyNew: true })
    expect(await refusal(engine, orders, again)).toBe('stream-exists')
  })

  it('show the first and the last entry', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    expect(shown(await engine.getStream(orders))).toEqual({
      name: orders.stream,
      length: 3,
      sizeBytes: expect.any(Number),
      firstId: '1-0',
      lastId: '3-0',
      maxDeletedId: '0-0',
      entriesAdded: 3,
      groups: 1,
      firstEntry: entry('1-0'),
      lastEntry: entry('3-0')
    })
  })

  it('report a size that grows with appends and shrinks with trims and deletions', async ({
    engine,
    orders
  }) => {
    const sizes: number[] = []
    const recordSize = async () => {
      const { sizeBytes } = await engine.getStream(orders)
      const { streams } = await engine.listStreams({ prefix: orders.stream, limit: 1 })
      const described = await engine.describeStream({ ...orders, limit: 1 })
      expect([streams[0]?.sizeBytes, described.sizeBytes]).toEqual([sizeBytes, sizeBytes])
      sizes.push(sizeBytes)
    }
    await append(engine, orders, ...idsFrom(1, 1000))
    await recordSize()
    await append(engine, orders, ...idsFrom(1001, 2000))
    await recordSize()
    await engine.trimStream({ ...orders, trim: { maxLength: 500, approximate: false } })
    await recordSize()
    await engine.deleteEntries({ ...orders, ids: ids(...idsFrom(1501, 2000)) })
    await recordSize()
    const [first = 0, grown = 0, trimmed = 0, emptied = 0] = sizes
    expect(first).toBeGreaterThan(1000)
    expect(grown).toBeGreaterThan(1.5 * first)
    expect(trimmed).toBeLessThan(first)
    expect(emptied).toBeLessThan(trimmed)
  })

  it('delete a stream with its entries and groups', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await engine.deleteStream(orders)
    expect(await codeOfRefused(engine.getStream(orders))).toBe('stream-not-found')
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await list(engine, orders)).toEqual([])
    expect(await groupsOf(engine, orders)).toEqual([])
    await makeGroup(engine, billing)
    expect(await pending(engine, billing)).toEqual([])
    expect(shown(await engine.getStream(orders))).toMatchObject({ lastId: '0-0', entriesAdded: 0 })
  })

  it('leave other streams alone when one is deleted', async ({ engine, orders }) => {
    const abroad = { stream: `${orders.stream}-abroad` }
    await append(engine, orders, '1-0')
    await append(engine, abroad, '1-0')
    await engine.deleteStream(orders)
    expect(await list(engine, abroad)).toEqual([entry('1-0')])
  })

  it('refuse the readers that wait on a deleted stream', async ({ engine, orders, billing, ann, bob }) => {
    await makeGroup(engine, billing)
    const readers = [
      await parked<unknown>(engine, () => list(engine, { ...orders, waitMs: LONG_MS })),
      await parked<unknown>(engine, () => deliver(engine, { ...ann, waitMs: LONG_MS })),
      await parked<unknown>(engine, () => deliver(engine, { ...bob, waitMs: LONG_MS, claimIdleMs: 10_000 }))
    ]
    const codes = Promise.all(readers.map(({ answer }) => codeOfRefused(answer)))
    await engine.deleteStream(orders)
    expect(await codes).toEqual(['stream-not-found', 'stream-not-found', 'stream-not-found'])
    expect((await engine.status()).waiting).toBe(0)
  })

  it('accept any name for streams, groups and consumers', async ({ engine, ann }) => {
    const names = [
      '__proto__',
      'constructor',
      'a/b',
      '{a}b',
      '}{',
      ' ',
      '"',
      '*',
      '0-0',
      '😀',
      'é'.repeat(256)
    ]
    for (const name of names) {
      const reader = { stream: name, group: name, consumer: name }
      await append(engine, reader, '1-0')
      await makeGroup(engine, reader)
      expect(await read(engine, reader)).toEqual([delivered('1-0')])
      expect(await pending(engine, reader)).toEqual([{ id: '1-0', consumer: name, deliveries: 1 }])
      expect(await read(engine, { ...ann, stream: name, group: name })).toEqual([])
      expect((await consumersOf(engine, reader)).map((one) => one.name).sort()).toEqual(
        [ann.consumer, name].sort()
      )
    }
    const { streams } = await engine.listStreams({ prefix: '', limit: 100 })
    expect(streams.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
  })

  it('refuse a stream that does not exist', async ({ engine, orders }) => {
    expect(await refusal(engine, orders, () => engine.getStream(orders))).toBe('stream-not-found')
    expect(await refusal(engine, orders, () => engine.deleteStream(orders))).toBe('stream-not-found')
    const described = () => engine.describeStream({ ...orders, limit: 10 })
    expect(await refusal(engine, orders, described)).toBe('stream-not-found')
  })
}
