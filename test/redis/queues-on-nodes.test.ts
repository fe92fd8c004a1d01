import { beforeEach, expect, it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { codeOfRefused, id, idsFrom, idsOf, LONG_MS, parked } from '../conformance/fixtures.ts'
import { deadOf, nack, pendingTexts, setPolicy, until, untilDead } from '../conformance/policy-requests.ts'
import { append, list, makeGroup, read } from '../conformance/requests.ts'
import { describeOnServer } from '../support/on-server.ts'
import { clusterForTest, engineForTest, redisForTest } from '../support/redis-engine.ts'
import type { RedisServer } from '../support/redis-server.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }
const bob = { ...billing, consumer: 'bob' }
const letters = { stream: 'dead' }

/** Several Weir nodes on one Redis, without a leader. */
describeOnServer('delivery policies with several Weir nodes', () => {
  let server: RedisServer
  let nodes: Engine[]

  beforeEach(async () => {
    server = await redisForTest()
    nodes = [
      await engineForTest(server.url),
      await engineForTest(server.url),
      await engineForTest(server.url)
    ]
  })

  function node(index: number): Engine {
    const engine = nodes[index % nodes.length]
    if (engine === undefined) throw new Error('There is no node')
    return engine
  }

  it('deliver each entry that falls due once, whoever waits where', async () => {
    const ids = idsFrom(1, 60)
    await append(node(0), orders, ...ids)
    await makeGroup(node(0), billing, { delivery: { ackTimeoutMs: 500 } })
    await read(node(0), { ...ann, count: 60 })
    await setPolicy(node(1), billing, { ackTimeoutMs: 400 })
    const taken = new Map<string, number>()
    const worker = async (index: number) => {
      const consumer = `worker-${index}`
      while (taken.size < ids.length) {
        const entries = await read(node(index), { ...billing, consumer, count: 3, waitMs: 200 })
        for (const one of entries) taken.set(one.id, (taken.get(one.id) ?? 0) + 1)
        await node(index + 1).ackEntries({ ...billing, ids: entries.map((one) => id(one.id)) })
      }
    }
    await Promise.all([0, 1, 2, 3, 4, 5].map(worker))
    expect([...taken.values()].every((times) => times === 1)).toBe(true)
    expect(await pendingTexts(node(0), billing)).toEqual([])
  })

  it('let each entry die once, also where nobody reads', async () => {
    const ids = idsFrom(1, 60)
    await append(node(0), orders, ...ids)
    const delivery = { ackTimeoutMs: 300, maxDeliveries: 1, deadLetterStream: letters.stream }
    await makeGroup(node(0), billing, { delivery })
    await read(node(0), { ...ann, count: 60 })
    await until(async () => (await node(1).getGroup(billing)).pending === 0)
    const dead = await list(node(2), letters)
    expect(dead.map(({ fields }) => fields['weir.id'])).toEqual(ids)
    const died = await Promise.all(nodes.map(async (each) => (await each.status()).died))
    expect(died.reduce((sum, each) => sum + each)).toBe(ids.length)
  })

  it('wake a reader at one node for what another node delivered, nacked or acked', async () => {
    await append(node(0), orders, '1-0', '2-0')
    await makeGroup(node(0), billing, { delivery: { ackTimeoutMs: 60_000, maxPending: 1 } })
    await read(node(0), ann)
    const released = await parked(node(1), () => read(node(1), { ...bob, count: 1, waitMs: LONG_MS }))
    await nack(node(2), billing, 'release', ['1-0'])
    expect(idsOf(await released.answer)).toEqual(['1-0'])
    const waiting = await parked(node(1), () => read(node(1), { ...ann, waitMs: LONG_MS }))
    await node(2).ackEntries({ ...billing, ids: [id('1-0')] })
    expect(idsOf(await waiting.answer)).toEqual(['2-0'])
    await setPolicy(node(2), billing, { ackTimeoutMs: 300 })
    const due = await parked(node(1), () => read(node(1), { ...bob, waitMs: LONG_MS }))
    expect(await due.answer).toMatchObject([{ id: '2-0', deliveries: 2 }])
  })

  it('find policies that another node has set, and a node that starts later finds them too', async () => {
    await append(node(0), orders, '1-0')
    await makeGroup(node(0), billing, { delivery: { ackTimeoutMs: 300, maxDeliveries: 1 } })
    await read(node(0), ann)
    for (const each of nodes) await each.close()
    const later = await engineForTest(server.url)
    await untilDead(later, billing, '1-0')
    expect((await later.status()).died).toBe(1)
  })

  it('finish in bounded steps what concerns thousands of entries', async () => {
    const engine = node(0)
    const ids = idsFrom(1, 6500)
    for (let from = 0; from < ids.length; from += 500) {
      await append(engine, orders, ...ids.slice(from, from + 500))
    }
    await makeGroup(engine, billing, { delivery: { maxDeliveries: 1 } })
    for (let left = ids.length; left > 0; ) left -= (await read(engine, { ...ann, count: 1000 })).length
    expect(await engine.deleteConsumer({ ...ann, pending: 'release' })).toBe(6500)
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 6500, delayed: 0, consumers: 0 })
    for (let left = ids.length; left > 0; ) left -= (await read(engine, { ...bob, count: 1000 })).length
    await setPolicy(engine, billing, { maxDeliveries: 1, ackTimeoutMs: 100 })
    await until(async () => (await engine.getGroup(billing)).dead === 6500)
    const answer = await engine.redriveEntries({ ...billing, limit: 6000 })
    expect(answer).toEqual({ redriven: 6000, notDead: [], missing: [] })
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 6000, dead: 500 })
    expect(await deadOf(engine, billing)).toHaveLength(500)
  })
})

describeOnServer('delivery policies on a Cluster', () => {
  it('refuse a dead-letter stream in another slot, and name the way out', async () => {
    const server = await clusterForTest()
    const engine = await engineForTest(`${server.url}?cluster`)
    await append(engine, orders, '1-0')
    const refused = makeGroup(engine, billing, { delivery: { deadLetterStream: 'dead' } })
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-request',
      pointer: '/delivery/deadLetterStream',
      message: expect.stringContaining('the same part in braces')
    })
    expect(await codeOfRefused(engine.getGroup(billing))).toBe('group-not-found')
    await makeGroup(engine, billing)
    expect(await codeOfRefused(setPolicy(engine, billing, { deadLetterStream: 'dead' }))).toBe(
      'invalid-request'
    )
    await setPolicy(engine, billing, { deadLetterStream: 'dead:{orders}' })
    await read(engine, ann)
    await nack(engine, billing, 'reject', ['1-0'])
    expect(await list(engine, { stream: 'dead:{orders}' })).toHaveLength(1)
  })

  it.each(['', 'a{b', '{all}', 'weir:'])(
    'work for any name of a stream with the prefix "%s"',
    async (prefix) => {
      const server = await clusterForTest()
      const engine = await engineForTest(`${server.url}?cluster`, { prefix })
      for (const stream of ['orders', '{orders}x', '{}orders', 'or{ders', 'orders}', '}{', 'ünï{cödé}']) {
        const group = { stream, group: '{g}' }
        await append(engine, group, '1-0', '2-0')
        await makeGroup(engine, group, { delivery: { ackTimeoutMs: 60_000 } })
        await read(engine, { ...group, consumer: 'ann' })
        await nack(engine, group, 'release', ['1-0'])
        await nack(engine, group, 'reject', ['2-0'])
        expect(idsOf(await read(engine, { ...group, consumer: 'bob' }))).toEqual(['1-0'])
        expect(idsOf(await deadOf(engine, group))).toEqual(['2-0'])
        await engine.deleteStream(group)
      }
      expect(await server.command('KEYS', '*')).toEqual([])
    }
  )
})
