import { describe } from 'vitest'
import { redisForTest } from './redis-engine.ts'
import { hasRedis } from './server-programs.ts'
import { temporaryDirectory } from './weir.ts'

export type EngineName = 'embedded' | 'redis'

/** The storage of an engine for one test. */
export interface Store {
  /** The environment of a Weir that uses it. */
  readonly environment: Readonly<Record<string, string>>
  /** Kills the process that stores the data and starts it again, unless that process is Weir itself. */
  crash(): Promise<void>
}

/** A suite on each engine. On Redis it is skipped if the machine has no server. */
export function describeOnEngines(name: string, define: (engine: EngineName) => void): void {
  describe(`${name} on the embedded engine`, () => define('embedded'))
  describe.runIf(hasRedis())(`${name} on Redis`, () => define('redis'))
}

/** A store that acknowledges only what is on disk. */
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
