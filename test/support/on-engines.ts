import { describe } from 'vitest'
import { redisForTest } from './redis-engine.ts'
import { hasRedis } from './server-programs.ts'
import { temporaryDirectory } from './weir.ts'

export type EngineName = 'embedded' | 'redis'

/** What Weir keeps streams in during one test. */
export interface Store {
  /** For each Weir that is to keep them there. */
  readonly environment: Readonly<Record<string, string>>
  /** Kills what keeps them, if that is another process than Weir, and starts it again. */
  crash(): Promise<void>
}

/** A suite on each engine; on Redis it is skipped where there is none. */
export function describeOnEngines(name: string, define: (engine: EngineName) => void): void {
  describe(`${name} on the embedded engine`, () => define('embedded'))
  describe.runIf(hasRedis())(`${name} on Redis`, () => define('redis'))
}

/** A store that answers only for what is on disk. */
export async function storeForTest(engine: EngineName): Promise<Store> {
  const directory = await temporaryDirectory()
  if (engine === 'embedded') return { environment: { WEIR_DATA_DIR: directory }, crash: async () => {} }
  const args = ['--appendonly', 'yes', '--appendfsync', 'always']
  let redis = await redisForTest({ directory, args })
  return {
    environment: { WEIR_ENGINE: 'redis', WEIR_REDIS_URL: redis.url },
    async crash() {
      const { port } = redis
      await redis.kill()
      redis = await redisForTest({ directory, args, port })
    }
  }
}
