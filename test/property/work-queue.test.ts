import fc from 'fast-check'
import { it, vi } from 'vitest'
import { LEASE_AFTER_RESTART_MS } from '../../src/contract/delivery-policy.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { temporaryMemory } from '../support/weir.ts'
import { programs } from '../support/work-queue/program.ts'
import { ROUNDS, ROUNDS_TIMEOUT_MS } from '../support/work-queue/rounds.ts'
import { runProgram } from '../support/work-queue/run.ts'
import type { Stage } from '../support/work-queue/stage.ts'

it('every entry of a group with a delivery policy is acked or dead in the end, whatever its workers do', {
  timeout: ROUNDS_TIMEOUT_MS
}, async () => {
  // Time passes for the timers of the engine as it does for its clock: only by `pass`.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const directory = await temporaryMemory()
  let runs = 0
  const property = fc.asyncProperty(programs, async (program) => {
    const stage = await openStage(`${directory}/${runs++}`)
    await runProgram(stage, program).finally(() => stage.engine.close())
  })
  try {
    await fc.assert(property, { numRuns: 60 * ROUNDS })
  } finally {
    vi.useRealTimers()
  }
})

async function openStage(directory: string): Promise<Stage> {
  let now = 1_750_000_000_000
  const options = { directory, fsync: 'never', maxWaiting: 10, now: () => now } as const
  let engine = await openEmbeddedEngine(options)
  return {
    get engine() {
      return engine
    },
    now: () => now,
    async pass(ms) {
      now += ms
      await vi.advanceTimersByTimeAsync(ms)
    },
    async yield() {
      await vi.advanceTimersByTimeAsync(0)
      await new Promise((resolve) => setImmediate(resolve))
    },
    async restart() {
      await engine.close()
      // Leases that began before the start did so at an earlier time.
      now++
      engine = await openEmbeddedEngine(options)
    },
    restartMs: LEASE_AFTER_RESTART_MS,
    isStill: true,
    leaseMs: 100
  }
}
