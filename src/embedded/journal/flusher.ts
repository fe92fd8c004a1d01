import type { EngineError } from '../../contract/errors.ts'
import type { Change } from '../core/change.ts'
import { Batch } from './batch.ts'
import type { JournalOptions } from './options.ts'
import { COMMIT_MARKER_BYTES } from './record.ts'
import type { OpenSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

/** Nothing stays in memory longer than this without being written, whether or not somebody waits for it. */
const TICK_MS = 1000
/** With `everysec`, nothing is answered as long as something written before that time is not durable. */
const MAX_UNSYNCED_MS = 2000
const KEPT = Promise.resolve()

interface FlusherOptions extends Pick<JournalOptions, 'fsync' | 'onFlush'> {
  /** The number of the machine's boot. */
  readonly boot: number
  /** A write or sync has failed, so the content of the disk is unknown. Calls `giveUp`. */
  onFailure(error: unknown): void
}

/**
 * Writes records to disk, one flush at a time, for all who wait:
 *
 *     appended to    #filling ──flush──▶ #writing ──written──▶ (page cache) ──synced──▶ disk
 *                            position ≥            #written  ≥               #durable
 *
 * Records that are appended during a flush go into the next one, so they share the cost of the disk.
 */
export class Flusher {
  readonly #segmentList: SegmentList
  readonly #options: FlusherOptions
  #filling: Batch
  #writing: Batch | null = null
  #idle: Batch
  #flushing: Promise<void> = KEPT
  #syncing: Promise<void> = KEPT
  /** The sync that starts after the running one. */
  #nextSync: Promise<void> | null = null
  #isDue = false
  #timer: NodeJS.Timeout | null = null
  /** Segments that were written since their last sync. */
  readonly #dirty = new Set<OpenSegment>()
  #isSyncing = false
  #position: number
  /** Where the batch that is being written ends. */
  #writingTo: number
  #written: number
  /** Where the last batch ends whose flush has been reported. */
  #answered: number
  #durable: number
  /** The durable position that the last marker on disk states, and the position of that marker. */
  #stated: number
  #marked: number
  /**
   * With `everysec`: the start of the oldest write that the running sync does not include, and of the oldest
   * that it does.
   */
  #unsyncedSince = Number.POSITIVE_INFINITY
  #syncingSince = Number.POSITIVE_INFINITY
  #hasEnded = false

  /** Everything up to `position` is durable, but the journal itself states that only up to `stated`. */
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

  /** Appends a record. The segments must have space for `bytes`, an upper bound of its size. */
  append(changes: readonly Change[], bytes: number): void {
    this.#filling.add(this.#segmentList, changes, bytes)
    this.#position = this.#segmentList.at
    this.#keepTicking()
  }

  /** Everything up to this position is as safe as the fsync mode promises. */
  get keptPosition(): number {
    return this.#options.fsync === 'always' ? this.#durable : this.#answered
  }

  isKept(position: number): boolean {
    return position <= this.keptPosition
  }

  /** For a position that is not kept yet. Starts a flush unless one is running that includes it. */
  kept(position: number): Promise<void> {
    if (this.#writing !== null && position <= this.#writingTo) return this.#writing.wait()
    this.#flushSoon()
    return this.#filling.wait()
  }

  /** Makes everything up to a position durable, in any mode. Rejects if a flush fails. */
  async sync(position: number): Promise<void> {
    if (position > this.#written) await this.kept(position)
    while (this.#durable < position && !this.#hasEnded) await this.#sync()
  }

  /** Writes and syncs everything, and then a marker that states it. No append may follow. */
  async finish(): Promise<void> {
    this.#stopTicking()
    await this.#flushing
    await this.#flush(true)
    await this.#sync()
    await this.#writeMarker()
    await this.#sync()
  }

  /** Stops writing. Rejects everything that waits, because nobody knows what is on disk. */
  giveUp(error: EngineError): void {
    this.#hasEnded = true
    this.#stopTicking()
    this.#writing?.waiting?.reject(error)
    this.#filling.waiting?.reject(error)
  }

  /** Flushes at the end of this turn of the event loop, so that what arrives until then is included. */
  #flushSoon(): void {
    if (this.#isDue || this.#writing !== null) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      void this.#flushNow()
    })
  }

  /** Flushes as safely as the fsync mode promises. */
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

  /** Never rejects. Failures are reported to those who wait for the batch. */
  async #run(batch: Batch, sync: boolean): Promise<void> {
    const startedAt = performance.now()
    const durable = this.#durable
    // If another segment must be synced as well, for example after a lone commit marker, one sync does both.
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
    // Starts before the waiting requests are answered, which takes as long as a small flush.
    if (this.#filling.waiting !== null) void this.#flushNow()
    waiting?.resolve()
  }

  /** Whether a write has been waiting for its sync so long that nothing more may be answered. */
  #isBehind(): boolean {
    return performance.now() - Math.min(this.#syncingSince, this.#unsyncedSince) > MAX_UNSYNCED_MS
  }

  async #catchUp(): Promise<void> {
    while (!this.#hasEnded && this.#isBehind()) await this.#sync()
  }

  /**
   * Makes everything durable that is written when the sync starts. One sync runs at a time, and at most one
   * waits. Never rejects.
   */
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

  /** Notes that everything up to a position is durable. */
  async #markDurable(position: number): Promise<void> {
    if (position <= this.#durable) return
    this.#durable = position
    await this.#segmentList.closeThrough(position)
  }

  /**
   * Writes a lone commit marker when everything is durable and no later flush would state it. Without it,
   * damage to the last flush could not be distinguished from a flush that a crash interrupted. With `never`,
   * the marker states that everything was written.
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
