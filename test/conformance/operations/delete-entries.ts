import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { StreamRef } from '../../../src/contract/refs.ts'
import { delivered, entry, everything, id, idsFrom, idsOf, refusal, shown } from '../fixtures.ts'
import type { It } from '../given.ts'
import { append, list, makeGroup, pending, read } from '../requests.ts'

export function deleteEntries(it: It): void {
  it('deletes the entries that exist and names the others', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    const answer = await remove(engine, orders, '3-0', '9-0', '1-0', '1-1')
    expect(answer).toEqual({ deleted: 2, notFound: ['9-0', '1-1'] })
    expect(idsOf(await list(engine, orders))).toEqual(['2-0'])
  })

  it('counts an id that is named twice once', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    const answer = await remove(engine, orders, '2-0', '9-0', '2-0', '9-0')
    expect(answer).toEqual({ deleted: 1, notFound: ['9-0'] })
    expect(await remove(engine, orders, '2-0')).toEqual({ deleted: 0, notFound: ['2-0'] })
  })

  it('deletes a thousand entries, whatever their order', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 1000))
    await append(engine, orders, '1001-0')
    expect(await remove(engine, orders, ...idsFrom(1, 1000).reverse())).toEqual({
      deleted: 1000,
      notFound: []
    })
    expect(idsOf(await list(engine, orders))).toEqual(['1001-0'])
  })

  it('remembers the highest id it ever deleted', async ({ engine, orders }) => {
    await append(engine, orders, ...idsFrom(1, 5))
    await remove(engine, orders, '2-0', '4-0', '3-0')
    expect(shown(await engine.getStream(orders)).maxDeletedId).toBe('4-0')
    await remove(engine, orders, '1-0')
    expect(shown(await engine.getStream(orders)).maxDeletedId).toBe('4-0')
  })

  it('changes nothing for ids that no entry has', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '5-0')
    const before = await everything(engine, orders)
    expect(await remove(engine, orders, '0-0', '3-0', '9-0')).toEqual({
      deleted: 0,
      notFound: ['0-0', '3-0', '9-0']
    })
    expect(await everything(engine, orders)).toEqual(before)
  })

  it('takes neither the last id nor the count of appended entries back', async ({ engine, orders }) => {
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

  it('keeps a stream that it has emptied', async ({ engine, orders }) => {
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

  it('leaves entries pending, which are then delivered without fields', async (given) => {
    const { engine, orders, billing, ann } = given
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

  it('keeps a group from being given what was deleted before', async ({ engine, orders, billing, ann }) => {
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
