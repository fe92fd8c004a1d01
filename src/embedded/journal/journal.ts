import { EngineError } from '../../contract/errors.ts'
import type { Change } from '../core/change.ts'
import { diskFiles, type Files } from './files.ts'
import { Flusher } from './flusher.ts'
import type { JournalOptions } from './options.ts'
import { Preallocation } from './preallocation.ts'
import { COMMIT_MARKER_BYTES, recordBytes } from './record.ts'
import { type Recovered, type Recovery, recover } from './recovery.ts'
import type { Segment } from './segment.ts'
import type { SegmentList, Undeleted } from './segment-list.ts'
import { noteUnsettled } from './settle.ts'

const SEGMENT_BYTES = 64 << 20
const RESERVE_BYTES = 1 << 20
const KEPT = Promise.resolve()

/**
 * All changes in order, on disk. Changes are appended to a buffer. A flush writes the buffer to disk for all
 * who wait. Changes that arrive meanwhile go into the next flush.
 *
 * A position counts the bytes of the journal since its creation, across segments and restarts. After a failed
 * write or sync, the content of the disk is unknown. From then on, whatever appends to the journal or waits
 * for it throws or rejects with storage-failed. Only a restart, which reads what is on disk, ends this state.
 */
export class Journal {
  readonly #options: JournalOptions
  readonly #files: Files
  readonly #reserveBytes: number
  readonly #segmentList: SegmentList
  readonly #preallocation: Preallocation
  readonly #flusher: Flusher
  #failed: EngineError | null = null
  #holds = 0
  #undeleted: readonly Undeleted[] = []
  /** Resolves when the note that tells the next start of the failed disk is written. */
  #noteWritten: Promise<void> | null = null
  #closing: Promise<void> | null = null

  /**
   * Passes the changes in a directory to `apply`, record by record, removes a torn tail, and is then ready
   * for appends. The caller must have the directory to itself. The fields of entries passed to `apply` are
   * views into large buffers: copy what must live long. Rejects with storage-failed if the journal is damaged
   * or has a newer format, and then has changed nothing.
   */
  static async open(
    options: JournalOptions,
    apply: (changes: Change[]) => void
  ): Promise<{ journal: Journal; recovery: Recovery }> {
    const { directory, files = diskFiles, from } = options
    await files.makeDirectory(directory)
    const recovered = await recover(files, directory, from, apply)
    const journal = new Journal(options, recovered)
    await journal.#preallocation.prepare()
    try {
      // An earlier release may have failed to delete segments, or the process may have ended before it.
      await journal.release(from ?? 0)
    } catch (error) {
      await journal.close()
      throw error
    }
    return { journal, recovery: recovered.recovery }
  }

  private constructor(options: JournalOptions, { segmentList, position, stated, boot }: Recovered) {
    const {
      files = diskFiles,
      directory,
      segmentBytes = SEGMENT_BYTES,
      reserveBytes = RESERVE_BYTES
    } = options
    const onFailure = (error: unknown): void => this.#diskFailed(error)
    this.#options = options
    this.#files = files
    this.#reserveBytes = reserveBytes
    this.#segmentList = segmentList
    this.#preallocation = new Preallocation(segmentList, {
      files,
      directory,
      segmentBytes,
      reserveBytes,
      onFailure
    })
    this.#flusher = new Flusher(segmentList, position, stated, { ...options, boot, onFailure })
  }

  /** The position after the last appended record. */
  get position(): number {
    return this.#flusher.position
  }

  /** Everything up to this position is as safe as the fsync mode promises. */
  get keptPosition(): number {
    return this.#flusher.keptPosition
  }

  /** Number of appended bytes that are not yet as safe as the fsync mode promises. */
  get unkeptBytes(): number {
    // A marker after the last record may be kept as well.
    return Math.max(0, this.#flusher.position - this.#flusher.keptPosition)
  }

  get failed(): EngineError | null {
    return this.#failed
  }

  /**
   * Whether a record of this size can be appended now. Space is allocated in the background before it is
   * needed. An `essential` record may use the reserve.
   */
  hasRoom(bytes: number, essential: boolean): boolean {
    this.#assertOpen()
    if (this.#segmentList.fits(bytes + COMMIT_MARKER_BYTES, this.#reserveUnless(essential))) return true
    this.#preallocation.keepUp()
    return false
  }

  /**
   * Resolves when there is space. Rejects with storage-full if the disk is full, and with overloaded if the
   * process cannot open another file. Another call tries again.
   */
  async room(bytes: number, essential: boolean): Promise<void> {
    while (!this.hasRoom(bytes, essential)) {
      await this.#preallocation.grow(bytes + COMMIT_MARKER_BYTES + this.#reserveUnless(essential))
    }
  }

  #reserveUnless(essential: boolean): number {
    return essential ? 0 : this.#reserveBytes
  }

  /**
   * Appends one record to the buffer. After a crash, either all of its changes exist or none. Returns the
   * position after the record. The next flush writes it, after one second at the latest. Throws storage-full
   * if there is no space.
   */
  append(changes: readonly Change[]): number {
    this.#assertOpen()
    const bytes = recordBytes(changes)
    if (!this.#segmentList.fits(bytes + COMMIT_MARKER_BYTES, 0)) {
      throw new EngineError('storage-full', 'The journal has no space left')
    }
    this.#flusher.append(changes, bytes)
    this.#preallocation.keepUp()
    return this.#flusher.position
  }

  /** Whether everything up to a position is as safe as the fsync mode promises. */
  isKept(position: number): boolean {
    return this.#flusher.isKept(position)
  }

  /** Resolves when everything up to a position is kept. Rejects with outcome-unknown if its flush fails. */
  kept(position: number): Promise<void> {
    if (this.isKept(position)) return KEPT
    if (this.#failed !== null) return Promise.reject(this.#failed)
    if (position > this.position)
      return Promise.reject(new RangeError(`Nothing has been appended up to position ${position}`))
    return this.#flusher.kept(position)
  }

  /** Resolves when everything up to a position is durable, in any mode. Rejects if that fails. */
  async sync(position: number): Promise<void> {
    if (this.#failed === null) await this.#flusher.sync(position)
    if (this.#failed !== null) throw this.#failed
  }

  segments(): Segment[] {
    return this.#segmentList.segments()
  }

  /** The file of the next record; null if the journal has no segment. */
  get currentSegment(): string | null {
    return this.#segmentList.tailFile
  }

  /**
   * Deletes the segments that end below a position. The caller never needs them again. Segments that are
   * being written or synced stay, and all segments stay while a hold exists. A segment that cannot be deleted
   * is reported, and the next call tries again. One call at a time.
   */
  async release(position: number): Promise<void> {
    this.#assertOpen()
    if (this.#holds > 0) return
    const before = this.#undeleted
    this.#undeleted = await this.#segmentList.release(this.#files, this.#options.directory, position)
    for (const segment of this.#undeleted) {
      if (!before.some(({ file }) => file === segment.file)) this.#options.onUndeleted?.(segment)
    }
  }

  /** Number of segments that the last release could not delete. */
  get undeletedSegments(): number {
    return this.#undeleted.length
  }

  /** Keeps all segments until the returned function is called, so that somebody can copy them. */
  hold(): () => void {
    this.#holds += 1
    return () => {
      this.#holds -= 1
    }
  }

  /**
   * The page cache may contain what the disk does not, and the disk may no longer be able to store the note
   * about it.
   */
  #diskFailed(error: unknown): void {
    this.#noteWritten ??= noteUnsettled(this.#files, this.#options.directory).catch(() => undefined)
    this.fail(error)
  }

  /** Ends the journal as a failed write does: writes nothing more, and calls `onFailure`. */
  fail(cause: unknown, what = 'The journal could not be written'): void {
    if (this.#failed !== null) return
    const why = cause instanceof Error ? cause.message : String(cause)
    this.#failed = new EngineError('storage-failed', `${what}: ${why}`, { cause })
    void this.#preallocation.stop()
    this.#flusher.giveUp(
      new EngineError('outcome-unknown', `It is not known whether the change was saved: ${why}`, { cause })
    )
    this.#options.onFailure?.(this.#failed)
  }

  /** Makes everything appended durable, and closes the directory. Rejects if that fails. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const hadFailed = this.#failed !== null
    await this.#preallocation.stop()
    await this.#flusher.finish()
    await this.#segmentList.close()
    await this.#noteWritten
    if (this.#failed !== null && !hadFailed) throw this.#failed
  }

  #assertOpen(): void {
    if (this.#failed !== null) throw this.#failed
    if (this.#closing !== null) throw new EngineError('storage-failed', 'The journal is closed')
  }
}
