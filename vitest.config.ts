import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { hasRedis, missingServers, serverPrograms } from './test/support/server-programs.ts'

/** Suites that start Weir like its users: as a process, from the build in dist/. */
const WITH_PROCESSES = [
  'test/breaking.test.ts',
  'test/check.test.ts',
  'test/docs.test.ts',
  'test/install.test.ts',
  'test/main.test.ts',
  'test/node.test.ts',
  'test/operate/**/*.test.ts',
  'test/story/**/*.test.ts'
]

/** Suites that run on each Redis and Valkey server, in a project that is named after the server. */
const ON_SERVERS = [
  'test/conformance/redis.test.ts',
  'test/differential/**/*.test.ts',
  'test/redis/**/*.test.ts'
]

/**
 * Suites that run on a Cluster of the first server, and of the last one. In CI, these are the oldest and the
 * newest.
 */
const ON_CLUSTERS = ['test/conformance/cluster.test.ts']

const servers = [...serverPrograms(), ...missingServers().map((name) => ({ name, program: '' }))]
const isFirstOrLast = (index: number) => index === 0 || index === servers.length - 1

/** Suites that must have the same results with the Redis engine, on the first server of the list. */
const ON_REDIS = ['test/http/**/*.test.ts']

/** Suites that use the console in a browser. */
const IN_BROWSER = ['test/browser/**/*.test.ts']

/** Suites of the workers on generated clients. They need many toolchains, so `npm run sdk` runs them, and sets CLIENTS. */
const OF_CLIENTS = ['test/clients/**/*.test.ts']

export default defineConfig({
  test: {
    // Safety nets for a test that hangs, not limits on speed: a busy machine takes several times as long as
    // an idle one, above all to start processes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // By default, Vitest leaves one processor free, which is half of two. Suites that wait for disks and
    // deadlines would queue.
    maxWorkers: Math.max(2, availableParallelism()),
    reporters: ['default', './test/support/server-report.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'in-process',
          include: ['test/**/*.test.ts'],
          exclude: [...WITH_PROCESSES, ...IN_BROWSER, ...ON_SERVERS, ...ON_CLUSTERS, ...OF_CLIENTS]
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
      },
      ...(process.env['CLIENTS'] === undefined
        ? []
        : [
            {
              extends: true as const,
              test: {
                name: 'clients',
                include: OF_CLIENTS,
                globalSetup: 'test/support/build.ts'
              }
            }
          ])
    ]
  }
})
