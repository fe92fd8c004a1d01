import { describe, expect, it } from 'vitest'
import type { Fsync } from '../../src/embedded/journal/options.ts'
import { Machine } from '../support/crash-machine.ts'
import { ROUNDS, ROUNDS_TIMEOUT_MS } from '../support/crash-rounds.ts'
import { Random } from '../support/random.ts'
import { temporaryMemory } from '../support/weir.ts'

describe('an engine after power failures', () => {
  /**
   * Lets a machine fail several times, each time after a random number of steps. Returns how many commits were lost.
   */
  async function failAgainAndAgain(fsync: Fsync, seed: number): Promise<number> {
    const random = new Random(seed)
    const machine = new Machine(await temporaryMemory(), fsync)
    for (let runs = random.integer(2, 6); runs > 0; runs--) {
      const odds = random.oneOf(1, 2, 5)
      await machine.run({
        seed: random.integer(0, 2 ** 31),
        endsAfter: random.integer(0, random.oneOf(20, 100, 400)),
        luck: random.once(4) ? null : () => !random.once(odds),
        ...(random.once(2) && { syncFailsAt: random.integer(0, random.oneOf(5, 30)) })
      })
    }
    await machine.checkFinalState()
    return machine.lost
  }

  it.each(['always', 'everysec', 'never'] as const)(
    'has what was promised, whichever unsynced sectors survive and even if a sync failed before: fsync %s',
    async (fsync) => {
      let lost = 0
      for (let n = 0; n < 60 * ROUNDS; n++) {
        const seed = Math.floor(Math.random() * 2 ** 31)
        lost += await failAgainAndAgain(fsync, seed).catch((error) => {
          throw new Error(`With seed ${seed}: ${error}`, { cause: error })
        })
      }
      // Without losses, the test would show nothing.
      expect(lost).toBeGreaterThan(0)
    },
    ROUNDS_TIMEOUT_MS
  )

  it(
    'has what was promised, at whichever step the power fails or the process ends',
    async () => {
      const machine = new Machine(await temporaryMemory(), 'always')
      for (let endsAfter = 0; endsAfter < 250; endsAfter++) {
        for (const luck of [() => false, null]) await machine.run({ seed: 7, endsAfter, luck })
      }
      await machine.checkFinalState()
    },
    ROUNDS_TIMEOUT_MS
  )
})
