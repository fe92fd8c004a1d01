import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { engineOn } from '../../src/embedded/engine.ts'
import type { Fsync } from '../../src/embedded/journal/options.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { UNSETTLED } from '../../src/embedded/journal/settle.ts'
import { openStorage } from '../../src/embedded/storage.ts'
import { PAGE_BYTES } from '../../src/embedded/store/page.ts'
import { STORE_FILE } from '../../src/embedded/store/store.ts'
import { HistoryChecker } from './crash-checker.ts'
import { type HistoryEvent, stateOf } from './crash-history.ts'
import { HistoryRecorder } from './crash-recorder.ts'
import { runWorkload } from './crash-workload.ts'
import { MemoryDisk } from './memory-disk.ts'
import { Random } from './random.ts'
import { type Operation, systemError, watchedFiles } from './watched-files.ts'

/** One run of an engine on a machine, and how it ends. */
export interface MachineRun {
  readonly seed: number
  /** After this many disk operations and steps the run ends, unless its workload ends before. */
  readonly endsAfter: number
  /** The number of the sync that fails. The engine then continues as far as it can. Without it, no sync fails. */
  readonly syncFailsAt?: number
  /** Whether each unsynced sector survives. Null if only the process ends, and the system keeps its page cache. */
  readonly luck: (() => boolean) | null
}

/**
 * A machine with an engine, whose power or whose syncs fail again and again. Its journal is on a disk that may lose
 * what was not synced, and what a failed sync left in the page cache alone. Nothing more is assumed of its store than
 * that a commit happens as a whole or not at all: a power failure restores the file that the store had at that
 * moment.
 */
export class Machine {
  readonly #directory: string
  readonly #fsync: Fsync
  readonly #disk = new MemoryDisk()
  readonly #checker = new HistoryChecker()
  /** The events since the last check. */
  #history: HistoryEvent[] = []
  /** If true, nothing reaches the disk or a client any more. */
  #isOff = false
  #at = 1_000_000
  /** Whether the power or a sync failed since the last check. */
  #wasUnlucky = false
  /** How many commits were lost in all runs. */
  lost = 0

  constructor(directory: string, fsync: Fsync) {
    this.#directory = path.join(directory, 'data')
    this.#fsync = fsync
    mkdirSync(this.#directory)
  }

  async run({ seed, endsAfter, luck, syncFailsAt }: MachineRun): Promise<void> {
    const random = new Random(seed)
    let left = endsAfter
    let syncs = syncFailsAt ?? Number.POSITIVE_INFINITY
    this.#disk.faults = { fails: () => syncs-- === 0, survives: () => random.once(2) }
    const count = (operation?: Operation): void => {
      // A process whose sync fails still gets to record that.
      if (syncs < 0 && left > 0 && operation?.file === UNSETTLED) return
      if (left-- === 0) this.#switchOff()
      if (this.#isOff) throw systemError('EIO')
    }
    await this.#run(random, count, () => syncs < 0)
    if (!this.#isOff) this.#switchOff()
    const hasFailed = syncs < 0
    if (hasFailed) this.#disk.evict(() => random.once(2))
    if (luck !== null) this.#disk.powerFailure(luck)
    this.#wasUnlucky ||= hasFailed || luck !== null
    this.#switchOn()
  }

  /** Starts the engine once more, without requests, and checks its state. */
  async checkFinalState(): Promise<void> {
    this.#disk.faults = { fails: () => false, survives: () => true }
    await this.#run(
      new Random(0),
      () => undefined,
      () => false,
      0
    )
  }

  async #run(
    random: Random,
    count: (operation?: Operation) => void,
    hasFailed: () => boolean,
    requests = random.integer(5, 60)
  ): Promise<void> {
    this.#at += 1000
    const recorder = new HistoryRecorder((event) => this.#write(event), random, this.#at)
    const onStep: HistoryRecorder['onStep'] = (step) => {
      recorder.onStep(step)
      try {
        count()
      } catch {
        // A step cannot fail. It can only be the last one.
      }
    }
    try {
      const storage = await openStorage({
        directory: this.#directory,
        fsync: this.#fsync,
        files: watchedFiles(count, this.#disk, random.once(4)),
        segmentBytes: HEADER_BYTES + random.oneOf(1024, 4096, 16_384),
        reserveBytes: random.oneOf(0, 2048),
        everyBytes: random.oneOf(500, 5000, 50_000),
        everyMs: random.oneOf(1, 5, 50),
        memoryBytes: random.oneOf(1, 50_000, 1 << 28),
        onStep
      })
      this.#check(stateOf(storage.streams))
      const engine = engineOn(storage, { maxWaiting: 1000, now: recorder.now, onStep })
      const workload = { random, requests, lanes: random.integer(1, 8) }
      await runWorkload(engine, storage.streams, recorder, workload).finally(() => engine.close())
      // An engine whose disk has failed stores nothing more when it is closed.
      if (!hasFailed()) this.#write({ is: 'closed' })
    } catch (error) {
      if (!this.#isOff && !hasFailed()) throw error
      expect(error).toMatchObject({ message: expect.stringContaining('EIO') })
    }
  }

  #write(event: HistoryEvent): void {
    // A refusal because the disk has failed does not answer the request.
    const isAnswer = event.is !== 'refusal' || !DISK_HAS_FAILED.includes(event.code)
    if (!this.#isOff && isAnswer) this.#history.push(event)
  }

  #check(state: string): void {
    const promised = this.#fsync === 'always' || !this.#wasUnlucky ? 'answered' : 'saved'
    this.lost += this.#checker.check(this.#history, state, promised)
    this.#history = []
    this.#wasUnlucky = false
  }

  #switchOff(): void {
    this.#isOff = true
    if (existsSync(this.#store)) copyAtOneCommit(this.#store, this.#storeCopy)
  }

  #switchOn(): void {
    rmSync(this.#store, { force: true })
    rmSync(`${this.#store}-lock`, { force: true })
    if (existsSync(this.#storeCopy)) renameSync(this.#storeCopy, this.#store)
    this.#isOff = false
  }

  get #store(): string {
    return path.join(this.#directory, STORE_FILE)
  }

  /** The store's file as it was when the power failed. */
  get #storeCopy(): string {
    return path.join(this.#directory, 'store-copy')
  }
}

const DISK_HAS_FAILED: readonly string[] = ['storage-failed', 'outcome-unknown']

/** Copies the store's file again if another thread commits meanwhile, because the copy would then mix two states. */
function copyAtOneCommit(store: string, copy: string): void {
  const roots = (): Buffer => readFileSync(store).subarray(0, ROOTS_BYTES)
  let before: Buffer
  do {
    before = roots()
    copyFileSync(store, copy)
  } while (!before.equals(roots()))
}

/**
 * The first two pages contain, in turns, the root of the last commit. A commit writes them after all its other pages.
 */
const ROOTS_BYTES = 2 * PAGE_BYTES
