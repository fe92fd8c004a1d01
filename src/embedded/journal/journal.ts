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
 * What happened, in order, on disk. Changes are appended to a buffer; a flush takes what the buffer holds to the disk
 * for all who wait for it, and what comes in the meantime goes with the next one.
 *
 * Positions count the bytes of the journal since it was first made, across segments and restarts. After a write or
 * sync has failed nobody can know what is on disk: what would add to the journal, or wait for it, then throws or
 * rejects with storage-failed. Only a new start, which reads what is there, ends that.
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
  /** Resolves when the next start is told that the disk has failed. */
  #noted: Promise<void> | null = null
  #closing: Promise<void> | null = null

  /**
   * Gives what a directory holds to `apply`, record by record, cuts a torn tail, and is ready to append. Whoever
   * opens it has the directory alone. The fields of entries given to `apply` are views into large buffers: copy what
   * is kept for long. Rejects with storage-failed when the journal is damaged or of a newer format; nothing was
   * changed then.
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
      // What a release before this start could not delete, or had no time for.
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

  /** After the last appended record. */
  get position(): number {
    return this.#flusher.position
  }

  /** Up to here everything is as safe as the fsync mode promises. */
  get keptPosition(): number {
    return this.#flusher.keptPosition
  }

  /** Of what was appended, how much is not as safe yet as the fsync mode promises. */
  get unkeptBytes(): number {
    // A marker behind the last record may be kept as well.
    return Math.max(0, this.#flusher.position - this.#flusher.keptPosition)
  }

  get failed(): EngineError | null {
    return this.#failed
  }

  /**
   * Whether a record of that size can be appended now. Room is made in the background before it is needed. What is
   * `essential` may use the reserve.
   */
  hasRoom(bytes: number, essential: boolean): boolean {
    this.#assertOpen()
    if (this.#segmentList.fits(bytes + COMMIT_MARKER_BYTES, this.#reserveUnless(essential))) return true
    this.#preallocation.keepUp()
    return false
  }

  /**
   * Resolves when there is room. Rejects with storage-full when the disk has none, with overloaded when the process
   * cannot open another file; asking again tries again.
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
   * Buffers one record of these changes: all of them survive a crash, or none. Gives the position after it. It goes
   * to the disk with the next flush, at the latest after a second. Throws storage-full when there is no room.
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

  /** Whether everything up to that position is as safe as the fsync mode promises. */
  isKept(position: number): boolean {
    return this.#flusher.isKept(position)
  }

  /** Resolves when that is so. Rejects with outcome-unknown when the flush that carries it fails. */
  kept(position: number): Promise<void> {
    if (this.isKept(position)) return KEPT
    if (this.#failed !== null) return Promise.reject(this.#failed)
    if (position > this.position)
      return Promise.reject(new RangeError(`Nothing has been appended up to position ${position}`))
    return this.#flusher.kept(position)
  }

  /** Resolves when everything up to a position is durable, whatever the mode. Rejects when it will not be. */
  async sync(position: number): Promise<void> {
    if (this.#failed === null) await this.#flusher.sync(position)
    if (this.#failed !== null) throw this.#failed
  }

  segments(): Segment[] {
    return this.#segmentList.segments()
  }

  /** The file that the next record goes to; null when the journal has no segment. */
  get currentSegment(): string | null {
    return this.#segmentList.tailFile
  }

  /**
   * Deletes the segments that lie wholly below a position, which whoever calls it never needs again; those that are
   * still written or synced stay, and all do while the journal is held. A segment that cannot be deleted is reported
   * and left for the next call. One call at a time.
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

  /** How many segments the last release could not delete. */
  get undeletedSegments(): number {
    return this.#undeleted.length
  }

  /** Keeps all segments until the function that it gives is called: somebody copies them. */
  hold(): () => void {
    this.#holds += 1
    return () => {
      this.#holds -= 1
    }
  }

  /** The page cache may have what the disk has not, and the disk may be past taking the note of it. */
  #diskFailed(error: unknown): void {
    this.#noted ??= noteUnsettled(this.#files, this.#options.directory).catch(() => undefined)
    this.fail(error)
  }

  /** Ends the journal as a failed write does: nothing is written any more, and `onFailure` is called. */
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

  /** Makes durable what was appended, and lets go of the directory. Rejects when that fails. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const hadFailed = this.#failed !== null
    await this.#preallocation.stop()
    await this.#flusher.finish()
    await this.#segmentList.close()
    await this.#noted
    if (this.#failed !== null && !hadFailed) throw this.#failed
  }

  #assertOpen(): void {
    if (this.#failed !== null) throw this.#failed
    if (this.#closing !== null) throw new EngineError('storage-failed', 'The journal is closed')
  }
}
