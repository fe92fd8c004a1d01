import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { StreamRef } from '../../../src/contract/refs.ts'
import { entry, id, refusal, shown } from '../fixtures.ts'
import { append, list } from '../requests.ts'
import type { It } from '../test-context.ts'

export function setStreamId(it: It): void {
  it('moves the last id forward, and the next append continues from there', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    expect(await set(engine, orders, { lastId: '5-5' })).toMatchObject({
      name: orders.stream,
      length: 1,
      firstId: '1-0',
      lastId: '5-5',
      maxDeletedId: '0-0',
      entriesAdded: 1
    })
    expect(await refusal(engine, orders, () => append(engine, orders, '5-5'))).toBe('id-not-greater')
    expect(await append(engine, orders, '5-*')).toEqual(['5-6'])
  })

  it('sets the counters of the request', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    const counters = { lastId: '9-0', entriesAdded: 100, maxDeletedId: '7-0' }
    expect(await set(engine, orders, counters)).toMatchObject(counters)
    expect(shown(await engine.getStream(orders))).toMatchObject({ ...counters, length: 2, groups: 0 })
    await append(engine, orders, '10-0')
    expect((await engine.getStream(orders)).entriesAdded).toBe(101)
  })

  it('may leave the last id where it is', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0')
    expect(await set(engine, orders, { lastId: '2-0', entriesAdded: 2 })).toMatchObject({ lastId: '2-0' })
    const deleted = { lastId: '2-0', maxDeletedId: '2-0' }
    expect(await set(engine, orders, deleted)).toMatchObject(deleted)
  })

  it('refuses an id below the last entry', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '3-0')
    expect(await refusal(engine, orders, () => set(engine, orders, { lastId: '2-9' }))).toBe('id-not-greater')
  })

  it('may move the last id back to the last entry or the highest deleted id', async (context) => {
    const { engine, orders } = context
    await append(engine, orders, '1-0')
    await set(engine, orders, { lastId: '9-0' })
    expect(await set(engine, orders, { lastId: '4-0' })).toMatchObject({ lastId: '4-0', firstId: '1-0' })
    await append(engine, orders, '5-0')
    expect(await list(engine, orders)).toEqual([entry('1-0'), entry('5-0')])
    await engine.deleteEntries({ ...orders, ids: [id('5-0')] })
    expect(await refusal(engine, orders, () => set(engine, orders, { lastId: '4-9' }))).toBe('id-not-greater')
    const forgetful = { lastId: '4-9', maxDeletedId: '1-0' }
    expect(await refusal(engine, orders, () => set(engine, orders, forgetful))).toBe('id-not-greater')
    expect(await set(engine, orders, { lastId: '5-0' })).toMatchObject({ lastId: '5-0' })
  })

  it('may move the last id back in a stream that was trimmed to nothing', async ({ engine, orders }) => {
    await append(engine, orders, '5-0')
    await engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    expect(await set(engine, orders, { lastId: '2-0', entriesAdded: 0 })).toMatchObject({
      lastId: '2-0',
      entriesAdded: 0
    })
    expect(await append(engine, orders, '3-0')).toEqual(['3-0'])
  })

  it('may lower maxDeletedId, but not reset it', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await engine.deleteEntries({ ...orders, ids: [id('3-0')] })
    const lower = { lastId: '3-0', maxDeletedId: '2-0' }
    expect(await set(engine, orders, lower)).toMatchObject(lower)
    expect(await set(engine, orders, { lastId: '3-0', maxDeletedId: '0-0' })).toMatchObject(lower)
  })

  it('refuses a maxDeletedId above the last id', async ({ engine, orders }) => {
    await append(engine, orders, '1-0')
    const request = () => set(engine, orders, { lastId: '5-0', maxDeletedId: '5-1' })
    expect(await refusal(engine, orders, request)).toBe('invalid-request')
  })

  it('refuses an entriesAdded below the length', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    const request = () => set(engine, orders, { lastId: '5-0', entriesAdded: 2 })
    expect(await refusal(engine, orders, request)).toBe('invalid-request')
    expect(await set(engine, orders, { lastId: '5-0', entriesAdded: 3 })).toMatchObject({ entriesAdded: 3 })
  })

  it('refuses a stream that does not exist', async ({ engine, orders }) => {
    const request = () => set(engine, orders, { lastId: '1-0' })
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
  })
}

async function set(
  engine: Engine,
  { stream }: StreamRef,
  values: { lastId: string; entriesAdded?: number; maxDeletedId?: string }
) {
  const { lastId, maxDeletedId, ...rest } = values
  const deleted = maxDeletedId === undefined ? {} : { maxDeletedId: id(maxDeletedId) }
  return shown(await engine.setStreamId({ stream, lastId: id(lastId), ...deleted, ...rest }))
}
