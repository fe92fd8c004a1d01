import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import type { Engine } from '../../src/contract/engine.ts'
import { parseAddress } from '../../src/redis/connection/address.ts'
import { openRedisEngine } from '../../src/redis/engine.ts'
import { startRedis } from './redis-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
  }
}

/** Starts one Redis for all suites of a vitest project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startRedis()
  project.provide('redisUrl', server.url)
  return () => server.stop()
}

/** Opens an engine on that Redis, with a key prefix of its own. */
export function openSharedRedis(maxWaiting: number): Promise<Engine> {
  const place = parseAddress(inject('redisUrl'))
  if (place === undefined) throw new Error('The project has no Redis')
  return openRedisEngine({ address: place, prefix: `${randomUUID()}:`, maxWaiting })
}
