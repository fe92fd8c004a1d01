import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import { type Program, programs } from '../support/work-queue/program.ts'
import { ROUNDS, ROUNDS_TIMEOUT_MS } from '../support/work-queue/rounds.ts'
import { runProgram } from '../support/work-queue/run.ts'
import type { Stage } from '../support/work-queue/stage.ts'

describeOnServer('a group with a delivery policy', () => {
  it('has every entry acked or dead in the end, whatever its workers do on two nodes', {
    timeout: ROUNDS_TIMEOUT_MS
  }, async () => {
    const server = await redisForTest()
    let [next, other] = [await engineForTest(server.url), await engineForTest(server.url)]
    const stage: Stage = {
      /** The nodes take turns. */
      get engine(): Engine {
        ;[next, other] = [other, next]
        return other
      },
      now: () => Date.now(),
      pass: (ms) => sleep(ms + 1),
      yield: () => sleep(5),
      async restart() {
        await next.close()
        next = await engineForTest(server.url)
      },
      restartMs: 0,
      isStill: false,
      leaseMs: 300
    }
    const run = async (program: Program) => {
      await server.command('FLUSHALL')
      await runProgram(stage, program)
    }
    // A smaller program that fails would take minutes to find, because time is real.
    await fc.assert(fc.asyncProperty(programs, run), { numRuns: 3 * ROUNDS, endOnFailure: true })
  })
})
