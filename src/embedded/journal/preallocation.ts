import { EngineError } from '../../contract/errors.ts'
import { type Files, isDiskFull, isShortage } from './files.ts'
import { aligned } from './record.ts'
import { createSegment, HEADER_BYTES } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

/** Pause after a shortage, before the next attempt. */
const RETRY_MS = 1000
/** A new journal is ready as soon as this much space is allocated. */
const QUICK_BYTES = 4 << 20
/** Factor by which segments grow until they have their full size. */
const GROWTH = 4
/** Share of the available space that may be used up by the time a new segment is ready. */
const PACE = 0.75

interface PreallocationOptions {
  readonly files: Files
  readonly directory: string
  readonly segmentBytes: number
  readonly reserveBytes: number
  /** The disk has failed for a reason other than a shortage. */
  onFailure(error: unknown): void
}

/**
 * Allocates segments before they are needed, so that a full disk is noticed before a change is decided, and
 * no flush has to extend a file. It allocates one segment at a time, in the background. Because flushes have
 * to wait for its writes, it spreads them over the appends that happen meanwhile, unless somebody waits for
 * space.
 */
export class Preallocation {
  readonly #segmentList: SegmentList
  readonly #options: PreallocationOptions
  readonly #stop = new AbortController()
  #running: Promise<void> | null = null
  /** The allocation continues when the journal has reached this position. */
  #pause: { readonly until: number; end(): void } | null = null
  #isUrgent = false
  /** Why and when allocation last failed; null after a success. */
  #shortage: { readonly error: Error; readonly at: number } | null = null

  constructor(segmentList: SegmentList, options: PreallocationOptions) {
    this.#segmentList = segmentList
    this.#options = options
  }

  /**
   * Allocates the first space of a journal. On a full disk it does without, because existing records can
   * still be read.
   */
  async prepare(): Promise<void> {
    const enough = this.#options.reserveBytes + this.#quickBytes / 2
    for (let end = -1; this.#aheadBytes < enough && end !== this.#segmentList.end; ) {
      end = this.#segmentList.end
      await this.#startNow(this.#quickBytes)
    }
  }

  /** Starts the next segment when half of the last one is used. Cheap enough to call after every append. */
  keepUp(): void {
    const { segmentBytes, reserveBytes } = this.#options
    if (this.#running !== null) {
      if (this.#pause !== null && this.#segmentList.at >= this.#pause.until) this.#pause.end()
      return
    }
    const last = this.#segmentList.lastCapacityBytes
    if (this.#aheadBytes >= reserveBytes + last / 2 || this.#mustWait()) return
    const quick = this.#quickBytes
    void this.#start(Math.max(quick, Math.min(segmentBytes - HEADER_BYTES, GROWTH * last)), quick)
  }

  /** Allocates contiguous space of this size immediately. Rejects with storage-full or overloaded. */
  async grow(bytes: number): Promise<void> {
    if (!this.#mustWait()) await this.#startNow(Math.max(this.#quickBytes, bytes))
    if (this.#shortage === null) return
    const { error } = this.#shortage
    if (isDiskFull(error))
      throw new EngineError('storage-full', `No space left for the journal: ${error.message}`, {
        cause: error
      })
    throw new EngineError('overloaded', `The journal cannot open another file: ${error.message}`, {
      cause: error
    })
  }

  /** Cancels the allocation, and waits until its file is deleted. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#pause?.end()
    await this.#running
  }

  get #aheadBytes(): number {
    return this.#segmentList.end - this.#segmentList.at
  }

  get #quickBytes(): number {
    return Math.min(QUICK_BYTES, this.#options.segmentBytes) - HEADER_BYTES
  }

  #mustWait(): boolean {
    return this.#shortage !== null && performance.now() - this.#shortage.at < RETRY_MS
  }

  #startNow(bytes: number): Promise<void> {
    this.#isUrgent = true
    this.#pause?.end()
    return this.#start(bytes, bytes)
  }

  /**
   * Allocates a segment of the wanted size, or of the least size if the disk has no space for the wanted one.
   * If an allocation is running already, waits for that one instead.
   */
  #start(wantedBytes: number, leastBytes: number): Promise<void> {
    this.#running ??= this.#run(wantedBytes, leastBytes).finally(() => {
      this.#running = null
      this.#isUrgent = false
      if (!this.#stop.signal.aborted) this.keepUp()
    })
    return this.#running
  }

  /** Never rejects. Those who wait check the result. */
  async #run(wantedBytes: number, leastBytes: number): Promise<void> {
    try {
      await this.#make(wantedBytes).catch((error) => {
        if (wantedBytes > leastBytes && isShortage(error)) return this.#make(leastBytes)
        throw error
      })
      this.#shortage = null
    } catch (error) {
      if (this.#stop.signal.aborted) return
      if (isShortage(error)) this.#shortage = { error, at: performance.now() }
      else this.#options.onFailure(error)
    }
  }

  async #make(bytes: number): Promise<void> {
    const { files, directory, reserveBytes } = this.#options
    const capacityBytes = aligned(bytes)
    const start = this.#segmentList.at
    const usable = Math.max(0, this.#aheadBytes - reserveBytes)
    const pause = (written: number): Promise<void> =>
      this.#pauseUntil(start + (written / capacityBytes) * usable * PACE)
    const range = { base: this.#segmentList.end, capacityBytes }
    this.#segmentList.add(await createSegment(files, directory, range, pause))
  }

  async #pauseUntil(position: number): Promise<void> {
    if (!this.#isUrgent && !this.#stop.signal.aborted && this.#segmentList.at < position) {
      await new Promise<void>((end) => {
        this.#pause = { until: position, end }
      })
      this.#pause = null
    }
    this.#stop.signal.throwIfAborted()
  }
}
