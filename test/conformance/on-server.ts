import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { parseAddress } from '../../src/redis/connection/address.ts'
import { openRedisEngine } from '../../src/redis/engine.ts'
import { describeOnServer } from '../support/on-server.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { makeUser } from '../support/rights.ts'
import { engineContract } from './contract.ts'
import { differencesOn } from './differences.ts'
import type { TestEngine } from './test-context.ts'

/** Tests the Redis engine against the contract, on the server of the Vitest project, started by `start`. */
export function engineContractOn(name: string, start: () => Promise<RedisServer>): void {
  describeOnServer(name, (server) => {
    let started: RedisServer
    let url: string
    beforeAll(async () => {
      started = await start()
      // A user with only the rights that docs/redis.md lists.
      url = await makeUser(started)
    })
    afterAll(() => started.stop())
    engineContract(name, () => open(started, url), differencesOn(server))
  })
}

async function open(server: RedisServer, url: string): Promise<TestEngine> {
  await server.command('FLUSHALL')
  const place = parseAddress(server.isCluster ? `${url}?cluster` : url)
  if (place === undefined) throw new Error('The server has no address')
  const maxWaiting = 12
  const maxWaitingPlaces = 24
  const engine = await openRedisEngine({ address: place, prefix: '', maxWaiting, maxWaitingPlaces })
  return {
    engine,
    maxWaiting,
    maxWaitingPlaces,
    spanMs: 500,
    // Redis uses the real clock. It counts whole milliseconds, hence one more.
    elapse: (ms) => sleep(ms + 1),
    close: () => engine.close()
  }
}
