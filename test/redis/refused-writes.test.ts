import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { codeOfRefused, entry, idsOf } from '../conformance/fixtures.ts'
import { append, list, makeGroup, read } from '../conformance/requests.ts'
import { RedisConnection } from '../differential/redis/connection.ts'
import { ann, billing, CHANGES, orders, page, prepare, READS } from '../support/every-operation.ts'
import { until } from '../support/http.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { temporaryDirectory } from '../support/weir.ts'

/** A way to make a server refuse writes, and the reason that Weir reports. */
interface Fault {
  readonly cause: (server: RedisServer, directory: string) => Promise<void>
  readonly repair: (server: RedisServer, directory: string) => Promise<void>
  readonly message: string
}

const FAULTS: [what: string, fault: Fault][] = [
  [
    'cannot save its data',
    {
      async cause(server, directory) {
        await rm(directory, { recursive: true })
        await server.command('BGSAVE')
        await until(async () => /rdb_last_bgsave_status:err/.test(String(await server.command('INFO'))))
      },
      repair: async (server) =>
        void (await server.command('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no')),
      message: 'Redis cannot save its data and does not accept writes'
    }
  ],
  [
    'is a replica',
    {
      cause: async (server) => void (await server.command('REPLICAOF', '127.0.0.1', '1')),
      repair: async (server) => void (await server.command('REPLICAOF', 'NO', 'ONE')),
      message: 'Redis is a replica and does not accept writes'
    }
  ]
]

describeOnServer('the Redis engine on a server that refuses writes', () => {
  it.each(FAULTS)('answers reads, and refuses changes with the reason: the server %s', async (_, fault) => {
    const { cause, repair, message } = fault
    const directory = await temporaryDirectory()
    const server = await redisForTest({ directory, args: ['--save', '3600 1000'] })
    const engine = await engineForTest(server.url)
    await prepare(engine)
    const before = await engine.describeStream({ ...orders, ...page })
    await cause(server, directory)
    for (const [operation, change] of Object.entries(CHANGES)) {
      const refusal = await change(engine).then(
        () => 'not refused',
        (error) => ({ code: error.code, message: error.message })
      )
      expect({ operation, refusal }).toEqual({
        operation,
        refusal: { code: 'engine-unavailable', message }
      })
    }
    // Reads are also sent over a new connection.
    for (const one of [engine, await engineForTest(server.url)]) {
      await until(async () => !(await one.status()).ready)
      expect(await one.status()).toMatchObject({
        ready: false,
        reason: message,
        servers: [{ isReady: false }]
      })
      for (const read of Object.values(READS)) await read(one)
      expect(idsOf(await list(one, orders))).toEqual(['1-0', '2-0'])
      expect((await one.describeStream({ ...orders, ...page })).groups).toMatchObject(
        before.groups.map(({ name, pending }) => ({ name, pending }))
      )
    }
    await repair(server, directory)
    await until(async () => (await engine.status()).ready)
    expect(await append(engine, orders, '3-0')).toEqual(['3-0'])
  })

  it('refuses a waiting reader of a group, but not a waiting reader of a stream', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await makeGroup(engine, billing)
    const inGroup = codeOfRefused(read(engine, { ...ann, waitMs: 3000 }))
    const atStream = list(engine, { ...orders, from: 'next', waitMs: 3000 })
    await until(async () => (await engine.status()).waiting === 2)
    await server.command('REPLICAOF', '127.0.0.1', '1')
    expect(await codeOfRefused(append(engine, orders, '1-0'))).toBe('engine-unavailable')
    expect(await inGroup).toBe('engine-unavailable')
    expect(await atStream).toEqual([])
  })

  it('reports that a script keeps the server busy, until the script ends', async () => {
    const server = await redisForTest({ args: ['--busy-reply-threshold', '1'] })
    const engine = await engineForTest(server.url)
    await append(engine, orders, '1-0')
    const endless = server.command('EVAL', 'while true do end', '0').catch((error: Error) => error.message)
    const busy = await until(() =>
      list(engine, orders).then(
        () => undefined,
        ({ code, message }) => ({ code, message })
      )
    )
    expect(busy).toEqual({ code: 'engine-unavailable', message: 'Redis is busy running a script' })
    await expect(append(engine, orders, '2-0')).rejects.toThrow('Redis is busy running a script')
    await killScript(server)
    expect(await endless).toMatch(/killed/i)
    await until(async () => (await engine.status()).ready)
    expect(await list(engine, orders)).toEqual([entry('1-0')])
  })
})

/** Kills the running script over a new connection: the connection of `server` waits for the script. */
async function killScript({ port }: RedisServer): Promise<void> {
  const connection = await RedisConnection.open(port)
  await connection.send([['SCRIPT', 'KILL']])
  connection.close()
}
