import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import type { Contender } from '../contender.ts'
import type { Server } from '../server.ts'
import type { Client } from './client.ts'
import { HttpClient } from './http-client.ts'
import { RedisClient } from './redis-client.ts'

/**
 * Returns a client for a contender: an HTTP client if the contender has Weir's routes, else a client of its Redis.
 * `delivery`: the delivery policy of the group, which only Weir supports. Default: none.
 */
export function clientOf(
  contender: Contender,
  { port, redisPort }: Server,
  delivery?: DeliveryPolicy
): Client {
  const isRedis = contender === 'direct' || contender === 'webdis'
  return isRedis && redisPort !== undefined ? new RedisClient(redisPort) : new HttpClient(port, delivery)
}
