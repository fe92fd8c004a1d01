import { EngineError } from '../../contract/errors.ts'
import { type Files, isDiskFull, isShortage } from './files.ts'
import { aligned } from './record.ts'
import { createSegment, HEADER_BYTES } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

/** Pause after a shortage, before the next attempt. */
const RETRY_MS = 1000
/** A new journal is ready to be used as soon as so much of it is there. */
const QUICK_BYTES = 4 << 20
/** Each segment is so many times as large as the one before, until they have their full size. */
const GROWTH = 4
/** Of the room there is, so much may be used up by the time that a new segment is there. */
const PACE = 0.75

interface PreallocationOptions {
  readonly files: Files
  readonly directory: string
  readonly segmentBytes: number
  readonly reserveBytes: number
  /** The disk failed in another way than by being full. */
  onFailure(error: unknown): void
}

/**
 * Makes segments before they are needed, so that a full disk is met before a change is decided, and no flush has to
 * make a file longer. One at a time, in the background, and no faster than it must be: the zeros are spread over what
 * is appended meanwhile, because flushes wait behind them. Only where somebody waits for room there is no waiting.
 */
export class Preallocation {
  readonly #segmentList: SegmentList
  readonly #options: PreallocationOptions
  readonly #stop = new AbortController()
  #running: Promise<void> | null = null
  /** The segment in the making goes on when the journal has come so far. */
  #pause: { readonly until: number; end(): void } | null = null
  #isUrgent = false
  /** Why and when there was no room, until there was some. */
  #shortage: { readonly error: Error; readonly at: number } | null = null

  constructor(segmentList: SegmentList, options: PreallocationOptions) {
    this.#segmentList = segmentList
    this.#options = options
  }

  /** Makes the room that a journal begins with. Does without on a full disk: what is there can be read all the same. */
  async prepare(): Promise<void> {
    const enough = this.#options.reserveBytes + this.#quickBytes / 2
    for (let end = -1; this.#aheadBytes < enough && end !== this.#segmentList.end; ) {
      end = this.#segmentList.end
      await this.#startNow(this.#quickBytes)
    }
  }

  /** Starts on the next segment when half of the last one is used. Cheap enough to be called after every append. */
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

  /** Makes room for so many bytes in one piece, at once. Rejects with storage-full or overloaded. */
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

  /** Gives up what is being made, and waits until that is gone. */
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
   * Makes a segment of the first size, or of the second where the disk has no room for the first. If one is being made
   * already, it is that one that is waited for.
   */
  #start(wantedBytes: number, leastBytes: number): Promise<void> {
    this.#running ??= this.#run(wantedBytes, leastBytes).finally(() => {
      this.#running = null
      this.#isUrgent = false
      if (!this.#stop.signal.aborted) this.keepUp()
    })
    return this.#running
  }

  /** Never rejects: whoever waits looks at what came of it. */
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
