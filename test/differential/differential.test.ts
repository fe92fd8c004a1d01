import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeOnServer } from '../support/on-server.ts'
import { Comparison } from './comparison.ts'
import { differencesOn } from './differences.ts'
import { Disagreement } from './mismatch.ts'
import { programs } from './random-programs.ts'

/*
 * Random programs of operations are run on Weir and, as the commands that stand for them, on the server of the
 * project: all answers, all refusals and the state at the end have to be the same, but for what `differences.ts` knows.
 * Nobody waits in them, and how requests are written is no matter of theirs: other suites are about that.
 *
 *     DIFFERENTIAL_PROGRAMS    how many programs; 1000 unless said otherwise
 *     DIFFERENTIAL_SEED        which ones: a run prints its seed, and this repeats it
 *
 * A program that they disagree about is shrunk and printed. When Weir was wrong, it becomes a test of what is mended;
 * when the difference is meant, it becomes the example of a new row in `differences.ts`.
 */

const PROGRAMS = Number(process.env['DIFFERENTIAL_PROGRAMS'] ?? 1000)
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Some 20 ms a program, on a machine that has several times as much to do, and all that shrinking takes. */
const TIMEOUT_MS = 120_000 + 200 * PROGRAMS

describeOnServer('Weir compared', (server) => {
  let comparison: Comparison
  beforeAll(async () => {
    comparison = await Comparison.begin(server)
  })
  afterAll(() => comparison?.end())

  it('agrees about any program of operations', { timeout: TIMEOUT_MS }, async () => {
    const repeat = `DIFFERENTIAL_SEED=${SEED} DIFFERENTIAL_PROGRAMS=${PROGRAMS}`
    console.log(`${PROGRAMS} programs, compared with ${server.title}; again with ${repeat}`)
    const agree = fc.asyncProperty(programs, (program) => comparison.run(program))
    await fc.assert(agree, { numRuns: PROGRAMS, seed: SEED })
    console.log(`${comparison.repeated} runs of programs were repeated because the clock ticked in a command`)
  })

  describe('differs where it is known that', () => {
    it.each(differencesOn(server).map((known) => [known.what, known.example]))(
      '%s',
      async (what, example) => {
        await comparison.run(example)
        await expect(comparison.run(example, { without: what })).rejects.toThrow(Disagreement)
      }
    )
  })
})
