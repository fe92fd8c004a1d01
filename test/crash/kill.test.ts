import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openStorage } from '../../src/embedded/storage.ts'
import type { Plan } from '../support/crash-child.ts'
import { buildChild, killed } from '../support/crash-children.ts'
import { type Line, stateOf } from '../support/crash-lines.ts'
import { ROUNDS, ROUNDS_TIMEOUT_MS } from '../support/crash-rounds.ts'
import { ALL_STEPS } from '../support/crash-steps.ts'
import { Witness } from '../support/crash-witness.ts'
import { Random } from '../support/random.ts'
import { temporaryDirectory } from '../support/weir.ts'

/** Directories in which processes are killed at the same time. */
const PARALLEL = 3
const KILLS_A_DIRECTORY = ALL_STEPS.length

beforeAll(buildChild)

/** A directory whose processes are killed one after the other. What each found is held against what was before. */
class Directory {
  readonly #directory: string
  readonly #random: Random
  readonly #witness = new Witness()
  /** Since somebody last found something. */
  #evidence: Line[] = []
  #starts = 0
  /** Where processes ended themselves. */
  readonly deaths: string[] = []

  constructor(directory: string, random: Random) {
    this.#directory = path.join(directory, 'data')
    this.#random = random
  }

  async kill(how: Pick<Plan, 'end'> | { readonly afterMs: number }): Promise<void> {
    const { afterMs, end } = { afterMs: undefined, end: undefined, ...how }
    this.#starts++
    const plan: Plan = {
      directory: this.#directory,
      seed: this.#random.integer(0, 2 ** 31),
      at: 1_000_000 + 1000 * this.#starts,
      ...(end !== undefined && { end })
    }
    const lines = await killed(plan, afterMs)
    try {
      for (const line of lines) this.#hear(line)
    } catch (error) {
      throw new Error(`Start ${this.#starts}, ${JSON.stringify(plan)}: ${error}`, { cause: error })
    }
  }

  /** Looks at what is left in the end. */
  async rest(): Promise<void> {
    const storage = await openStorage({ directory: this.#directory, fsync: 'always' })
    this.#hear({ is: 'state', state: stateOf(storage.streams) })
    await storage.close()
  }

  #hear(line: Line): void {
    if (line.is === 'death') this.deaths.push(line.step)
    if (line.is !== 'state') {
      this.#evidence.push(line)
      return
    }
    this.#witness.survived(this.#evidence, line.state)
    this.#evidence = []
  }
}

/** Has `kill` called in many directories, a few of them at a time, for as many kills as that is. */
async function inDirectories(
  kills: number,
  kill: (directory: Directory, random: Random, nth: number) => Promise<void>
): Promise<string[]> {
  const deaths: string[] = []
  let left = kills
  const work = async (): Promise<void> => {
    while (left > 0) {
      const random = new Random(Math.floor(Math.random() * 2 ** 31))
      const directory = new Directory(await temporaryDirectory(), random)
      for (let nth = 0; nth < KILLS_A_DIRECTORY && left > 0; nth++) {
        left--
        await kill(directory, random, nth)
      }
      await directory.rest()
      deaths.push(...directory.deaths)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, work))
  return deaths
}

describe('kill -9', () => {
  it(
    'at any moment leaves what was answered, and nothing that was not asked for',
    async () => {
      await inDirectories(200 * ROUNDS, (directory, random) =>
        directory.kill({ afterMs: random.oneOf(random.integer(0, 20), random.integer(0, 300)) })
      )
    },
    ROUNDS_TIMEOUT_MS
  )

  it(
    'does so at every step of the engine, and in the midst of it',
    async () => {
      let next = 0
      const deaths = await inDirectories(200 * ROUNDS, (directory, random) => {
        const step = ALL_STEPS[next++ % ALL_STEPS.length] ?? ''
        const nth = random.oneOf(1, random.integer(1, 5), random.integer(1, 60))
        const afterMicros = random.oneOf(undefined, random.integer(0, 1000))
        return directory.kill({ end: { step, nth, ...(afterMicros !== undefined && { afterMicros }) } })
      })
      const missing = () => ALL_STEPS.filter((step) => !deaths.some((death) => death.endsWith(step)))
      // Some steps are rare: a new directory must make a segment, and may find the remains of one at its next start.
      for (let tries = 0; tries < 20 && missing().length > 0; tries++) {
        const [step = ''] = missing()
        const before = [undefined, 'write unfinished', 'rename segment', 'checkpoint released'][tries % 4]
        const more = await inDirectories(2 * PARALLEL, (directory, random, starts) =>
          directory.kill({ end: { step: starts === 0 && before ? before : step, nth: random.oneOf(1, 2) } })
        )
        deaths.push(...more)
      }
      expect(missing()).toEqual([])
    },
    ROUNDS_TIMEOUT_MS
  )
})
