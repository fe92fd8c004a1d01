import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { EngineError } from '../../src/contract/errors.ts'
import { id, idsOf, LONG_MS, parked } from '../conformance/fixtures.ts'
import { nack, setPolicy } from '../conformance/policy-requests.ts'
import { append, deliver, list, makeGroup, pending, read } from '../conformance/requests.ts'
import { ann, CHANGES, orders, prepare, READS } from '../support/every-operation.ts'
import { until } from '../support/http.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { listedCommands, makeUser } from '../support/rights.ts'

/**
 * Operations work without these rights, but waiting readers are woken later, or a request fails after a restart of
 * Redis.
 */
const OPTIONAL = new Set(['client|id', 'client|unblock', 'eval', 'publish', 'subscribe', 'xread'])

const jobs = { stream: 'jobs' }
const workers = { ...jobs, group: 'workers' }
const cid = { ...workers, consumer: 'cid' }
const IDS = ['1-0', '2-0', '3-0']

/** A group with all kinds of companion keys. */
async function prepareQueue(engine: Engine): Promise<void> {
  await append(engine, jobs, ...IDS)
  await makeGroup(engine, workers, { delivery: { ackTimeoutMs: 60_000 } })
  await read(engine, cid)
  await nack(engine, workers, 'retry', ['1-0'], { delayMs: 60_000 })
  await nack(engine, workers, 'reject', ['2-0'])
}

/** Operations on that group. */
const QUEUE: Readonly<Record<string, (engine: Engine) => Promise<unknown>>> = {
  getGroup: (engine) => engine.getGroup(workers),
  listPending: (engine) => pending(engine, workers),
  listDead: (engine) => engine.listDead({ ...workers, limit: 10 }),
  ack: (engine) => engine.ackEntries({ ...workers, ids: [id('2-0')] }),
  nackEntries: (engine) => nack(engine, workers, 'release', IDS),
  readGroups: (engine) => read(engine, cid),
  updateGroup: (engine) => setPolicy(engine, workers, { maxDeliveries: 5 }),
  deleteGroup: (engine) => engine.deleteGroup({ ...workers, dropPending: true })
}

const EVERYTHING = [...Object.entries(READS), ...Object.entries(CHANGES), ...Object.entries(QUEUE)]

/** The conformance suite shows that these rights are enough: its engine logs in as this user. */
describeOnServer('the rights that docs/redis.md lists', () => {
  it('are all needed', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(await makeUser(server))
    await server.command('CONFIG', 'RESETSTAT')
    await engineForTest(await makeUser(server))
    await prepare(engine)
    await prepareQueue(engine)
    await waitAtTwoStreams(engine, server)
    const delivery = await deliver(engine, { ...ann, claimIdleMs: 0 })
    delivery.undo()
    for (const [, run] of EVERYTHING) await run(engine)
    await server.command('SCRIPT', 'FLUSH')
    await prepare(engine)
    const stats = String(await server.command('INFO', 'commandstats'))
    const used = new Set([...stats.matchAll(/^cmdstat_(\S+?):/gm)].map(([, command]) => command))
    expect(listedCommands().filter((command) => !used.has(command))).toEqual([])
  })

  let shared: RedisServer
  beforeAll(async () => {
    shared = await startRedis()
  })
  afterAll(() => shared.stop())

  it.each(listedCommands())(
    'make operations fail with a message about the user if one of them is missing: %s',
    async (command) => {
      const server = shared
      await server.command('FLUSHALL')
      const url = await makeUser(server)
      const other = await engineForTest(server.url)
      await prepare(other)
      await prepareQueue(other)
      await server.command('ACL', 'SETUSER', 'weir', `-${command}`)
      const engine = await engineForTest(url)
      const refused: string[] = []
      for (const [operation, run] of EVERYTHING) {
        await run(engine).catch((error) => {
          expect(error).toBeInstanceOf(EngineError)
          const { code, message } = error
          expect({ operation, code, message }).toEqual({
            operation,
            code: 'engine-unavailable',
            message: expect.stringContaining('The Redis user')
          })
          refused.push(operation)
        })
      }
      expect({ command, isOptional: refused.length === 0 }).toEqual({
        command,
        isOptional: OPTIONAL.has(command)
      })
    }
  )
})

/** The second reader makes Weir cancel the blocking command for the first one, once Redis has received it. */
async function waitAtTwoStreams(engine: Engine, server: RedisServer): Promise<void> {
  const other = { stream: 'returns' }
  await engine.ensureStream({ ...other, onlyNew: true })
  const readers = []
  for (const stream of [orders, other]) {
    readers.push(await parked(engine, () => list(engine, { ...stream, from: '2-5', waitMs: LONG_MS })))
    await until(async () => /^blocked_clients:1\r$/m.test(String(await server.command('INFO', 'clients'))))
  }
  await append(engine, other, '2-5')
  await append(engine, orders, '2-5')
  for (const { answer } of readers) expect(idsOf(await answer)).toEqual(['2-5'])
}
