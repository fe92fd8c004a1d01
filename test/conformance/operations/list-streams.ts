import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import { entryId } from '../../../src/contract/entry-id.ts'
import { codeOfRefused, shown } from '../fixtures.ts'
import { append, makeGroup } from '../requests.ts'
import type { It } from '../test-context.ts'

export function listStreams(it: It): void {
  it('returns a summary of each stream', async ({ engine, orders, billing }) => {
    await append(engine, orders, '1-0', '2-0')
    await engine.deleteEntries({ ...orders, ids: [entryId(1, 0)] })
    await makeGroup(engine, billing)
    await makeGroup(engine, { ...billing, group: 'shipping' })
    const { streams } = await engine.listStreams({ prefix: orders.stream, limit: 10 })
    expect(shown(streams)).toEqual([
      {
        name: orders.stream,
        length: 1,
        sizeBytes: expect.any(Number),
        lastId: '2-0',
        entriesAdded: 2,
        groups: 2
      }
    ])
  })

  it('lists streams in the byte order of their names', async ({ engine, orders }) => {
    const ascending = ['', '-', '-2', '0', 'A', 'a', 'aa', 'b', '~', 'é', '日本', '\uffee', '😀'].map(
      (end) => `${orders.stream}/${end}`
    )
    await create(engine, [...ascending].reverse())
    expect(await names(engine, { prefix: `${orders.stream}/`, limit: 100 })).toEqual(ascending)
  })

  it('lists only names with the prefix, whatever its characters', async ({ engine, orders }) => {
    const start = orders.stream
    await create(engine, [`${start}*`, `${start}*a`, `${start}?`, `${start}[a]`, `${start}\\a`, `${start}xa`])
    expect(await names(engine, { prefix: `${start}*`, limit: 10 })).toEqual([`${start}*`, `${start}*a`])
    expect(await names(engine, { prefix: `${start}[`, limit: 10 })).toEqual([`${start}[a]`])
    expect(await names(engine, { prefix: `${start}\\`, limit: 10 })).toEqual([`${start}\\a`])
    expect(await names(engine, { prefix: `${start}?`, limit: 10 })).toEqual([`${start}?`])
    expect(await names(engine, { prefix: `${start}nothing`, limit: 10 })).toEqual([])
  })

  it('lists all streams for an empty prefix', async ({ engine, orders }) => {
    await create(engine, [orders.stream, `${orders.stream}-abroad`])
    const all = await names(engine, { prefix: '', limit: 1000 })
    expect(all).toEqual(expect.arrayContaining([orders.stream, `${orders.stream}-abroad`]))
  })

  it('pages through streams and has no cursor on the last page', async ({ engine, orders }) => {
    const all = ['a', 'b', 'c', 'd', 'é'].map((end) => `${orders.stream}/${end}`)
    await create(engine, all)
    const request = { prefix: `${orders.stream}/`, limit: 2 }
    const first = await engine.listStreams(request)
    const second = await engine.listStreams({ ...request, ...cursorOf(first) })
    const third = await engine.listStreams({ ...request, ...cursorOf(second) })
    const pages = [first, second, third].map(({ streams }) => streams.map(({ name }) => name))
    expect(pages).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4)])
    expect(third).not.toHaveProperty('cursor')
  })

  it('has no cursor after a full page when nothing follows', async ({ engine, orders }) => {
    await create(engine, [`${orders.stream}/a`, `${orders.stream}/b`, `${orders.stream}0`])
    const page = await engine.listStreams({ prefix: `${orders.stream}/`, limit: 2 })
    expect(page.streams).toHaveLength(2)
    expect(page).not.toHaveProperty('cursor')
  })

  it('continues after a page whose last stream was deleted', async ({ engine, orders }) => {
    const [a = '', b = '', c = '', d = ''] = ['a', 'b', 'c', 'd'].map((end) => `${orders.stream}/${end}`)
    await create(engine, [a, b, d])
    const request = { prefix: `${orders.stream}/`, limit: 2 }
    const first = await engine.listStreams(request)
    await engine.deleteStream({ stream: b })
    await create(engine, [c])
    expect(await names(engine, { ...request, ...cursorOf(first) })).toEqual([c, d])
  })

  it('refuses an invalid cursor', async ({ engine }) => {
    for (const cursor of ['', ' ', '!', 'no cursor', '💥']) {
      const request = engine.listStreams({ prefix: '', limit: 10, cursor })
      expect(await codeOfRefused(request)).toBe('invalid-request')
    }
  })
}

async function create(engine: Engine, names: string[]): Promise<void> {
  for (const stream of names) await engine.ensureStream({ stream, onlyNew: true })
}

async function names(engine: Engine, request: { prefix: string; limit: number; cursor?: string }) {
  const { streams } = await engine.listStreams(request)
  return streams.map(({ name }) => name)
}

function cursorOf({ cursor }: { cursor?: string }): { cursor: string } {
  if (cursor === undefined) throw new Error('The page is the last one')
  return { cursor }
}
