import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { StreamRef } from '../../../src/contract/refs.ts'
import { delivered, entry, id, idsFrom, idsOf, refusal, shown, stateOf } from '../fixtures.ts'
import { append, list, makeGroup, pending, read } from '../requests.ts'
import type { It } from '../test-context.ts'

export function deleteEntries(it: It): void {
  it('deletes existing entries and lists the ids of the others', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    const answer = await remove(engine, orders, '3-0', '9-0', '1-0', '1-1')
    expect(answer).toEqual({ deleted: 2, notFound: ['9-0', '1-1'] })
    expect(idsOf(await list(engine, orders))).toEqual(['2-0'])
  })

  it('counts a repeated id once', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    const answer = await remove(engine, orders, '2-0', '9-0', '2-0', '9-0')
    expect(answer).toEqual({ deleted: 1, notFound: ['9-0'] })
    expect(await remove(engine, orders, '2-0')).toEqual({ deleted: 0, notFound: ['2-0'] })
  })

  it('deletes a thousand entries in any order', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    await append(engine, orders, '1001-0')
    expect(await remove(engine, orders, ...idsFrom(1, 1000).reverse())).toEqual({
      deleted: 1000,
      notFound: []
    })
    expect(idsOf(await list(engine, orders))).toEqual(['1001-0'])
  })

  it('sets maxDeletedId to the highest id that was ever deleted', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 5))
    await remove(engine, orders, '2-0', '4-0', '3-0')
    expect(shown(await engine.getStream(orders)).maxDeletedId).toBe('4-0')
    await remove(engine, orders, '1-0')
    expect(shown(await engine.getStream(orders)).maxDeletedId).toBe('4-0')
  })

  it('changes nothing for ids without an entry', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '5-0')
    const before = await stateOf(engine, orders)
    expect(await remove(engine, orders, '0-0', '3-0', '9-0')).toEqual({
      deleted: 0,
      notFound: ['0-0', '3-0', '9-0']
    })
    expect(await stateOf(engine, orders)).toEqual(before)
  })

  it('changes neither lastId nor entriesAdded', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await remove(engine, orders, '1-0', '3-0')
    expect(shown(await engine.getStream(orders))).toMatchObject({
      length: 1,
      firstId: '2-0',
      lastId: '3-0',
      entriesAdded: 3,
      firstEntry: entry('2-0'),
      lastEntry: entry('2-0')
    })
  })

  it('keeps a stream that it empties', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    await remove(engine, orders, '1-0')
    expect(shown(await engine.getStream(orders))).toMatchObject({
      length: 0,
      firstId: null,
      lastId: '1-0',
      maxDeletedId: '1-0',
      entriesAdded: 1,
      firstEntry: null,
      lastEntry: null
    })
    expect(await append(engine, orders, '2-0')).toEqual(['2-0'])
    expect(idsOf(await list(engine, orders))).toEqual(['2-0'])
  })

  it('leaves deleted entries pending, which are then delivered without fields', async (context) => {
    const { engine, orders, billing, ann } = context
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await read(engine, ann)
    await remove(engine, orders, '1-0')
    expect(idsOf(await pending(engine, billing))).toEqual(['1-0', '2-0'])
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([
      { id: '1-0', fields: null, deliveries: 1 },
      delivered('2-0', 2)
    ])
  })

  it('prevents the delivery of new entries that it deletes', async ({ engine, orders, billing, ann }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing)
    await remove(engine, orders, '1-0', '3-0')
    expect(await read(engine, ann)).toEqual([delivered('2-0')])
    expect(await read(engine, ann)).toEqual([])
  })

  it('refuses a stream that does not exist', async ({ engine, orders }) => {
    expect(await refusal(engine, orders, () => remove(engine, orders, '1-0'))).toBe('stream-not-found')
  })
}

async function remove(engine: Engine, { stream }: StreamRef, ...texts: string[]) {
  return shown(await engine.deleteEntries({ stream, ids: texts.map(id) }))
}
