import { onTestFinished } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { parseAddress } from '../../src/redis/connection/address.ts'
import { openRedisEngine, type RedisOptions } from '../../src/redis/engine.ts'
import { type RedisServer, type RedisServerOptions, startCluster, startRedis } from './redis-server.ts'

/** Starts a server, which is stopped when the test is over. */
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

/** Opens an engine on the server with this address. It is closed when the test is over. */
export async function engineForTest(url: string, options: Partial<RedisOptions> = {}): Promise<Engine> {
  const address = parseAddress(url)
  if (address === undefined) throw new Error(`"${url}" is not a valid address`)
  const engine = await openRedisEngine({ address, prefix: '', maxWaiting: 20_000, ...options })
  onTestFinished(() => engine.close())
  return engine
}
