import type { EngineError } from '../../contract/errors.ts'
import type { Change } from '../core/change.ts'
import { Batch } from './batch.ts'
import type { JournalOptions } from './options.ts'
import { COMMIT_MARKER_BYTES } from './record.ts'
import type { OpenSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

/** Nothing that was appended stays in memory longer than that, whether anybody waits for it or not. */
const TICK_MS = 1000
/** With `everysec`, nothing is answered while something that was written longer ago is not durable yet. */
const MAX_UNSYNCED_MS = 2000
const KEPT = Promise.resolve()

interface FlusherOptions extends Pick<JournalOptions, 'fsync' | 'onFlush'> {
  /** The number of the machine's boot. */
  readonly boot: number
  /** A write or sync has failed: what is on disk is no longer known. Calls `giveUp`. */
  onFailure(error: unknown): void
}

/**
 * Takes records to the disk, one flush at a time, for all who wait:
 *
 *     appended to    #filling ──flush──▶ #writing ──written──▶ (page cache) ──synced──▶ disk
 *                            position ≥            #written  ≥               #durable
 *
 * What is appended while a flush runs goes with the next one, so the cost of the disk is shared.
 */
export class Flusher {
  readonly #segmentList: SegmentList
  readonly #options: FlusherOptions
  #filling: Batch
  #writing: Batch | null = null
  #idle: Batch
  #flushing: Promise<void> = KEPT
  #syncing: Promise<void> = KEPT
  /** The sync that begins when the running one ends. */
  #nextSync: Promise<void> | null = null
  #isDue = false
  #timer: NodeJS.Timeout | null = null
  /** Written to since they were synced. */
  readonly #dirty = new Set<OpenSegment>()
  #isSyncing = false
  #position: number
  /** Where the batch ends that is being written. */
  #writingTo: number
  #written: number
  /** Where the last batch ends that those who waited for it were told of. */
  #answered: number
  #durable: number
  /** The durable position that the last marker on disk states, and where that marker stands. */
  #stated: number
  #marked: number
  /** With `everysec`: when the oldest write began that the running sync does not take along, and that it does. */
  #unsyncedSince = Number.POSITIVE_INFINITY
  #syncingSince = Number.POSITIVE_INFINITY
  #hasEnded = false

  /** Everything there is is durable; but only up to `stated` does the journal itself say so. */
  constructor(segmentList: SegmentList, position: number, stated: number, options: FlusherOptions) {
    this.#segmentList = segmentList
    this.#options = options
    const signature = { boot: options.boot, answersDurable: options.fsync === 'always' }
    this.#filling = new Batch(signature)
    this.#idle = new Batch(signature)
    this.#position = position
    this.#writingTo = segmentList.at
    this.#written = segmentList.at
    this.#answered = segmentList.at
    this.#durable = segmentList.at
    this.#stated = stated
    this.#marked = stated
    if (stated < position) this.#keepTicking()
  }

  /** The position after the last appended record. */
  get position(): number {
    return this.#position
  }

  /** The chain must have room for `bytes`, which are at least what the record takes. */
  append(changes: readonly Change[], bytes: number): void {
    this.#filling.add(this.#segmentList, changes, bytes)
    this.#position = this.#segmentList.at
    this.#keepTicking()
  }

  /** Everything up to there is as safe as the fsync mode promises. */
  get keptPosition(): number {
    return this.#options.fsync === 'always' ? this.#durable : this.#answered
  }

  isKept(position: number): boolean {
    return position <= this.keptPosition
  }

  /** For a position that is not kept yet. Starts a flush unless one carries it already. */
  kept(position: number): Promise<void> {
    if (this.#writing !== null && position <= this.#writingTo) return this.#writing.wait()
    this.#flushSoon()
    return this.#filling.wait()
  }

  /** Makes durable what was appended up to a position, whatever the mode. Rejects when a flush of it fails. */
  async sync(position: number): Promise<void> {
    if (position > this.#written) await this.kept(position)
    while (this.#durable < position && !this.#hasEnded) await this.#sync()
  }

  /** Writes and syncs everything, and states that it is durable. Nothing is appended from now on. */
  async finish(): Promise<void> {
    this.#stopTicking()
    await this.#flushing
    await this.#flush(true)
    await this.#sync()
    await this.#writeMarker()
    await this.#sync()
  }

  /** Nothing is written any more: all who wait, and all who come, learn that nobody knows what came of it. */
  giveUp(error: EngineError): void {
    this.#hasEnded = true
    this.#stopTicking()
    this.#writing?.waiting?.reject(error)
    this.#filling.waiting?.reject(error)
  }

  /** After what else arrives in this turn of the event loop, so that it goes along. */
  #flushSoon(): void {
    if (this.#isDue || this.#writing !== null) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      void this.#flushNow()
    })
  }

  /** As safely as the fsync mode promises. */
  #flushNow(): Promise<void> {
    return this.#flush(this.#options.fsync === 'always')
  }

  #flush(sync: boolean): Promise<void> {
    if (this.#hasEnded || this.#writing !== null || this.#filling.empty) return this.#flushing
    const batch = this.#filling
    this.#filling = this.#idle
    this.#writing = batch
    this.#writingTo = this.#segmentList.at
    this.#flushing = this.#run(batch, sync)
    return this.#flushing
  }

  /** Never rejects: who waits for the batch is told. */
  async #run(batch: Batch, sync: boolean): Promise<void> {
    const startedAt = performance.now()
    const durable = this.#durable
    // Where something else is still to be synced, as a commit marker alone is, one sync does for both.
    const through = sync && this.#dirty.size === 0 && !this.#isSyncing
    try {
      await batch.write(durable, through)
      if (through) await this.#markDurable(this.#writingTo)
    } catch (error) {
      this.#options.onFailure(error)
    }
    if (this.#hasEnded) return
    this.#written = this.#writingTo
    this.#stated = durable
    this.#marked = batch.position
    if (!through) {
      for (const segment of batch.segments) this.#dirty.add(segment)
      if (sync) await this.#sync()
      else if (batch.segments.length > 1) void this.#sync()
      if (this.#options.fsync === 'everysec' && batch.records > 0) {
        this.#unsyncedSince = Math.min(this.#unsyncedSince, startedAt)
        if (this.#isBehind()) await this.#catchUp()
      }
    }
    if (this.#hasEnded) return
    this.#answered = this.#writingTo
    this.#options.onFlush?.({
      seconds: (performance.now() - startedAt) / 1000,
      bytes: batch.bytes,
      records: batch.records
    })
    const { waiting } = batch
    batch.clear()
    this.#idle = batch
    this.#writing = null
    // Before those who waited are answered, which takes as long as a small flush.
    if (this.#filling.waiting !== null) void this.#flushNow()
    waiting?.resolve()
  }

  /** Whether something has been written for so long without being durable that nothing more may be answered. */
  #isBehind(): boolean {
    return performance.now() - Math.min(this.#syncingSince, this.#unsyncedSince) > MAX_UNSYNCED_MS
  }

  async #catchUp(): Promise<void> {
    while (!this.#hasEnded && this.#isBehind()) await this.#sync()
  }

  /** Makes durable what is written by then. One at a time, and one that is to follow it. Never rejects either. */
  #sync(): Promise<void> {
    if (this.#nextSync === null) {
      this.#nextSync = this.#syncing.then(() => this.#syncDirty())
      this.#syncing = this.#nextSync
    }
    return this.#nextSync
  }

  async #syncDirty(): Promise<void> {
    this.#nextSync = null
    if (this.#hasEnded) return
    const written = this.#written
    this.#syncingSince = this.#unsyncedSince
    this.#unsyncedSince = Number.POSITIVE_INFINITY
    const segments = [...this.#dirty]
    this.#dirty.clear()
    this.#isSyncing = true
    try {
      for (const { disk } of segments) await disk.sync()
      await this.#markDurable(written)
    } catch (error) {
      this.#options.onFailure(error)
    }
    this.#isSyncing = false
    this.#syncingSince = Number.POSITIVE_INFINITY
  }

  /** Everything up to there is durable. */
  async #markDurable(position: number): Promise<void> {
    if (position <= this.#durable) return
    this.#durable = position
    await this.#segmentList.closeThrough(position)
  }

  /**
   * Writes a commit marker alone, once all is durable and nothing follows whose marker would say so: without one, damage to the
   * last flush could not be told from a flush that a crash cut short. With `never` it says that all was written.
   */
  async #writeMarker(): Promise<void> {
    if (!this.#filling.empty || !this.#needsMarker) return
    if (!this.#segmentList.fits(COMMIT_MARKER_BYTES, 0)) return
    this.#filling.begin(this.#segmentList)
    await this.#flush(false)
  }

  get #needsMarker(): boolean {
    if (this.#durable >= this.#position) return this.#stated < this.#position
    return this.#options.fsync === 'never' && this.#written >= this.#position && this.#marked < this.#position
  }

  #keepTicking(): void {
    this.#timer ??= setTimeout(() => this.#tick(), TICK_MS)
  }

  #stopTicking(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #tick(): void {
    this.#timer = null
    if (!this.#filling.empty) this.#flushSoon()
    const { fsync } = this.#options
    if (fsync === 'everysec' && this.#durable < this.#position) void this.#sync()
    else if (this.#writing === null) void this.#writeMarker()
    const isAtRest = this.#filling.empty && this.#writing === null
    const isStated = (fsync === 'never' ? this.#marked : this.#stated) >= this.#position
    if (!isAtRest || !isStated) this.#keepTicking()
  }
}
