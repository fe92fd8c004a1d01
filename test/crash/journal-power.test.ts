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

/** Several sectors a segment, and several records a sector. */
const OPTIONS = { segmentBytes: HEADER_BYTES + 4096, reserveBytes: 0 }

/** One start of a journal: what it appends, and how it ends. */
interface Life {
  /** The sizes of the records that are appended together, one group after the other. */
  readonly groups: readonly (readonly number[])[]
  /** The operation on the disk that is not done any more. */
  readonly failsAt: number
  /** The sync that fails, if it comes to that. Everything before the end of the process may be tried after it. */
  readonly syncFailsAt: number
  /** Which unsynced sectors survive; null when only the process ends, and the system with its page cache goes on. */
  readonly luck: readonly boolean[] | null
  /** Of the sectors of a failed sync, which ones reach the disk, and which ones the page cache still shows then. */
  readonly dropped: readonly boolean[]
}

/** No sync. */
const NEVER = Number.POSITIVE_INFINITY

const life: fc.Arbitrary<Life> = fc.record({
  groups: fc.array(fc.array(fc.nat(900), { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
  failsAt: fc.oneof(fc.nat(20), fc.nat(100)),
  syncFailsAt: fc.oneof(fc.constant(NEVER), fc.nat(5), fc.nat(40)),
  luck: fc.option(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), { freq: 3 }),
  dropped: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 })
})

/** One after the other, again and again. */
function inTurn(values: readonly boolean[]): () => boolean {
  let i = 0
  return () => values[i++ % values.length] ?? true
}

/** The nth record; its size and every byte can be told from what is replayed. */
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

/** A machine that fails again and again, and what its journal should hold. */
class Machine {
  readonly #disk = new MemoryDisk()
  readonly #directory: string
  readonly #fsync: Fsync
  /** The sizes of the records that were appended. */
  #sizes: number[] = []
  /** How many of them were kept, and how many were there when it was last opened. */
  #kept = 0
  #shown = 0
  /** The power failed, or a sync, since it was last opened. */
  #wasUnlucky = false

  constructor(directory: string, fsync: Fsync) {
    this.#directory = directory
    this.#fsync = fsync
  }

  async live({ groups, failsAt, syncFailsAt, luck, dropped }: Life): Promise<void> {
    let left = failsAt
    let syncs = syncFailsAt
    const survives = inTurn(dropped)
    this.#disk.faults = { fails: () => syncs-- === 0, survives }
    const files = watchedFiles(({ kind, file }) => {
      // A process that is told of a failed sync comes to note it, also when that was the last thing that it did.
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

  /** Starts twice without a failure: what is there stays, and the second finds nothing to cut. */
  async rest(): Promise<void> {
    this.#disk.faults = { fails: () => false, survives: () => true }
    await (await this.#open(this.#disk)).journal.close()
    const { journal, recovery } = await this.#open(this.#disk)
    expect(recovery.cutBytes).toBe(0)
    await journal.close()
  }

  /** What is replayed are the first of those that were appended, and not fewer than were kept. */
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
    expect(replayed.length).toBeGreaterThanOrEqual(isPromised ? this.#kept : this.#shown)
    this.#sizes = replayed
    this.#kept = replayed.length
    this.#shown = replayed.length
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

describe('a power failure, and a sync that fails', () => {
  it.each(['always', 'everysec', 'never'] as const)(
    'take back nothing that was kept, or shown at a start, whichever of the sectors survive: fsync %s',
    async (fsync) => {
      await fc.assert(
        fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async (lives) => {
          const machine = new Machine(await temporaryDirectory(), fsync)
          for (const life of lives) await machine.live(life)
          await machine.rest()
        }),
        { numRuns: 100 }
      )
    }
  )

  it('may come one after the other, the sync at any time', async () => {
    const groups = [[10], [200, 300], [900, 900, 900], [50, 800, 800, 800], [5], [600, 600]]
    const life = { groups, failsAt: NEVER, luck: null }
    for (let syncFailsAt = 0; syncFailsAt < 40; syncFailsAt++) {
      for (const dropped of [[false], [false, true, true]]) {
        const machine = new Machine(await temporaryDirectory(), syncFailsAt % 3 === 0 ? 'everysec' : 'always')
        // It fails, is shown what is there, and then the power fails.
        await machine.live({ ...life, syncFailsAt, dropped })
        await machine.live({ ...life, syncFailsAt: syncFailsAt % 7, dropped })
        await machine.live({ ...life, syncFailsAt: NEVER, failsAt: 25, luck: [false], dropped })
        await machine.rest()
      }
    }
  })

  it('or the end of the process may come at every operation', async () => {
    const groups = [[10], [200, 300], [900, 900, 900], [50, 800, 800, 800], [5], [600, 600]]
    for (let failsAt = 0; failsAt < 90; failsAt++) {
      for (const luck of [[false], [false, true, true], null]) {
        const machine = new Machine(await temporaryDirectory(), 'always')
        const life = { groups, syncFailsAt: NEVER, luck, dropped: [false] }
        await machine.live({ ...life, failsAt })
        await machine.live({ ...life, failsAt: failsAt % 17 })
        await machine.live({ ...life, failsAt: 70, luck: [false] })
        await machine.rest()
      }
    }
  })
})
