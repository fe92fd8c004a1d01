import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryId } from '../../src/contract/entry-id.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import { Journal } from '../../src/embedded/journal/journal.ts'
import type { Fsync } from '../../src/embedded/journal/options.ts'
import type { Recovery } from '../../src/embedded/journal/recovery.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { UNSETTLED } from '../../src/embedded/journal/settle.ts'
import { append } from '../support/journal-series.ts'
import { MemoryDisk } from '../support/memory-disk.ts'
import { systemError, watchedFiles } from '../support/watched-files.ts'
import { temporaryDirectory } from '../support/weir.ts'

/** A segment has several sectors, and a sector several records. */
const OPTIONS = { segmentBytes: HEADER_BYTES + 4096, reserveBytes: 0 }

/** What a journal appends between a start and its end, and how it ends. */
interface JournalRun {
  /** The sizes of the records. Those of a group are appended together, one group after the other. */
  readonly groups: readonly (readonly number[])[]
  /** The number of the first disk operation that is no longer carried out. */
  readonly failsAt: number
  /** The number of the sync that fails, if the run gets that far. The process may continue after it. */
  readonly syncFailsAt: number
  /** Whether each unsynced sector survives. Null if only the process ends, and the system keeps its page cache. */
  readonly luck: readonly boolean[] | null
  /** Whether each sector of a failed sync reaches the disk, and whether the page cache still shows it otherwise. */
  readonly syncLuck: readonly boolean[]
}

const NEVER = Number.POSITIVE_INFINITY

const journalRun: fc.Arbitrary<JournalRun> = fc.record({
  groups: fc.array(fc.array(fc.nat(900), { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
  failsAt: fc.oneof(fc.nat(20), fc.nat(100)),
  syncFailsAt: fc.oneof(fc.constant(NEVER), fc.nat(5), fc.nat(40)),
  luck: fc.option(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), { freq: 3 }),
  syncLuck: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 })
})

/** Returns the values one after the other, again and again. */
function inTurn(values: readonly boolean[]): () => boolean {
  let i = 0
  return () => values[i++ % values.length] ?? true
}

/** The nth record. A replay can check its size and each of its bytes. */
function record(n: number, size: number): Change[] {
  const fields = Buffer.alloc(size, n)
  return [{ kind: 'appended', stream: 'orders', entries: [{ id: entryId(1, n), fields }] }]
}

function sizeOf(n: number, [change]: Change[]): number {
  const [entry] = change?.kind === 'appended' ? change.entries : []
  expect(entry?.id).toBe(entryId(1, n))
  expect(entry?.fields.every((byte) => byte === n % 256)).toBe(true)
  return entry?.fields.length ?? -1
}

/** A machine that fails again and again, and the records that its journal must contain. */
class Machine {
  readonly #disk = new MemoryDisk()
  readonly #directory: string
  readonly #fsync: Fsync
  /** The sizes of the records that were appended. */
  #sizes: number[] = []
  /** How many of them were kept, and how many were replayed when the journal was last opened. */
  #kept = 0
  #replayed = 0
  /** Whether the power or a sync failed since the journal was last opened. */
  #wasUnlucky = false

  constructor(directory: string, fsync: Fsync) {
    this.#directory = directory
    this.#fsync = fsync
  }

  async run({ groups, failsAt, syncFailsAt, luck, syncLuck }: JournalRun): Promise<void> {
    let left = failsAt
    let syncs = syncFailsAt
    const survives = inTurn(syncLuck)
    this.#disk.faults = { fails: () => syncs-- === 0, survives }
    const files = watchedFiles(({ kind, file }) => {
      // A process whose sync fails still gets to record that, even if the sync was its last operation.
      if (syncs < 0 && kind === 'create' && file === UNSETTLED) return
      if (left-- <= 0) throw systemError('EIO')
    }, this.#disk)
    let journal: Journal | null = null
    try {
      journal = (await this.#open(files)).journal
      for (const sizes of groups) await this.#keep(journal, sizes)
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringContaining('EIO') })
    }
    left = 0
    await journal?.close().catch(() => undefined)
    const hasFailed = syncs < 0
    if (hasFailed) this.#disk.evict(survives)
    if (luck !== null) this.#disk.powerFailure(inTurn(luck))
    this.#wasUnlucky ||= hasFailed || luck !== null
  }

  /** Starts twice without a failure. The second start finds nothing to cut. */
  async startTwice(): Promise<void> {
    this.#disk.faults = { fails: () => false, survives: () => true }
    await (await this.#open(this.#disk)).journal.close()
    const { journal, recovery } = await this.#open(this.#disk)
    expect(recovery.cutBytes).toBe(0)
    await journal.close()
  }

  /** Checks that the replayed records are the first of the appended ones, and at least those that were kept. */
  async #open(
    files: MemoryDisk | ReturnType<typeof watchedFiles>
  ): Promise<{ journal: Journal; recovery: Recovery }> {
    const replayed: number[] = []
    const options = { directory: this.#directory, fsync: this.#fsync, files, ...OPTIONS }
    const opened = await Journal.open(options, (changes) => {
      replayed.push(sizeOf(replayed.length, changes))
    })
    expect(replayed).toEqual(this.#sizes.slice(0, replayed.length))
    const isPromised = this.#fsync === 'always' || !this.#wasUnlucky
    expect(replayed.length).toBeGreaterThanOrEqual(isPromised ? this.#kept : this.#replayed)
    this.#sizes = replayed
    this.#kept = replayed.length
    this.#replayed = replayed.length
    this.#wasUnlucky = false
    return opened
  }

  async #keep(journal: Journal, sizes: readonly number[]): Promise<void> {
    for (const size of sizes) {
      await append(journal, record(this.#sizes.length, size))
      this.#sizes.push(size)
    }
    await journal.kept(journal.position)
    this.#kept = this.#sizes.length
  }
}

describe('a journal after power failures and failed syncs', () => {
  it.each(['always', 'everysec', 'never'] as const)(
    'has every record that was kept or replayed before, whichever sectors survive: fsync %s',
    async (fsync) => {
      await fc.assert(
        fc.asyncProperty(fc.array(journalRun, { minLength: 1, maxLength: 5 }), async (runs) => {
          const machine = new Machine(await temporaryDirectory(), fsync)
          for (const run of runs) await machine.run(run)
          await machine.startTwice()
        }),
        { numRuns: 100 }
      )
    }
  )

  it('has every record that was kept or replayed before, whichever sync fails before the power does', async () => {
    const groups = [[10], [200, 300], [900, 900, 900], [50, 800, 800, 800], [5], [600, 600]]
    const run = { groups, failsAt: NEVER, luck: null }
    for (let syncFailsAt = 0; syncFailsAt < 40; syncFailsAt++) {
      for (const syncLuck of [[false], [false, true, true]]) {
        const machine = new Machine(await temporaryDirectory(), syncFailsAt % 3 === 0 ? 'everysec' : 'always')
        // Two runs have a failed sync. The third one replays the journal, and its power fails.
        await machine.run({ ...run, syncFailsAt, syncLuck })
        await machine.run({ ...run, syncFailsAt: syncFailsAt % 7, syncLuck })
        await machine.run({ ...run, syncFailsAt: NEVER, failsAt: 25, luck: [false], syncLuck })
        await machine.startTwice()
      }
    }
  })

  it('has every kept record, at whichever disk operation the power fails or the process ends', async () => {
    const groups = [[10], [200, 300], [900, 900, 900], [50, 800, 800, 800], [5], [600, 600]]
    for (let failsAt = 0; failsAt < 90; failsAt++) {
      for (const luck of [[false], [false, true, true], null]) {
        const machine = new Machine(await temporaryDirectory(), 'always')
        const run = { groups, syncFailsAt: NEVER, luck, syncLuck: [false] }
        await machine.run({ ...run, failsAt })
        await machine.run({ ...run, failsAt: failsAt % 17 })
        await machine.run({ ...run, failsAt: 70, luck: [false] })
        await machine.startTwice()
      }
    }
  })
})
