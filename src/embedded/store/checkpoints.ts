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
  /** A checkpoint begins when the journal has grown by so much since the last one. */
  readonly everyBytes: number
  /** And so long after a change at the latest. */
  readonly everyMs: number
  onCheckpoint?(checkpoint: Checkpoint): void
  onStep?(step: Step): void
}

/** How one went. */
export interface Checkpoint {
  readonly seconds: number
  /** How long each slice of it has held the event loop. */
  readonly sliceSeconds: readonly number[]
  /** Why the store could not take it: the journal then keeps what it has, and the next one tries again. */
  readonly error?: Error
}

/**
 * Moves what changed into the store, in the background, and then lets go of the journal that it came from. Each step
 * may be the last one before a crash:
 *
 * 1. capture: nothing on disk has changed, the journal has it all;
 * 2. sync the journal up to the captured position: from there on it is read at the next start;
 * 3. write to the store, in one transaction that names this position: it has the old checkpoint or the new one;
 *    When the journal has failed by then, the transaction is void;
 * 4. release the journal below: what is left of it is below the position and not read.
 */
export class Checkpoints {
  readonly #parts: CheckpointParts
  readonly #options: CheckpointOptions
  /** Of the last one. */
  #position: number
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  /** Of the one that runs. */
  #slices: Slices | null = null
  #isClosed = false
  #last: Checkpoint | null = null
  #lastSaved: { readonly at: number; readonly seconds: number } | null = null

  /** `position` is that of the last checkpoint. */
  constructor(parts: CheckpointParts, position: number, options: CheckpointOptions) {
    this.#parts = parts
    this.#options = options
    this.#position = position
  }

  /** What a restart would have to read of the journal. */
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

  /** To be called after changes: begins a checkpoint when it is time for one. */
  keepUp(): void {
    const { cache, journal } = this.#parts
    if (this.#running !== null || this.#isClosed || journal.failed !== null) return
    cache.trim()
    const isTime = this.behindBytes >= this.#options.everyBytes || (cache.isPressed && this.behindBytes > 0)
    // After a failure it is left to the timer.
    if (isTime && this.#last?.error === undefined) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), this.#options.everyMs)
  }

  /** Saves what there is to save, unless the journal has failed, and no more after that. */
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

  /** Never rejects: what could not be saved is still in the journal. */
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

  /** What a checkpoint of a position may take of the thread now. */
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
      // A change that was broken off meanwhile may have broken off what was to be written, too.
      if (journal.failed !== null) throw journal.failed
    }
    await store.save(dirty, { position, nextNumber }, slices, onWritten)
    onStep('checkpoint saved')
  }

  async #releaseSaved(slices: Slices): Promise<void> {
    const { dirty, cache } = this.#parts
    slices.begin()
    for (const [block, { stream }] of dirty.saved()) {
      // It may have changed while the event loop had its turn.
      if (dirty.has(block)) continue
      if (block.live > 0) cache.saved(block, stream)
      else if (stream.evict(block)) cache.dropped(block)
      await slices.next()
    }
    cache.trim()
    slices.end()
  }
}

/** Of the thread, as long as nothing presses. */
const LEAST_SHARE = 0.1
/** From this pressure on it may be more. */
const EASY = 0.5

/**
 * The share of the thread that a checkpoint may take. The pressure is 0 when it begins, and 1 when the journal has grown
 * by as much again as before it, or when memory is full of what must be saved: from there on, only a checkpoint that
 * takes all it can keeps their bounds.
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

/** Tells of changes both what is to be saved and what may be let go of. */
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
    pending: (group, slotPage) => dirty.pending(group, slotPage)
  }
}
