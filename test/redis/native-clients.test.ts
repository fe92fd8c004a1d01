import { beforeEach, expect, it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { RETURNED } from '../../src/redis/scripts/script.ts'
import {
  codeOfRefused,
  delivered,
  fieldsJson,
  id,
  idsOf,
  LONG_MS,
  parked,
  shown
} from '../conformance/fixtures.ts'
import {
  append,
  autoClaim,
  claim,
  deliver,
  entriesOf,
  list,
  makeGroup,
  pending,
  read
} from '../conformance/requests.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import type { RedisServer } from '../support/redis-server.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }
const bob = { ...billing, consumer: 'bob' }

/** Names and values in Lua's notation: two hex digits after `\x` are a byte. */
const BINARY = ['pickle', '\\x80\\x04\\x95', 'ünï', 'ö']

function luaTexts(texts: readonly string[]): string {
  const bytes = (text: string) => text.replaceAll(/\\x(..)/g, (_, hex) => `\\${Number.parseInt(hex, 16)}`)
  return texts.map((text) => `'${bytes(text)}'`).join(', ')
}

/** Clients that use the commands of Redis on the streams of Weir. */
describeOnServer('native clients beside the Redis engine', () => {
  let server: RedisServer
  let engine: Engine

  beforeEach(async () => {
    server = await redisForTest()
    engine = await engineForTest(server.url, { prefix: 'weir:' })
  })

  it('share a group with its consumers, and each entry goes to one consumer', async () => {
    await makeGroup(engine, billing)
    const ids = Array.from({ length: 200 }, (_, i) => `${i + 1}-0`)
    await append(engine, orders, ...ids)
    const owners = new Map<string, string>()
    const native = async () => {
      for (;;) {
        const taken = await readNatively('zoe', 3)
        if (taken.length === 0) return
        for (const one of taken) note(owners, one, 'zoe')
      }
    }
    const ours = async (consumer: string) => {
      for (;;) {
        const taken = await read(engine, { ...billing, consumer, count: 3 })
        if (taken.length === 0) return
        for (const one of taken) note(owners, one.id, consumer)
      }
    }
    await Promise.all([native(), ours('ann'), ours('bob')])
    expect(new Set(owners.keys())).toEqual(new Set(ids))
    expect(new Set(owners.values())).toEqual(new Set(['ann', 'bob', 'zoe']))
    for (const { id, consumer } of await pending(engine, billing)) expect(owners.get(id)).toBe(consumer)
    expect(await server.command('XACK', 'weir:orders', 'billing', ...ids)).toBe(200)
    expect(await pending(engine, billing)).toEqual([])
  })

  it('append entries with more fields than Weir accepts, and Weir still reads them', async () => {
    const fields = Array.from({ length: 1500 }, (_, n) => [`f${n}`, `${n}`])
    await server.command('XADD', 'weir:orders', '1-0', ...fields.flat())
    const [entry] = await list(engine, orders)
    expect(entry?.fields).toEqual(Object.fromEntries(fields))
    expect(Object.keys(shown(await engine.getStream(orders)).lastEntry?.fields ?? {})).toHaveLength(1500)
  })

  it('append bytes that are not valid UTF-8, and every read, claim and list shows them as base64', async () => {
    const names = [...BINARY, '\\xff', 'text', 'twice', '\\x80', 'twice', '\ufffd']
    await server.command('EVAL', `redis.call('XADD', KEYS[1], '1-0', ${luaTexts(names)})`, '1', 'weir:orders')
    const content = {
      fields: { pickle: 'gASV', ünï: 'ö', '/w==': 'text', twice: '\ufffd' },
      base64: ['pickle'],
      base64Names: ['/w==']
    }
    const seen = { id: '1-0', ...content }
    await makeGroup(engine, billing)
    expect(await list(engine, orders)).toEqual([seen])
    expect(shown(await engine.getEntry({ ...orders, id: id('1-0') }))).toEqual(seen)
    const signal = new AbortController().signal
    const request = { streams: [{ ...orders, after: 0n }], count: 1, waitMs: 0 }
    expect(shown(await engine.readStreams(request, signal))).toMatchObject([{ entries: [seen] }])
    expect(await read(engine, ann)).toEqual([{ ...seen, deliveries: 1 }])
    expect(await read(engine, { ...ann, after: '0-0' })).toEqual([{ ...seen, deliveries: 2 }])
    expect(await read(engine, { ...bob, claimIdleMs: 0 })).toMatchObject([{ ...seen, deliveries: 3 }])
    expect((await claim(engine, { ...ann, ids: ['1-0'] })).entries).toEqual([{ ...seen, deliveries: 4 }])
    expect((await autoClaim(engine, bob)).entries).toEqual([{ ...seen, deliveries: 5 }])
    const { firstEntry, lastEntry } = shown(await engine.getStream(orders))
    expect([firstEntry, lastEntry]).toEqual([seen, seen])
    expect(shown(await engine.describeStream({ ...orders, limit: 10 })).entries).toEqual([seen])
  })

  it('wake waiting readers with their appends', async () => {
    await makeGroup(engine, billing)
    const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    const listing = await parked(engine, () => list(engine, { ...orders, waitMs: LONG_MS }))
    await server.command('XADD', 'weir:orders', '1-0', 'order', '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect(idsOf(await listing.answer)).toEqual(['1-0'])
  })

  it.each([
    ['the stream', ['DEL', 'weir:orders'], 'stream-not-found'],
    ['all keys', ['FLUSHALL'], 'stream-not-found'],
    ['the group', ['XGROUP', 'DESTROY', 'weir:orders', 'billing'], 'group-not-found'],
    ['the stream and reuse its key', ['SET', 'weir:orders', 'x'], 'stream-not-found']
  ])('make waiting readers fail when they delete %s', async (_, command, code) => {
    await makeGroup(engine, billing)
    const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    const refused = codeOfRefused(answer)
    await server.command(...command)
    expect(await refused).toBe(code)
    expect((await engine.status()).waiting).toBe(0)
  })

  it('wake a waiting reader when they move its group back', async () => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing, { after: 'last' })
    const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    await server.command('XGROUP', 'SETID', 'weir:orders', 'billing', '0')
    expect(await answer).toEqual([delivered('1-0')])
  })

  it('recreate a stream with smaller ids, and a reader waits on for an entry after its own id', async () => {
    await append(engine, orders, '5-0')
    const waiting = { ...orders, from: 'next', waitMs: 2500 }
    const listing = await parked(engine, () => list(engine, waiting))
    const xadd = ['XADD', 'weir:orders', '1-0', 'order', '1-0']
    await server.command(
      'EVAL',
      `redis.call('DEL', KEYS[1]) redis.call(unpack(ARGV))`,
      '1',
      'weir:orders',
      ...xadd
    )
    // The reader waits for entries after 5-0, and gets one.
    await server.command('XADD', 'weir:orders', '6-0', 'order', '6-0')
    expect(idsOf(await listing.answer)).toEqual(['6-0'])
  })

  it('see the entries of a reader that hung up as pending with a consumer of Weir, and can claim them', async () => {
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    const delivery = await deliver(engine, ann)
    expect(idsOf(entriesOf(delivery))).toEqual(['1-0', '2-0'])
    delivery.undo()
    expect(await pending(engine, billing)).toEqual([])
    const [one] = (await server.command('XPENDING', 'weir:orders', 'billing', '-', '+', '10')) as unknown[][]
    expect(one?.[0]).toBe('1-0')
    expect(one?.[1]).toBe(RETURNED)
    expect(one?.[3]).toBe(0)
    await server.command('XCLAIM', 'weir:orders', 'billing', 'zoe', '0', '1-0')
    expect(await read(engine, bob)).toEqual([delivered('2-0')])
    expect(await pending(engine, billing)).toEqual([
      { id: '1-0', consumer: 'zoe', deliveries: 1 },
      { id: '2-0', consumer: 'bob', deliveries: 1 }
    ])
    // Weir removes its consumer for returned entries once that has none.
    expect(await server.command('XINFO', 'CONSUMERS', 'weir:orders', 'billing')).toHaveLength(3)
  })

  it('see no keys of Weir except the streams', async () => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing)
    const delivery = await deliver(engine, ann)
    delivery.undo()
    await claim(engine, { ...bob, ids: ['1-0'] })
    expect(await server.command('KEYS', '*')).toEqual(['weir:orders'])
  })

  it('append fields that JSON cannot represent, and Weir shows the nearest representation', async () => {
    await server.command('XADD', 'weir:orders', '1-0', 'a', '1', 'b', '2', 'a', '3')
    const broken = `redis.call('XADD', KEYS[1], '2-0', 'bytes', '\\255\\254')`
    await server.command('EVAL', broken, '1', 'weir:orders')
    expect(await list(engine, orders)).toEqual([
      { id: '1-0', fields: { a: '3', b: '2' } },
      { id: '2-0', fields: { bytes: '//4=' }, base64: ['bytes'] }
    ])
  })

  it('read the fields that Weir appended in the same order', async () => {
    const fields = { zip: '1010', note: 'ünï "quoted" \\ \n', '': 'unnamed', 7: 'number' }
    const text = '{"zip":"1010","note":"\\u00fcnï \\"quoted\\" \\\\ \\n","":"unnamed","7":"number"}'
    const entries = [{ fields: new TextEncoder().encode(text), id: id('1-0') }]
    await engine.appendEntries({ ...orders, entries, createStream: true })
    const [entry] = (await server.command('XRANGE', 'weir:orders', '-', '+')) as [string, string[]][]
    expect(entry?.[1]).toEqual(['zip', '1010', 'note', fields.note, '', 'unnamed', '7', 'number'])
  })

  it('get an entry with very many fields only from an append of that entry alone', async () => {
    const fields = fieldsJson(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, 'x'])))
    const request = { ...orders, createStream: true }
    const entry = { fields, id: id('1-0') }
    expect(shown(await engine.appendEntries({ ...request, entries: [entry] }))).toEqual(['1-0'])
    const two = [
      { fields, id: id('2-0') },
      { fields, id: id('3-0') }
    ]
    expect(await codeOfRefused(engine.appendEntries({ ...request, entries: two }))).toBe('invalid-request')
    expect(await list(engine, orders)).toHaveLength(1)
  })

  async function readNatively(consumer: string, count: number): Promise<string[]> {
    const group = ['XREADGROUP', 'GROUP', 'billing', consumer, 'COUNT', String(count)]
    const reply = await server.command(...group, 'STREAMS', 'weir:orders', '>')
    const [[, entries] = []] = (reply ?? []) as [string, [string, string[]][]][]
    return (entries ?? []).map(([one]) => one)
  }
})

function note(owners: Map<string, string>, id: string, consumer: string): void {
  expect(owners.get(id)).toBeUndefined()
  owners.set(id, consumer)
}
