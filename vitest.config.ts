import { defineConfig } from 'vitest/config'

/** Suites that start Weir as its users do: as a process, built into dist/. */
const WITH_PROCESSES = [
  'test/install.test.ts',
  'test/main.test.ts',
  'test/readme.test.ts',
  'test/story/**/*.test.ts'
]

export default defineConfig({
  test: {
    // A safety net for a test that hangs, not a measure of speed: the slowest suites start real processes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'in-process', include: ['test/**/*.test.ts'], exclude: WITH_PROCESSES }
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: WITH_PROCESSES,
          globalSetup: 'test/support/build.ts'
        }
      }
    ]
  }
})
