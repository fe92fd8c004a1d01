import { onTestFinished } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { parseAddress } from '../../src/redis/connection/address.ts'
import { openRedisEngine, type RedisOptions } from '../../src/redis/engine.ts'
import { type RedisServer, type RedisServerOptions, startCluster, startRedis } from './redis-server.ts'

/** A server for one test. */
export async function redisForTest(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

export async function clusterForTest(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startCluster(options)
  onTestFinished(() => server.stop())
  return server
}

/** An engine on the server with this address, for one test. */
export async function engineForTest(url: string, options: Partial<RedisOptions> = {}): Promise<Engine> {
  const place = parseAddress(url)
  if (place === undefined) throw new Error(`"${url}" is no address`)
  const engine = await openRedisEngine({ address: place, prefix: '', maxWaiting: 20_000, ...options })
  onTestFinished(() => engine.close())
  return engine
}
