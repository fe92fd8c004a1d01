import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePlace } from '../../src/redis/address.ts'
import { openRedisEngine } from '../../src/redis/engine.ts'
import {
  type Program,
  type RedisServer,
  startCluster,
  startRedis,
  versionOf
} from '../support/redis-server.ts'
import { engineContract, type Opened } from './contract.ts'
import { differencesBefore } from './differences.ts'

suite('the Redis engine on one Redis', 'redis-server', startRedis)
suite('the Redis engine on a Redis Cluster', 'redis-server', startCluster)
suite('the Redis engine on Valkey', 'valkey-server', startRedis)

/** Holds the engine to the contract on a server of this kind, and says so where that is not installed. */
function suite(
  name: string,
  program: Program,
  start: (options: { program: Program }) => Promise<RedisServer>
): void {
  const version = versionOf(program)
  if (version === undefined) {
    describe(name, () => sayMissing(program))
    return
  }
  describe(`with ${program}`, () => {
    let server: RedisServer
    beforeAll(async () => {
      server = await start({ program })
    })
    afterAll(() => server.stop())
    engineContract(name, () => open(server), differencesBefore(version))
  })
}

/** Where everything is to be there, a missing Redis is a failure. Valkey is not in every release of Debian. */
function sayMissing(program: Program): void {
  if (program === 'valkey-server')
    it('is not held to the contract here, where Valkey is not installed', () => {})
  else if (process.env['CI'] === undefined) it.skip(`${program} is not installed`)
  else it('is held to the contract', () => expect.fail(`${program} is not installed`))
}

async function open(server: RedisServer): Promise<Opened> {
  await server.command('FLUSHALL')
  const place = parsePlace(server.isCluster ? `${server.url}?cluster` : server.url)
  if (place === undefined) throw new Error('The server has no address')
  const maxWaiting = 12
  const maxWaitingPlaces = 24
  const engine = await openRedisEngine({ place, prefix: '', maxWaiting, maxWaitingPlaces })
  return {
    engine,
    maxWaiting,
    maxWaitingPlaces,
    spanMs: 500,
    // Redis' clock is the real one; a millisecond more, because it counts whole ones.
    elapse: (ms) => sleep(ms + 1),
    close: () => engine.close()
  }
}
