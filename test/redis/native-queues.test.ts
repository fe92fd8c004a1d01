import { beforeEach, expect, it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { MIN_ID } from '../../src/contract/entry-id.ts'
import { NOBODY } from '../../src/redis/scripts/script.ts'
import { codeOfRefused, id, idsOf, LONG_MS, parked } from '../conformance/fixtures.ts'
import {
  deadOf,
  extend,
  nack,
  pendingTexts,
  redrive,
  setPolicy,
  until,
  untilDead
} from '../conformance/policy-requests.ts'
import { append, groupsOf, list, makeGroup, read } from '../conformance/requests.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import type { RedisServer } from '../support/redis-server.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }
const bob = { ...billing, consumer: 'bob' }
/** Longer than a test takes. */
const LEASE_MS = 100_000

/** What native clients do beside groups whose policies, delays and dead entries Weir keeps in keys of its own. */
describeOnServer('native clients beside delivery policies', () => {
  let server: RedisServer
  let engine: Engine

  beforeEach(async () => {
    server = await redisForTest()
    engine = await engineForTest(server.url, { prefix: 'weir:' })
  })

  /** 1-0 with ann, 2-0 delayed, 3-0 dead. */
  async function oneOfEach(): Promise<void> {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing, { delivery: { ackTimeoutMs: LEASE_MS, maxDeliveries: 3 } })
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: LEASE_MS })
    await nack(engine, billing, 'reject', ['3-0'])
  }

  /** The keys that are not streams, without the random part of their names. */
  async function companions(): Promise<string[]> {
    const keys = (await server.command('KEYS', '*')) as string[]
    const names = keys.filter((key) => key !== 'weir:orders')
    return names.map((key) => key.replace(/\{.*?\}/, '').replaceAll('\u0001', '/')).sort()
  }

  it('see what Weir keeps of a group in keys of its own, which no list of streams contains', async () => {
    await oneOfEach()
    expect(await companions()).toEqual([
      'weir:/weir:orders',
      'weir:/weir:orders/dead/billing',
      'weir:/weir:orders/nacked/billing'
    ])
    const { streams } = await engine.listStreams({ prefix: '', limit: 10 })
    expect(streams.map(({ name }) => name)).toEqual(['orders'])
  })

  it('find no such keys once the policy, the delays and the dead entries are gone', async () => {
    await oneOfEach()
    await setPolicy(engine, billing, {})
    await engine.ackEntries({ ...billing, ids: [id('2-0'), id('3-0')] })
    await until(async () => (await companions()).length === 0)
    expect(await server.command('XINFO', 'CONSUMERS', 'weir:orders', 'billing')).toHaveLength(1)
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1'])
  })

  it('find no such keys after Weir has deleted the group or the stream', async () => {
    await oneOfEach()
    await engine.deleteGroup({ ...billing, dropPending: true })
    expect(await companions()).toEqual([])
    await makeGroup(engine, billing, { delivery: { maxPending: 5 } })
    await makeGroup(engine, { ...orders, group: 'audit' }, { delivery: { maxPending: 5 } })
    await engine.deleteStream(orders)
    expect(await companions()).toEqual([])
  })

  it.each([
    ['the stream', ['DEL', 'weir:orders']],
    ['the group', ['XGROUP', 'DESTROY', 'weir:orders', 'billing']]
  ])('delete %s, and a new one with the same name has nothing of it', async (_, command) => {
    await oneOfEach()
    await server.command(...command)
    await server.command('XADD', 'weir:orders', '9-0', 'order', '9-0')
    await server.command('XGROUP', 'CREATE', 'weir:orders', 'billing', '0')
    expect(await groupsOf(engine, orders)).toMatchObject([
      { delivery: null, dead: 0, delayed: 0, consumers: 0 }
    ])
    expect(await deadOf(engine, billing)).toEqual([])
    const delivered = await read(engine, ann)
    expect(delivered.at(-1)).toMatchObject({ id: '9-0', deliveries: 1 })
    for (const one of delivered) expect(one).not.toHaveProperty('ackBeforeMs')
    expect(await companions()).toEqual([])
  })

  it('delete the stream, and what was kept beside it goes although nobody uses the name again', async () => {
    await oneOfEach()
    await server.command('DEL', 'weir:orders')
    await until(async () => (await companions()).length === 0)
  })

  it('delete the group, and Weir creates it anew with another policy', async () => {
    await oneOfEach()
    await server.command('XGROUP', 'DESTROY', 'weir:orders', 'billing')
    await makeGroup(engine, billing, { delivery: { maxDeliveries: 9 } })
    expect(await groupsOf(engine, orders)).toMatchObject([{ delivery: { maxDeliveries: 9 }, dead: 0 }])
    expect(await companions()).toEqual(['weir:/weir:orders'])
  })

  it('ack entries, which then neither fall due nor die nor come back', async () => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing, { delivery: { ackTimeoutMs: 300, maxDeliveries: 1 } })
    await read(engine, ann)
    await nack(engine, billing, 'release', ['2-0', '3-0'])
    await server.command('XACK', 'weir:orders', 'billing', '1-0', '2-0')
    expect(await read(engine, bob)).toMatchObject([{ id: '3-0', deliveries: 1 }])
    await untilDead(engine, billing, '3-0')
    expect((await engine.getGroup(billing)).pending).toBe(0)
  })

  it('claim an entry that is in nobody’s hands, and then it has an owner', async () => {
    await oneOfEach()
    await server.command('XCLAIM', 'weir:orders', 'billing', 'zoe', '0', '2-0')
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×1', '2-0 leased zoe×2'])
    expect((await engine.getGroup(billing)).delayed).toBe(0)
    expect(await extend(engine, { ...billing, consumer: 'zoe' }, ['2-0'])).toMatchObject({ extended: 1 })
    expect(await read(engine, bob)).toEqual([])
  })

  it('claim a dead entry by force, and then it is pending and no longer dead once it is redriven', async () => {
    await oneOfEach()
    await server.command('XCLAIM', 'weir:orders', 'billing', 'zoe', '0', '3-0', 'FORCE')
    expect(await redrive(engine, billing)).toEqual({ redriven: 0, notDead: [], missing: [] })
    expect(await deadOf(engine, billing)).toEqual([])
    expect(await pendingTexts(engine, billing)).toContain('3-0 leased zoe×2')
  })

  it('read entries, which fall due like those that Weir delivered', async () => {
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing, { delivery: { ackTimeoutMs: 300 } })
    const group = ['XREADGROUP', 'GROUP', 'billing', 'zoe']
    await server.command(...group, 'STREAMS', 'weir:orders', '>')
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    expect(await answer).toMatchObject([{ id: '1-0', deliveries: 2, ackBeforeMs: 300 }])
  })

  it('see entries that are in nobody’s hands as pending with a consumer of Weir', async () => {
    await oneOfEach()
    const listed = (await server.command('XPENDING', 'weir:orders', 'billing', '-', '+', '10')) as unknown[][]
    expect(listed.map(([entry, owner]) => [entry, owner])).toEqual([
      ['1-0', 'ann'],
      ['2-0', NOBODY]
    ])
    const { consumers } = await engine.getPendingSummary({ ...billing, limit: 10 })
    expect(consumers).toEqual([{ name: 'ann', count: 1 }])
    const page = await engine.listConsumers({ ...billing, limit: 10 })
    expect(page.consumers.map(({ name }) => name)).toEqual(['ann'])
  })

  it('use the key of a dead-letter stream for something else, and nothing dies until it is free', async () => {
    await append(engine, orders, '1-0', '2-0')
    await server.command('SET', 'weir:dead', 'x')
    const delivery = { ackTimeoutMs: 200, maxDeliveries: 1, deadLetterStream: 'dead' }
    await makeGroup(engine, billing, { delivery })
    await read(engine, ann)
    expect(await codeOfRefused(nack(engine, billing, 'reject', ['1-0', '2-0']))).toBe('stream-conflict')
    const reason = 'The key of the dead-letter stream of group "billing" in Redis is not a stream'
    await until(async () => (await engine.status()).deathsBlocked === reason)
    expect(await read(engine, bob)).toEqual([])
    expect((await engine.getGroup(billing)).pending).toBe(2)
    await server.command('DEL', 'weir:dead')
    await until(async () => (await engine.getGroup(billing)).pending === 0)
    expect(await list(engine, { stream: 'dead' })).toHaveLength(2)
    expect(await engine.status()).toMatchObject({ died: 2 })
    expect(await engine.status()).not.toHaveProperty('deathsBlocked')
  })

  it('fill the memory, and entries without a delivery left stay due', async () => {
    await append(engine, orders, '1-0')
    const delivery = { ackTimeoutMs: 200, maxDeliveries: 1, deadLetterStream: 'dead' }
    await makeGroup(engine, billing, { delivery })
    await read(engine, ann)
    await server.command('CONFIG', 'SET', 'maxmemory', '1')
    expect(await codeOfRefused(nack(engine, billing, 'reject', ['1-0']))).toBe('storage-full')
    await until(async () => (await engine.status()).deathsBlocked === 'Redis has no memory left')
    expect(await read(engine, bob)).toEqual([])
    await server.command('CONFIG', 'SET', 'maxmemory', '0')
    await until(async () => (await engine.getGroup(billing)).pending === 0)
    expect(await list(engine, { stream: 'dead' })).toHaveLength(1)
  })

  it('append an entry with too many fields for a script, and it stays dead in its group', async () => {
    const fields = Array.from({ length: 4000 }, (_, n) => [`f${n}`, `${n}`])
    await server.command('XADD', 'weir:orders', '1-0', ...fields.flat())
    await makeGroup(engine, billing, { delivery: { deadLetterStream: 'dead' } })
    await read(engine, ann)
    expect(await nack(engine, billing, 'reject', ['1-0'])).toEqual({ nacked: 1, notPending: [] })
    expect(idsOf(await deadOf(engine, billing))).toEqual(['1-0'])
    expect(await codeOfRefused(engine.getStream({ stream: 'dead' }))).toBe('stream-not-found')
  })

  it('append bytes that are not UTF-8, which a dead letter and a list of dead entries contain unchanged', async () => {
    const broken = `redis.call('XADD', KEYS[1], ARGV[1], 'bytes', '\\255\\254')`
    for (const each of ['1-0', '2-0']) await server.command('EVAL', broken, '1', 'weir:orders', each)
    await makeGroup(engine, billing)
    await read(engine, ann)
    await nack(engine, billing, 'reject', ['1-0'], { reason: 'ünï' })
    const encoded = { fields: { bytes: '//4=' }, base64: ['bytes'] }
    expect(await deadOf(engine, billing)).toMatchObject([{ id: '1-0', reason: 'ünï', ...encoded }])
    await setPolicy(engine, billing, { deadLetterStream: 'dead' })
    await nack(engine, billing, 'reject', ['2-0'])
    expect(await list(engine, { stream: 'dead', from: MIN_ID })).toMatchObject([
      { fields: { bytes: '//4=', 'weir.id': '2-0' }, base64: ['bytes'] }
    ])
  })
})
