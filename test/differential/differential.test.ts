import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeOnServer } from '../support/on-server.ts'
import { Comparison } from './comparison.ts'
import { differencesOn } from './differences.ts'
import { Disagreement } from './mismatch.ts'
import { programs } from './random-programs.ts'

/*
 * Runs random programs of operations on Weir, and the equivalent commands on the server of the project. All answers,
 * all refusals and the final state must be the same, except for the differences in `differences.ts`. No operation
 * waits, and none is sent over HTTP: other suites test that.
 *
 *     DIFFERENTIAL_PROGRAMS    the number of programs (1000)
 *     DIFFERENTIAL_SEED        the seed of the programs. A run prints its seed, so that it can be repeated
 *
 * A program on which they disagree is shrunk and printed. If Weir is wrong, it becomes a test of the fix. If the
 * difference is intended, it becomes the example of a new row in `differences.ts`.
 */

const PROGRAMS = Number(process.env['DIFFERENTIAL_PROGRAMS'] ?? 1000)
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** A program takes about 20 ms. The limit allows for a machine with other work, and for shrinking. */
const TIMEOUT_MS = 120_000 + 200 * PROGRAMS

describeOnServer('Weir and the equivalent commands', (server) => {
  let comparison: Comparison
  beforeAll(async () => {
    comparison = await Comparison.begin(server)
  })
  afterAll(() => comparison?.end())

  it('agree on random programs of operations', { timeout: TIMEOUT_MS }, async () => {
    const repeat = `DIFFERENTIAL_SEED=${SEED} DIFFERENTIAL_PROGRAMS=${PROGRAMS}`
    console.log(`Comparing ${PROGRAMS} programs with ${server.title}. Repeat with ${repeat}`)
    const agree = fc.asyncProperty(programs, (program) => comparison.run(program))
    await fc.assert(agree, { numRuns: PROGRAMS, seed: SEED })
    console.log(`${comparison.repeated} runs were repeated because the clock ticked during a command`)
  })

  describe('agree except that', () => {
    it.each(differencesOn(server).map((known) => [known.what, known.example]))(
      '%s',
      async (what, example) => {
        await comparison.run(example)
        await expect(comparison.run(example, { without: what })).rejects.toThrow(Disagreement)
      }
    )
  })
})
