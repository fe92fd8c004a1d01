import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Suites that start Weir as its users do: as a process, built into dist/. */
const WITH_PROCESSES = [
  'test/check.test.ts',
  'test/install.test.ts',
  'test/main.test.ts',
  'test/operate/**/*.test.ts',
  'test/readme.test.ts',
  'test/story/**/*.test.ts'
]

/** Suites that must come out the same on the other engine. Where everything is to be there, they fail without it. */
const hasRedis = process.env['CI'] !== undefined || spawnSync('redis-server', ['--version']).status === 0
const ON_REDIS = hasRedis ? ['test/http/**/*.test.ts'] : []
if (!hasRedis) process.stderr.write('redis-server is not installed: what needs it is skipped\n')
/** Suites that look at the console in a browser. */
const IN_BROWSER = ['test/browser/**/*.test.ts']

export default defineConfig({
  test: {
    // Safety nets for a test that hangs, not measures of speed: a busy machine takes several times as long as an
    // idle one, above all where real processes are started.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // Vitest leaves a processor free, and of two that is half: suites that wait for disks and deadlines stood in line.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        extends: true,
        test: {
          name: 'in-process',
          include: ['test/**/*.test.ts'],
          exclude: [...WITH_PROCESSES, ...IN_BROWSER]
        }
      },
      {
        extends: true,
        test: {
          name: 'http-on-redis',
          include: ON_REDIS,
          env: { WEIR_ENGINE: 'redis' },
          ...(hasRedis && { globalSetup: 'test/support/shared-redis.ts' })
        }
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: WITH_PROCESSES,
          testTimeout: 180_000,
          globalSetup: 'test/support/build.ts'
        }
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: IN_BROWSER,
          testTimeout: 180_000,
          globalSetup: 'test/support/build.ts'
        }
      }
    ]
  }
})
