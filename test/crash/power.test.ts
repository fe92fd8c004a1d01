import { describe, expect, it } from 'vitest'
import type { Fsync } from '../../src/embedded/journal/options.ts'
import { Machine } from '../support/crash-machine.ts'
import { ROUNDS, ROUNDS_TIMEOUT_MS } from '../support/crash-rounds.ts'
import { Random } from '../support/random.ts'
import { temporaryMemory } from '../support/weir.ts'

describe('a power failure, or a sync that fails and then a power failure,', () => {
  /** What a machine comes to that fails several times, each time after a random number of steps. */
  async function failAgainAndAgain(fsync: Fsync, seed: number): Promise<number> {
    const random = new Random(seed)
    const machine = new Machine(await temporaryMemory(), fsync)
    for (let lives = random.integer(2, 6); lives > 0; lives--) {
      const odds = random.oneOf(1, 2, 5)
      await machine.live({
        seed: random.integer(0, 2 ** 31),
        endsAfter: random.integer(0, random.oneOf(20, 100, 400)),
        luck: random.once(4) ? null : () => !random.once(odds),
        ...(random.once(2) && { syncFailsAt: random.integer(0, random.oneOf(5, 30)) })
      })
    }
    await machine.rest()
    return machine.lost
  }

  it.each(['always', 'everysec', 'never'] as const)(
    'leaves what was promised, whichever of the unsynced sectors survive: fsync %s',
    async (fsync) => {
      let lost = 0
      for (let n = 0; n < 60 * ROUNDS; n++) {
        const seed = Math.floor(Math.random() * 2 ** 31)
        lost += await failAgainAndAgain(fsync, seed).catch((error) => {
          throw new Error(`With seed ${seed}: ${error}`, { cause: error })
        })
      }
      // Otherwise there was nothing to take back.
      expect(lost).toBeGreaterThan(0)
    },
    ROUNDS_TIMEOUT_MS
  )

  it(
    'or the end of the process may come at every step',
    async () => {
      const machine = new Machine(await temporaryMemory(), 'always')
      for (let endsAfter = 0; endsAfter < 250; endsAfter++) {
        for (const luck of [() => false, null]) await machine.live({ seed: 7, endsAfter, luck })
      }
      await machine.rest()
    },
    ROUNDS_TIMEOUT_MS
  )
})
