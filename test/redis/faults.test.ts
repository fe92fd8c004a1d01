import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { freePort } from '../../load/free-port.ts'
import type { Engine } from '../../src/contract/engine.ts'
import { codeOfRefused, delivered, idsOf, LONG_MS, parked } from '../conformance/fixtures.ts'
import { append, list, makeGroup, pending, read } from '../conformance/requests.ts'
import { until } from '../support/http.ts'
import { describeOnServer } from '../support/on-server.ts'
import { clusterForTest, engineForTest, redisForTest } from '../support/redis-engine.ts'
import { startRedis } from '../support/redis-server.ts'
import { temporaryDirectory } from '../support/weir.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }

describeOnServer('the Redis engine', () => {
  it('opens while Redis is down, and becomes ready when Redis starts', async () => {
    const port = await freePort()
    const engine = await engineForTest(`redis://127.0.0.1:${port}`)
    expect(await engine.status()).toMatchObject({
      ready: false,
      reason: expect.stringContaining('ECONNREFUSED')
    })
    expect(await codeOfRefused(append(engine, orders, '1-0'))).toBe('engine-unavailable')
    expect(await codeOfRefused(engine.listStreams({ prefix: '', limit: 1 }))).toBe('engine-unavailable')
    await redisForTest({ port })
    await becomesReady(engine)
    expect(await append(engine, orders, '1-0')).toEqual(['1-0'])
    expect((await engine.status()).servers).toMatchObject([{ isReady: true, reconnects: 0 }])
  })

  it('reconnects after a crash of Redis, and serves readers that were waiting before it', async () => {
    const directory = await temporaryDirectory()
    const args = ['--appendonly', 'yes', '--appendfsync', 'always']
    const before = await redisForTest({ directory, args })
    const engine = await engineForTest(before.url)
    await makeGroup(engine, billing)
    const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    const short = await parked(engine, () => read(engine, { ...ann, waitMs: 100 }))
    await before.kill()
    // Only a Redis that answers can confirm that no entry is new.
    expect(await codeOfRefused(short.answer)).toBe('engine-unavailable')
    expect(await codeOfRefused(append(engine, orders, '1-0'))).toBe('engine-unavailable')
    await redisForTest({ directory, args, port: before.port })
    await becomesReady(engine)
    await append(engine, orders, '1-0')
    expect(await answer).toEqual([delivered('1-0')])
    expect((await engine.status()).servers).toMatchObject([{ reconnects: 1 }])
  })

  it('acknowledges only appends that Redis confirmed when Redis is killed under load', async () => {
    const directory = await temporaryDirectory()
    const args = ['--appendonly', 'yes', '--appendfsync', 'always']
    const before = await redisForTest({ directory, args })
    const engine = await engineForTest(before.url)
    const kept: string[] = []
    const refusals = new Set<string>()
    let killing: Promise<void> | undefined
    const work = async (worker: number) => {
      while (!refusals.has('engine-unavailable')) {
        const stream = { stream: `orders-${worker}` }
        const appended = append(engine, stream, '*').then(([id]) => kept.push(`${worker} ${id}`))
        await appended.catch((error) => refusals.add(error.code))
        if (kept.length >= 300) killing ??= before.kill()
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, worker) => work(worker)))
    await killing
    expect([...refusals].sort()).toEqual(['engine-unavailable', 'outcome-unknown'])
    await redisForTest({ directory, args, port: before.port })
    await becomesReady(engine)
    const found = new Set<string>()
    for (let worker = 0; worker < 16; worker++) {
      for (const id of idsOf(await list(engine, { stream: `orders-${worker}` }))) found.add(`${worker} ${id}`)
    }
    expect(kept.filter((one) => !found.has(one))).toEqual([])
  })

  it('answers outcome-unknown to a change when Redis stops responding, and sends no further one', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await append(engine, orders, '1-0')
    server.process.kill('SIGSTOP')
    const appended = codeOfRefused(append(engine, orders, '2-0'))
    const listed = codeOfRefused(list(engine, orders))
    await until(async () => !(await engine.status()).ready)
    expect((await engine.status()).reason).toBe('Redis does not respond')
    expect(await codeOfRefused(append(engine, orders, '3-0'))).toBe('engine-unavailable')
    expect(await appended).toBe('outcome-unknown')
    expect(await listed).toBe('engine-unavailable')
    server.process.kill('SIGCONT')
    await becomesReady(engine)
    expect(idsOf(await list(engine, orders))).not.toContain('3-0')
  })

  it('does not mistake its own blocked event loop for an unresponsive Redis', async () => {
    const engine = await engineForTest((await redisForTest()).url)
    await append(engine, orders, '1-0')
    const listed = new Promise<string[]>((resolve, reject) => {
      // Runs after the next heartbeat in the same turn, so that the answer to the heartbeat is read only after this
      // request.
      setTimeout(() => {
        block(2500)
        list(engine, orders).then((entries) => resolve(idsOf(entries)), reject)
      }, 550)
      block(600)
    })
    expect(await listed).toEqual(['1-0'])
    expect((await engine.status()).servers).toMatchObject([{ isReady: true, reconnects: 0 }])
  })

  it('answers requests that arrive during a pause of Redis after the pause', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await server.command('CLIENT', 'PAUSE', '300', 'ALL')
    expect(await append(engine, orders, '1-0')).toEqual(['1-0'])
    expect(idsOf(await list(engine, orders))).toEqual(['1-0'])
  })

  it('is not ready while its Redis is a replica, and ready again once it is a master', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await append(engine, orders, '1-0')
    await server.command('REPLICAOF', '127.0.0.1', '1')
    expect(await codeOfRefused(append(engine, orders, '2-0'))).toBe('engine-unavailable')
    await until(async () => /replica/.test((await engine.status()).reason ?? ''))
    await server.command('REPLICAOF', 'NO', 'ONE')
    await becomesReady(engine)
    expect(await append(engine, orders, '2-0')).toEqual(['2-0'])
  })

  it('refuses requests that need memory without side effects if Redis has none, and serves the others', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    await server.command('CONFIG', 'SET', 'maxmemory', '1')
    expect(await codeOfRefused(append(engine, orders, '3-0'))).toBe('storage-full')
    expect(await codeOfRefused(append(engine, orders, '3-0', '4-0'))).toBe('storage-full')
    expect(await codeOfRefused(engine.ensureStream({ stream: 'bills', onlyNew: true }))).toBe('storage-full')
    expect(idsOf(await read(engine, ann))).toEqual(['1-0', '2-0'])
    expect(await engine.ackEntries({ ...billing, ids: [1n << 64n] })).toMatchObject({ acked: 1 })
    await server.command('CONFIG', 'SET', 'maxmemory', '0')
    expect(await append(engine, orders, '3-0')).toEqual(['3-0'])
  })

  it('refuses requests while Redis loads its data, and serves them afterwards', async () => {
    const server = await redisForTest({ args: ['--enable-debug-command', 'yes'] })
    const engine = await engineForTest(server.url)
    await append(engine, orders, '1-0')
    for (let i = 0; i < 20; i++) await server.command('SET', `other-${i}`, randomBytes(2000).toString('hex'))
    await server.command(
      'CONFIG',
      'SET',
      'key-load-delay',
      '50000',
      'loading-process-events-interval-bytes',
      '1024'
    )
    const loading = server.command('DEBUG', 'RELOAD')
    await until(
      async () => (await list(engine, orders).catch((error) => error.code)) === 'engine-unavailable'
    )
    await loading
    await becomesReady(engine)
    expect(idsOf(await list(engine, orders))).toEqual(['1-0'])
  })

  it('is not ready with a wrong password, and reports it', async () => {
    const server = await redisForTest({ password: 'right' })
    const engine = await engineForTest(`redis://:wrong@127.0.0.1:${server.port}`)
    expect(await engine.status()).toMatchObject({ ready: false, reason: expect.stringContaining('password') })
    expect(await codeOfRefused(append(engine, orders, '1-0'))).toBe('engine-unavailable')
    await server.command('CONFIG', 'SET', 'requirepass', 'wrong')
    await becomesReady(engine)
    expect((await engine.status()).servers?.[0]?.address).not.toContain('wrong')
  })

  it('loads its scripts again if Redis has lost them', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await server.command('SCRIPT', 'FLUSH')
    await append(engine, orders, '1-0', '2-0')
    await makeGroup(engine, billing)
    expect(idsOf(await read(engine, ann))).toEqual(['1-0', '2-0'])
    expect(await pending(engine, billing)).toHaveLength(2)
  })

  it('reports a stream as not found if its key has another type, and does not change the key', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await server.command('SET', 'orders', 'x')
    expect(await codeOfRefused(append(engine, orders, '1-0'))).toBe('stream-conflict')
    expect(await codeOfRefused(append(engine, orders, '1-0', '2-0'))).toBe('stream-conflict')
    expect(await codeOfRefused(engine.ensureStream({ ...orders, onlyNew: false }))).toBe('stream-conflict')
    expect(await codeOfRefused(engine.getStream(orders))).toBe('stream-not-found')
    expect(await codeOfRefused(engine.deleteStream(orders))).toBe('stream-not-found')
    expect(await server.command('GET', 'orders')).toBe('x')
  })
})

describeOnServer('the Redis engine on a cluster', () => {
  it('refuses requests for a slot that no server has, until a server has it', async () => {
    const server = await clusterForTest()
    const engine = await engineForTest(`${server.url}?cluster`)
    await append(engine, orders, '1-0')
    const slot = String(await server.command('CLUSTER', 'KEYSLOT', 'orders'))
    await server.command('CLUSTER', 'DELSLOTS', slot)
    expect(await codeOfRefused(append(engine, orders, '2-0'))).toBe('engine-unavailable')
    await server.command('CLUSTER', 'ADDSLOTS', slot)
    expect(await until(() => append(engine, orders, '2-0').catch(() => undefined))).toEqual(['2-0'])
  })

  it('follows a slot that moves, and still serves the readers that wait there', async () => {
    const here = await clusterForTest()
    const there = await startRedis({ args: ['--cluster-enabled', 'yes'] })
    const engine = await engineForTest(`${here.url}?cluster`)
    try {
      await makeGroup(engine, billing)
      const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
      await moveSlot(here, there, 'orders')
      expect(await until(() => append(engine, orders, '1-0').catch(() => undefined))).toEqual(['1-0'])
      expect(await answer).toEqual([delivered('1-0')])
      expect(await there.command('XLEN', 'orders')).toBe(1)
      expect(await append(engine, { stream: 'bills' }, '1-0')).toEqual(['1-0'])
      expect(await here.command('XLEN', 'bills')).toBe(1)
    } finally {
      await there.stop()
    }
  })

  it('serves a request that arrives while a slot moves, although one of its two keys does not exist', async () => {
    const here = await clusterForTest()
    const there = await startRedis({ args: ['--cluster-enabled', 'yes'] })
    const engine = await engineForTest(`${here.url}?cluster`)
    try {
      await append(engine, orders, '1-0')
      await makeGroup(engine, billing)
      let answer: Promise<unknown> = Promise.resolve()
      await moveSlot(here, there, 'orders', async () => {
        answer = read(engine, ann)
        await until(async () => String(await here.command('INFO', 'errorstats')).includes('TRYAGAIN'))
      })
      expect(await answer).toEqual([delivered('1-0')])
    } finally {
      await there.stop()
    }
  })
})

type Server = Awaited<ReturnType<typeof startRedis>>

/** Joins two servers to one Cluster, and moves the slot of a key with its data, as an operator does. */
async function moveSlot(
  here: Server,
  there: Server,
  key: string,
  meanwhile = async (): Promise<void> => {}
): Promise<void> {
  const idOf = async (server: Server) => String(await server.command('CLUSTER', 'MYID'))
  const [hereId, thereId] = [await idOf(here), await idOf(there)]
  await here.command('CLUSTER', 'MEET', '127.0.0.1', String(there.port))
  const knows = async (server: Server, id: string) =>
    String(await server.command('CLUSTER', 'NODES')).includes(`${id} 127.0.0.1`)
  await until(async () => (await knows(there, hereId)) && (await knows(here, thereId)))
  await until(async () => String(await there.command('CLUSTER', 'INFO')).includes('cluster_state:ok'))
  const slot = String(await here.command('CLUSTER', 'KEYSLOT', key))
  await there.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', hereId)
  await here.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', thereId)
  await meanwhile()
  await here.command('MIGRATE', '127.0.0.1', String(there.port), key, '0', '5000')
  await there.command('CLUSTER', 'SETSLOT', slot, 'NODE', thereId)
  await here.command('CLUSTER', 'SETSLOT', slot, 'NODE', thereId)
}

/** Blocks the event loop for this time. */
function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

async function becomesReady(engine: Engine): Promise<void> {
  await until(async () => (await engine.status()).ready)
}
