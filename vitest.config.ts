import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A safety net for a test that hangs, not a measure of speed: the slowest suites start real processes.
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
