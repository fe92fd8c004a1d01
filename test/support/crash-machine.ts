import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { engineOn } from '../../src/embedded/engine.ts'
import type { Fsync } from '../../src/embedded/journal/options.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { UNSETTLED } from '../../src/embedded/journal/settle.ts'
import { openStorage } from '../../src/embedded/storage.ts'
import { PAGE_BYTES } from '../../src/embedded/store/pages.ts'
import { STORE_FILE } from '../../src/embedded/store/store.ts'
import { HistoryChecker } from './crash-checker.ts'
import { type HistoryEvent, stateOf } from './crash-history.ts'
import { HistoryRecorder } from './crash-recorder.ts'
import { live } from './crash-workload.ts'
import { MemoryDisk } from './memory-disk.ts'
import { Random } from './random.ts'
import { type Operation, systemError, watchedFiles } from './watched-files.ts'

/** How an engine's life on a machine goes, and how it ends. */
export interface MachineLife {
  readonly seed: number
  /** How many things it asks of the disk, or steps it comes to, before it ends. It may be over by itself before that. */
  readonly endsAfter: number
  /** The sync that fails, of those it comes to; none without. The engine then goes on as far as it can. */
  readonly syncFailsAt?: number
  /** Which unsynced sectors survive; null when only the process ends, and the system with its page cache goes on. */
  readonly luck: (() => boolean) | null
}

/**
 * A machine whose power fails, again and again, or a sync of its disk, and the engine on it. Its journal is on a disk that
 * may lose what was not synced, or what a failed sync left in the page cache alone; its store, of which no more is known than that a commit happens as a whole or not at all, is put back to
 * what its file was when the power failed.
 */
export class Machine {
  readonly #directory: string
  readonly #fsync: Fsync
  readonly #disk = new MemoryDisk()
  readonly #checker = new HistoryChecker()
  /** Since somebody last found something. */
  #evidence: HistoryEvent[] = []
  /** Nothing reaches the disk, or anybody, any more. */
  #isOff = false
  #at = 1_000_000
  /** The power failed, or a sync, since somebody last found something. */
  #wasUnlucky = false
  /** How many commits were lost in all. */
  lost = 0

  constructor(directory: string, fsync: Fsync) {
    this.#directory = path.join(directory, 'data')
    this.#fsync = fsync
    mkdirSync(this.#directory)
  }

  async live({ seed, endsAfter, luck, syncFailsAt }: MachineLife): Promise<void> {
    const random = new Random(seed)
    let left = endsAfter
    let syncs = syncFailsAt ?? Number.POSITIVE_INFINITY
    this.#disk.faults = { fails: () => syncs-- === 0, survives: () => random.once(2) }
    const count = (operation?: Operation): void => {
      // A process that is told of a failed sync comes to note it.
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

  /** Starts once more, and only looks. */
  async rest(): Promise<void> {
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
    const recorder = new HistoryRecorder((line) => this.#write(line), random, this.#at)
    const onStep: HistoryRecorder['onStep'] = (step) => {
      recorder.onStep(step)
      try {
        count()
      } catch {
        // A step cannot fail, it can only be the last one.
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
      this.#find(stateOf(storage.streams))
      const engine = engineOn(storage, { maxWaiting: 1000, now: recorder.now, onStep })
      const program = { random, requests, lanes: random.integer(1, 8) }
      await live(engine, storage.streams, recorder, program).finally(() => engine.close())
      // One whose disk has failed keeps nothing more when it is closed.
      if (!hasFailed()) this.#write({ is: 'closed' })
    } catch (error) {
      if (!this.#isOff && !hasFailed()) throw error
      expect(error).toMatchObject({ message: expect.stringContaining('EIO') })
    }
  }

  #write(line: HistoryEvent): void {
    // Whoever is told that the disk has failed has no answer.
    const isAnswer = line.is !== 'refusal' || !DISK_HAS_FAILED.includes(line.code)
    if (!this.#isOff && isAnswer) this.#evidence.push(line)
  }

  #find(state: string): void {
    const promised = this.#fsync === 'always' || !this.#wasUnlucky ? 'answered' : 'saved'
    this.lost += this.#checker.survived(this.#evidence, state, promised)
    this.#evidence = []
    this.#wasUnlucky = false
  }

  #switchOff(): void {
    this.#isOff = true
    if (existsSync(this.#store)) copyOfOneCommit(this.#store, this.#storeThen)
  }

  #switchOn(): void {
    rmSync(this.#store, { force: true })
    rmSync(`${this.#store}-lock`, { force: true })
    if (existsSync(this.#storeThen)) renameSync(this.#storeThen, this.#store)
    this.#isOff = false
  }

  get #store(): string {
    return path.join(this.#directory, STORE_FILE)
  }

  /** What the store's file was when the power failed. */
  get #storeThen(): string {
    return path.join(this.#directory, 'then')
  }
}

const DISK_HAS_FAILED: readonly string[] = ['storage-failed', 'outcome-unknown']

/** A commit that another thread is at may come between what is copied first and what is copied last. */
function copyOfOneCommit(store: string, copy: string): void {
  const roots = (): Buffer => readFileSync(store).subarray(0, ROOTS_BYTES)
  let before: Buffer
  do {
    before = roots()
    copyFileSync(store, copy)
  } while (!before.equals(roots()))
}

/** The first two pages say in turns where the last commit's begin, and change after all others of it. */
const ROOTS_BYTES = 2 * PAGE_BYTES
