import { expect } from 'vitest'
import { codeOfRefused, id, idsFrom } from '../fixtures.ts'
import { append, makeGroup, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

interface Page {
  readonly names: readonly string[]
  readonly cursor?: string
}

interface PageRequest {
  readonly limit: number
  readonly cursor?: string
}

/** A list with pages, whose items a test creates and removes. */
interface PagedList {
  readonly items: string
  page(context: TestContext, request: PageRequest): Promise<Page>
  create(context: TestContext, name: string): Promise<void>
  remove(context: TestContext, name: string): Promise<void>
  /** Creates what the items need. */
  prepare(context: TestContext): Promise<void>
}

const GROUPS: PagedList = {
  items: 'groups',
  async page({ engine, orders }, request) {
    const { groups, ...rest } = await engine.listGroups({ ...orders, ...request })
    return { names: groups.map(({ name }) => name), ...rest }
  },
  create: ({ engine, orders }, group) => makeGroup(engine, { ...orders, group }),
  remove: ({ engine, orders }, group) => engine.deleteGroup({ ...orders, group, dropPending: true }),
  async prepare({ engine, orders }) {
    await engine.ensureStream({ ...orders, onlyNew: true })
  }
}

const CONSUMERS: PagedList = {
  items: 'consumers',
  async page({ engine, billing }, request) {
    const { consumers, ...rest } = await engine.listConsumers({ ...billing, ...request })
    return { names: consumers.map(({ name }) => name), ...rest }
  },
  async create({ engine, billing }, consumer) {
    await engine.ensureConsumer({ ...billing, consumer })
  },
  async remove({ engine, billing }, consumer) {
    await engine.deleteConsumer({ ...billing, consumer, pending: 'drop' })
  },
  prepare: ({ engine, billing }) => makeGroup(engine, billing)
}

const OWNERS: PagedList = {
  items: 'consumers with pending entries',
  async page({ engine, billing }, request) {
    const summary = await engine.getPendingSummary({ ...billing, ...request })
    const { cursor } = summary
    return { names: summary.consumers.map(({ name }) => name), ...(cursor !== undefined && { cursor }) }
  },
  async create({ engine, billing }, consumer) {
    await read(engine, { ...billing, consumer, count: 1 })
  },
  remove: CONSUMERS.remove,
  async prepare({ engine, orders, billing }) {
    await append(engine, orders, ...idsFrom(1, 200))
    await makeGroup(engine, billing)
  }
}

/** The pages of `listGroups`, `listConsumers` and `getPendingSummary`. */
export function pages(it: It): void {
  for (const list of [GROUPS, CONSUMERS, OWNERS]) pagesOf(list, it)

  it('counts all pending entries on each page of the summary', async (context) => {
    const { engine, billing } = context
    await OWNERS.prepare(context)
    await OWNERS.create(context, 'idle')
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    for (const name of ['a', 'b', 'c']) await OWNERS.create(context, name)
    const first = await engine.getPendingSummary({ ...billing, limit: 2 })
    const second = await engine.getPendingSummary({ ...billing, limit: 2, ...cursorOf(first) })
    const counts = { count: 3, firstId: id('2-0'), lastId: id('4-0') }
    expect(first).toMatchObject({ ...counts, consumers: [{ name: 'a' }, { name: 'b' }] })
    expect(second).toEqual({ ...counts, consumers: [{ name: 'c', count: 1 }] })
  })

  it('omits consumers without pending entries, and ends when no others remain', async (context) => {
    const { engine, billing } = context
    await OWNERS.prepare(context)
    await OWNERS.create(context, 'm')
    for (const consumer of ['a', 'b', 'x', 'y', 'z']) await engine.ensureConsumer({ ...billing, consumer })
    expect(await OWNERS.page(context, { limit: 1 })).toEqual({ names: ['m'] })
  })
}

function pagesOf(list: PagedList, it: It): void {
  const { items } = list

  it(`lists each of the ${items} once, in the byte order of their names`, async (context) => {
    await list.prepare(context)
    const names = ['A', 'a', 'aa', 'b', 'é', '日本', '\uffee', '😀']
    for (const name of names.toReversed()) await list.create(context, name)
    for (const limit of [1, 2, 3, 8, 9]) expect((await allPages(list, context, limit)).flat()).toEqual(names)
    const lengths = (await allPages(list, context, 3)).map((page) => page.length)
    expect(lengths).toEqual([3, 3, 2])
  })

  it(`lists many ${items}`, async (context) => {
    await list.prepare(context)
    const names = idsFrom(100, 299)
    for (const name of names.toReversed()) await list.create(context, name)
    for (const name of names.filter((_, index) => index % 3 === 0)) await list.remove(context, name)
    const found = await allPages(list, context, 50)
    expect(found.flat()).toEqual(names.filter((_, index) => index % 3 !== 0))
    expect(found).toHaveLength(3)
  })

  it(`has no cursor after a full page of ${items} when nothing follows`, async (context) => {
    await list.prepare(context)
    for (const name of ['a', 'b']) await list.create(context, name)
    expect(await list.page(context, { limit: 2 })).toEqual({ names: ['a', 'b'] })
  })

  it(`continues after ${items} that were deleted meanwhile`, async (context) => {
    await list.prepare(context)
    for (const name of ['a', 'b', 'd', 'e']) await list.create(context, name)
    const first = await list.page(context, { limit: 2 })
    await list.remove(context, 'b')
    await list.remove(context, 'd')
    await list.create(context, 'c')
    const second = await list.page(context, { limit: 2, ...cursorOf(first) })
    expect([first.names, second]).toEqual([['a', 'b'], { names: ['c', 'e'] }])
  })

  it(`refuses an invalid cursor for ${items}`, async (context) => {
    await list.prepare(context)
    for (const cursor of ['', ' ', '!', 'no cursor', '💥']) {
      expect(await codeOfRefused(list.page(context, { limit: 10, cursor }))).toBe('invalid-request')
    }
  })
}

async function allPages(
  list: PagedList,
  context: TestContext,
  limit: number
): Promise<(readonly string[])[]> {
  const found: (readonly string[])[] = []
  for (let next: { cursor?: string } = {}; ; ) {
    const page = await list.page(context, { limit, ...next })
    found.push(page.names)
    if (page.cursor === undefined) return found
    next = cursorOf(page)
  }
}

function cursorOf({ cursor }: { readonly cursor?: string }): { cursor: string } {
  if (cursor === undefined) throw new Error('The page is the last one')
  return { cursor }
}
