import type { Contender } from '../contender.ts'
import type { Server } from '../server.ts'
import type { Client } from './client.ts'
import { HttpClient } from './http-client.ts'
import { RedisClient } from './redis-client.ts'

/** A client for a contender: over its routes if it has Weir's, and otherwise for the Redis behind it. */
export function clientOf(contender: Contender, { port, redisPort }: Server): Client {
  const isRedis = contender === 'direct' || contender === 'webdis'
  return isRedis && redisPort !== undefined ? new RedisClient(redisPort) : new HttpClient(port)
}
