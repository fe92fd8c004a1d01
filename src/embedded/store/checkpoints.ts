import type { StorageStatus } from '../../contract/status.ts'
import type { ChangeTracker } from '../core/storage-hooks.ts'
import type { Streams } from '../core/streams.ts'
import type { Journal } from '../journal/journal.ts'
import type { Step } from '../step.ts'
import type { BlockCache } from './block-cache.ts'
import type { DirtySet } from './dirty-set.ts'
import { Slices } from './slices.ts'
import type { Store } from './store.ts'

export interface CheckpointOptions {
  /** A checkpoint starts when the journal has grown by this much since the last one. */
  readonly everyBytes: number
  /** A checkpoint starts at most this long after a change. */
  readonly everyMs: number
  onCheckpoint?(checkpoint: Checkpoint): void
  onStep?(step: Step): void
}

/** The result of a checkpoint. */
export interface Checkpoint {
  readonly seconds: number
  /** How long each of its slices blocked the event loop. */
  readonly sliceSeconds: readonly number[]
  /** Why it failed. The journal then keeps its changes, and the next checkpoint tries again. */
  readonly error?: Error
}

/**
 * Moves changes into the store in the background, and then deletes the journal segments that contain them.
 * The process may crash after each step:
 *
 * 1. Capture the changes. Nothing on disk has changed, and the journal contains everything.
 * 2. Sync the journal up to the captured position. The next start will read it from there.
 * 3. Write to the store, in one transaction that contains this position. The store has either the old
 *    checkpoint or the new one. If the journal has failed meanwhile, the transaction is aborted.
 * 4. Release the journal below the position. Segments that remain there are not read.
 */
export class Checkpoints {
  readonly #parts: CheckpointParts
  readonly #options: CheckpointOptions
  /** Position of the last checkpoint. */
  #position: number
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  /** Slices of the running checkpoint. */
  #slices: Slices | null = null
  #isClosed = false
  #last: Checkpoint | null = null
  #lastSaved: { readonly at: number; readonly seconds: number } | null = null

  /** `position` is the position of the last checkpoint. */
  constructor(parts: CheckpointParts, position: number, options: CheckpointOptions) {
    this.#parts = parts
    this.#options = options
    this.#position = position
  }

  /** Bytes of the journal that a restart would have to read. */
  get behindBytes(): number {
    return this.#parts.journal.position - this.#position
  }

  status(): Omit<StorageStatus, 'diskBytes'> {
    const { journal, cache } = this.#parts
    const error = this.#last?.error?.message
    return {
      journalBytes: this.behindBytes,
      undeletedSegments: journal.undeletedSegments,
      memoryBytes: cache.bytes,
      checkpoint: this.#lastSaved,
      ...(error !== undefined && { checkpointError: error })
    }
  }

  /** Starts a checkpoint when it is time for one. Call it after changes. */
  keepUp(): void {
    const { cache, journal } = this.#parts
    if (this.#running !== null || this.#isClosed || journal.failed !== null) return
    cache.trim()
    const isTime = this.behindBytes >= this.#options.everyBytes || (cache.isPressed && this.behindBytes > 0)
    // After a failure, the timer starts the next one.
    if (isTime && this.#last?.error === undefined) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), this.#options.everyMs)
  }

  /** Saves all changes, unless the journal has failed. No checkpoint follows. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#slices?.hurry()
    await this.#running
    const { dirty, journal } = this.#parts
    if (!dirty.isEmpty && journal.failed === null) await this.#run()
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { dirty, journal } = this.#parts
    if (dirty.isEmpty || this.#running !== null || journal.failed !== null) return
    this.#running = this.#run().then(() => {
      this.#running = null
      this.keepUp()
    })
  }

  /** Never rejects: changes that could not be saved are still in the journal. */
  async #run(): Promise<void> {
    const { journal, dirty } = this.#parts
    const startedAt = performance.now()
    const { position } = journal
    const slices = new Slices({
      share: () => this.#share(position),
      onTurn: () => this.#options.onStep?.('checkpoint slice')
    })
    if (this.#isClosed) slices.hurry()
    this.#slices = slices
    const error = await this.#save(position, slices).then(() => undefined, asError)
    if (error === undefined) {
      this.#position = position
      await this.#releaseSaved(slices)
    } else {
      dirty.failed()
    }
    const releaseError =
      error === undefined ? await journal.release(position).then(() => undefined, asError) : error
    this.#slices = null
    this.#options.onStep?.('checkpoint released')
    const seconds = (performance.now() - startedAt) / 1000
    const { seconds: sliceSeconds } = slices
    this.#last = { seconds, sliceSeconds, ...(releaseError !== undefined && { error: releaseError }) }
    if (error === undefined) this.#lastSaved = { at: Date.now(), seconds }
    this.#options.onCheckpoint?.(this.#last)
  }

  /** Returns the share of the thread that a checkpoint of a position may use now. */
  #share(position: number): number {
    const { journal, cache } = this.#parts
    return shareUnder(Math.max((journal.position - position) / this.#options.everyBytes, cache.pressure))
  }

  async #save(position: number, slices: Slices): Promise<void> {
    const { streams, store, journal, dirty } = this.#parts
    const onStep = (step: Step) => this.#options.onStep?.(step)
    const { nextNumber } = streams
    slices.begin()
    dirty.capture()
    slices.end()
    onStep('checkpoint captured')
    await journal.sync(position)
    onStep('checkpoint synced')
    const onWritten = () => {
      onStep('checkpoint written')
      // A change that failed halfway may have affected what was written.
      if (journal.failed !== null) throw journal.failed
    }
    await store.save(dirty, { position, nextNumber }, slices, onWritten)
    onStep('checkpoint saved')
  }

  async #releaseSaved(slices: Slices): Promise<void> {
    const { dirty, cache } = this.#parts
    slices.begin()
    for (const [block, { stream }] of dirty.saved()) {
      // It may have changed during a turn of the event loop.
      if (dirty.has(block)) continue
      if (block.live > 0) cache.saved(block, stream)
      else if (stream.evict(block)) cache.dropped(block)
      await slices.next()
    }
    cache.trim()
    slices.end()
  }
}

/** Share of the thread without pressure. */
const LEAST_SHARE = 0.1
/** Above this pressure, the share grows. */
const EASY = 0.5

/**
 * Returns the share of the thread that a checkpoint may use. The pressure is 0 when the checkpoint starts. It
 * is 1 when the journal has grown by as much again as before the checkpoint, or when the cache is full of
 * blocks that must be saved. Only a checkpoint that uses the whole thread can then keep these limits.
 */
export function shareUnder(pressure: number): number {
  const pressed = Math.min(1, Math.max(0, (pressure - EASY) / (1 - EASY)))
  return LEAST_SHARE + (1 - LEAST_SHARE) * pressed
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** What a checkpoint works on. */
export interface CheckpointParts {
  readonly streams: Streams
  readonly store: Store
  readonly journal: Pick<Journal, 'position' | 'failed' | 'undeletedSegments' | 'sync' | 'release'>
  readonly dirty: DirtySet
  readonly cache: BlockCache
}

/** Reports changes to the set of what must be saved and to the cache of what can be evicted. */
export function changeTracker(dirty: DirtySet, cache: BlockCache): ChangeTracker {
  return {
    stream: (stream) => dirty.stream(stream),
    streamDeleted: (stream) => dirty.streamDeleted(stream),
    block: (stream, block) => {
      dirty.block(stream, block)
      cache.changed(block)
    },
    blockHeld: (stream, block) => {
      cache.held(block)
      if (block.stored && !dirty.has(block)) cache.saved(block, stream)
    },
    blockDropped: (block) => {
      dirty.blockDropped(block)
      cache.dropped(block)
    },
    namespaceCleared: (blockNamespace) => dirty.namespaceCleared(blockNamespace),
    group: (group) => dirty.group(group),
    groupDeleted: (group) => dirty.groupDeleted(group),
    consumer: (group, consumer) => dirty.consumer(group, consumer),
    consumerDeleted: (group, consumer) => dirty.consumerDeleted(group, consumer),
    pending: (group, slotPage) => dirty.pending(group, slotPage),
    dead: (group, id, death) => dirty.dead(group, id, death)
  }
}
