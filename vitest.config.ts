import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { hasRedis, missingServers, serverPrograms } from './test/support/server-programs.ts'

/** Suites that start Weir as its users do: as a process, built into dist/. */
const WITH_PROCESSES = [
  'test/check.test.ts',
  'test/docs.test.ts',
  'test/install.test.ts',
  'test/main.test.ts',
  'test/node.test.ts',
  'test/operate/**/*.test.ts',
  'test/story/**/*.test.ts'
]

/** Suites that run on each Redis and Valkey server, in a project named after it. */
const ON_SERVERS = [
  'test/conformance/redis.test.ts',
  'test/differential/**/*.test.ts',
  'test/redis/**/*.test.ts'
]

/** Suites that run on the first and on the last of these servers, each as a Cluster: of those of CI, the oldest and the newest. */
const ON_CLUSTERS = ['test/conformance/cluster.test.ts']

const servers = [...serverPrograms(), ...missingServers().map((name) => ({ name, program: '' }))]
const isFirstOrLast = (index: number) => index === 0 || index === servers.length - 1

/** Suites that must come out the same on the other engine: on the first server of the list. */
const ON_REDIS = ['test/http/**/*.test.ts']

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
    reporters: ['default', './test/support/server-report.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'in-process',
          include: ['test/**/*.test.ts'],
          exclude: [...WITH_PROCESSES, ...IN_BROWSER, ...ON_SERVERS, ...ON_CLUSTERS]
        }
      },
      ...servers.map(({ name, program }, index) => ({
        extends: true as const,
        test: {
          name,
          include: isFirstOrLast(index) ? [...ON_SERVERS, ...ON_CLUSTERS] : ON_SERVERS,
          env: { TEST_SERVER: program }
        }
      })),
      {
        extends: true,
        test: {
          name: 'http-on-redis',
          include: hasRedis() ? ON_REDIS : [],
          env: { WEIR_ENGINE: 'redis' },
          ...(hasRedis() && { globalSetup: 'test/support/shared-redis.ts' })
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
