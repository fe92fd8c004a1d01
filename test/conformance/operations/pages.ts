import { expect } from 'vitest'
import { codeOfRefused, id, idsFrom } from '../fixtures.ts'
import type { Given, It } from '../given.ts'
import { append, makeGroup, read } from '../requests.ts'

interface Page {
  readonly names: readonly string[]
  readonly cursor?: string
}

interface PageRequest {
  readonly limit: number
  readonly cursor?: string
}

/** A list that has pages, of items that a test makes and removes. */
interface Paged {
  readonly what: string
  page(given: Given, request: PageRequest): Promise<Page>
  make(given: Given, name: string): Promise<void>
  remove(given: Given, name: string): Promise<void>
  /** What must be there before. */
  prepare(given: Given): Promise<void>
}

const GROUPS: Paged = {
  what: 'groups',
  async page({ engine, orders }, request) {
    const { groups, ...rest } = await engine.listGroups({ ...orders, ...request })
    return { names: groups.map(({ name }) => name), ...rest }
  },
  make: ({ engine, orders }, group) => makeGroup(engine, { ...orders, group }),
  remove: ({ engine, orders }, group) => engine.deleteGroup({ ...orders, group, dropPending: true }),
  async prepare({ engine, orders }) {
    await engine.ensureStream({ ...orders, onlyNew: true })
  }
}

const CONSUMERS: Paged = {
  what: 'consumers',
  async page({ engine, billing }, request) {
    const { consumers, ...rest } = await engine.listConsumers({ ...billing, ...request })
    return { names: consumers.map(({ name }) => name), ...rest }
  },
  async make({ engine, billing }, consumer) {
    await engine.ensureConsumer({ ...billing, consumer })
  },
  async remove({ engine, billing }, consumer) {
    await engine.deleteConsumer({ ...billing, consumer, dropPending: true })
  },
  prepare: ({ engine, billing }) => makeGroup(engine, billing)
}

const OWNERS: Paged = {
  what: 'consumers with pending entries',
  async page({ engine, billing }, request) {
    const summary = await engine.getPendingSummary({ ...billing, ...request })
    const { cursor } = summary
    return { names: summary.consumers.map(({ name }) => name), ...(cursor !== undefined && { cursor }) }
  },
  async make({ engine, billing }, consumer) {
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

  it('counts all that is pending on each page of its summary', async (given) => {
    const { engine, billing } = given
    await OWNERS.prepare(given)
    await OWNERS.make(given, 'idle')
    await engine.ack({ ...billing, ids: [id('1-0')] })
    for (const name of ['a', 'b', 'c']) await OWNERS.make(given, name)
    const first = await engine.getPendingSummary({ ...billing, limit: 2 })
    const second = await engine.getPendingSummary({ ...billing, limit: 2, ...cursorOf(first) })
    const counts = { count: 3, firstId: id('2-0'), lastId: id('4-0') }
    expect(first).toMatchObject({ ...counts, consumers: [{ name: 'a' }, { name: 'b' }] })
    expect(second).toEqual({ ...counts, consumers: [{ name: 'c', count: 1 }] })
  })

  it('sums up nobody who has nothing pending, and ends where nobody else has', async (given) => {
    const { engine, billing } = given
    await OWNERS.prepare(given)
    await OWNERS.make(given, 'm')
    for (const consumer of ['a', 'b', 'x', 'y', 'z']) await engine.ensureConsumer({ ...billing, consumer })
    expect(await OWNERS.page(given, { limit: 1 })).toEqual({ names: ['m'] })
  })
}

function pagesOf(list: Paged, it: It): void {
  const { what } = list

  it(`gives each of the ${what} once, in the byte order of their names`, async (given) => {
    await list.prepare(given)
    const names = ['A', 'a', 'aa', 'b', 'é', '日本', '\uffee', '😀']
    for (const name of names.toReversed()) await list.make(given, name)
    for (const limit of [1, 2, 3, 8, 9]) expect((await allPages(list, given, limit)).flat()).toEqual(names)
    const lengths = (await allPages(list, given, 3)).map((page) => page.length)
    expect(lengths).toEqual([3, 3, 2])
  })

  it(`pages through many ${what}`, async (given) => {
    await list.prepare(given)
    const names = idsFrom(100, 299)
    for (const name of names.toReversed()) await list.make(given, name)
    for (const name of names.filter((_, index) => index % 3 === 0)) await list.remove(given, name)
    const found = await allPages(list, given, 50)
    expect(found.flat()).toEqual(names.filter((_, index) => index % 3 !== 0))
    expect(found).toHaveLength(3)
  })

  it(`says that a full page of ${what} is the last one when nothing follows`, async (given) => {
    await list.prepare(given)
    for (const name of ['a', 'b']) await list.make(given, name)
    expect(await list.page(given, { limit: 2 })).toEqual({ names: ['a', 'b'] })
  })

  it(`continues after ${what} that were deleted since`, async (given) => {
    await list.prepare(given)
    for (const name of ['a', 'b', 'd', 'e']) await list.make(given, name)
    const first = await list.page(given, { limit: 2 })
    await list.remove(given, 'b')
    await list.remove(given, 'd')
    await list.make(given, 'c')
    const second = await list.page(given, { limit: 2, ...cursorOf(first) })
    expect([first.names, second]).toEqual([['a', 'b'], { names: ['c', 'e'] }])
  })

  it(`refuses a cursor that no page of ${what} ended with`, async (given) => {
    await list.prepare(given)
    for (const cursor of ['', ' ', '!', 'no cursor', '💥']) {
      expect(await codeOfRefused(list.page(given, { limit: 10, cursor }))).toBe('invalid-request')
    }
  })
}

async function allPages(list: Paged, given: Given, limit: number): Promise<(readonly string[])[]> {
  const found: (readonly string[])[] = []
  for (let next: { cursor?: string } = {}; ; ) {
    const page = await list.page(given, { limit, ...next })
    found.push(page.names)
    if (page.cursor === undefined) return found
    next = cursorOf(page)
  }
}

function cursorOf({ cursor }: { readonly cursor?: string }): { cursor: string } {
  if (cursor === undefined) throw new Error('The page says it is the last')
  return { cursor }
}
