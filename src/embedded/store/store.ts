import { statSync } from 'node:fs'
import path from 'node:path'
import { type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import type { Block } from '../core/block.ts'
import type { BlockSource } from '../core/blocks.ts'
import type { ConsumerValues } from '../core/consumer.ts'
import { Group } from '../core/group.ts'
import type { StorageHooks } from '../core/storage-hooks.ts'
import { Stream } from '../core/stream.ts'
import type { Streams } from '../core/streams.ts'
import type { OnProgress } from '../progress.ts'
import { readBlock } from './block-value.ts'
import type { Write } from './dirty-set.ts'
import {
  ALL_BLOCKS,
  ALL_STREAMS,
  blockKey,
  blocksAfter,
  blocksFollowing,
  blocksOf,
  blocksUpTo,
  consumerName,
  consumersOf,
  firstIdOf,
  groupNumber,
  groupsOf,
  namespaceOf,
  type Removal,
  ROOT_KEY,
  slotPageNumber,
  slotPagesOf
} from './keys.ts'
import { checkPages } from './pages.ts'
import { ReadBlocks } from './read-blocks.ts'
import type { Slices } from './slices.ts'
import { type Stored, StoreFile } from './store-file.ts'
import {
  decodeConsumer,
  decodeGroup,
  decodeRoot,
  decodeStream,
  encodeRoot,
  type Root,
  type StoredRoot
} from './values.ts'

export const STORE_FILE = 'store.mdb'

/** Keys are looked up by so many, to be removed. */
const KEYS_AT_A_TIME = 32

/**
 * What the journal no longer needs to hold: streams, groups, pending entries and blocks of entries, in one file of an
 * ordered, crash-safe store. It changes by whole checkpoints alone, each one transaction.
 */
export class Store implements BlockSource<Stream> {
  readonly #file: StoreFile
  /** Read since the last checkpoint. One that is altered is altered here, too. */
  readonly #read = new ReadBlocks()

  private constructor(file: StoreFile) {
    this.#file = file
  }

  /** To be written to by this process alone. Throws storage-failed when the file is no store, or its end is missing. */
  static open(directory: string): Store {
    return new Store(StoreFile.open(path.join(directory, STORE_FILE), false))
  }

  /** To be looked at, also while it is written to; null when there is none yet. Throws storage-failed when it is none. */
  static openReadOnly(directory: string): Store | null {
    const file = path.join(directory, STORE_FILE)
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    return size === 0 ? null : new Store(StoreFile.open(file, true))
  }

  /** Looks at the form of all that is in the file, while nobody writes to it. Throws storage-failed. */
  static checkPages(directory: string, onProgress?: OnProgress): void {
    checkPages(path.join(directory, STORE_FILE), onProgress)
  }

  /** What the last checkpoint said of itself; null when there was none. Throws storage-failed on a later format. */
  root(): StoredRoot | null {
    const stored = this.#file.get(ROOT_KEY)
    return stored === null ? null : readable('root', () => decodeRoot(stored))
  }

  /** Takes all streams and groups in, and the next number. Blocks stay where they are. */
  load({ nextNumber, version }: StoredRoot, streams: Streams, hooks: StorageHooks): void {
    streams.nextNumber = nextNumber
    for (const { value } of this.#file.range(ALL_STREAMS)) {
      const stored = readable('stream', () => decodeStream(value, version))
      const values = version < 3 ? { ...stored, trimmedThrough: this.#trimmedThroughOf(stored) } : stored
      const stream = Stream.load({ ...values, sizeBytes: values.sizeBytes ?? this.#sizeOf(values) }, hooks)
      for (const { key, value: stored } of this.#file.range(groupsOf(stream.number))) {
        const { name, values, consumers } = readable('group', () => decodeGroup(stored, version))
        const group = new Group(stream, name, groupNumber(key), hooks)
        readable('consumer or pending list', () =>
          group.load(values, consumers ?? this.#consumers(group.number), this.#slotPages(group.number))
        )
        stream.groups.add(group)
      }
      streams.load(stream)
    }
    if (version < 3) this.#clearUnusedNamespaces(streams, hooks)
  }

  /** Up to format 2, what failed checkpoints had known of could stay on a block namespace that no stream has any more. */
  #clearUnusedNamespaces(streams: Streams, { tracker }: StorageHooks): void {
    const namespaces = new Set<number>()
    for (const { blockNamespace } of streams.from('')) namespaces.add(blockNamespace)
    for (let key = this.#file.firstKey(ALL_BLOCKS); key !== null; ) {
      const blockNamespace = namespaceOf(key)
      if (!namespaces.has(blockNamespace)) tracker.namespaceCleared(blockNamespace)
      key = this.#file.firstKey({ start: blocksOf(blockNamespace).end, end: ALL_BLOCKS.end })
    }
  }

  atOrBefore(stream: Stream, id: EntryId): Block | null {
    const { blockNamespace } = stream
    const read = this.#read.find(blockNamespace, id)
    if (read !== null) return read
    return this.#decoded(stream, this.#file.last(blocksUpTo(blockNamespace, id)))
  }

  after(stream: Stream, id: EntryId): Block | null {
    return this.#decoded(stream, this.#file.first(blocksAfter(stream.blockNamespace, id)))
  }

  /** All blocks of a stream, in the order of their first ids, which are their keys; damaged ones, too. Throws storage-failed. */
  *blocks(stream: Pick<Stream, 'blockNamespace' | 'name'>): Generator<Block, undefined> {
    for (const { key, value } of this.#file.stored(blocksOf(stream.blockNamespace))) {
      const block = readable('block', () => readBlock(stream.name, key, value))
      if (!blockKey(stream.blockNamespace, block.firstId).equals(key))
        throw new EngineError('storage-failed', 'The store has a block under the key of another block')
      yield block
    }
  }

  /**
   * Writes what was captured in one transaction: after a crash, or when this rejects, the store is as it was before.
   * Rejects with the cause, a full disk for one. So it does with what `onWritten` throws, before anything is committed.
   */
  async save(captured: Captured, root: Root, slices: Slices, onWritten?: () => void): Promise<void> {
    await this.#file.transaction(async () => {
      slices.begin()
      for (const range of captured.removals) await this.#remove(range, slices)
      for (const { key, value } of captured.writes()) {
        if (value === null) this.#file.remove(key)
        else this.#file.put(key, value)
        await slices.next()
      }
      this.#file.put(ROOT_KEY, encodeRoot(root))
      slices.end()
      onWritten?.()
    })
    // What was read before is of the checkpoint before.
    this.#read.clear()
  }

  /** Writes the last checkpoint to another file, as it is now, whatever is saved meanwhile. */
  async copyTo(file: string): Promise<void> {
    await this.#file.copyTo(file)
  }

  /** Of the file, with the space in it that is free to be used again. */
  get sizeBytes(): number {
    return this.#file.sizeBytes
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /**
   * In a store of a format whose streams tell where the last block began that is gone: every entry below the next block
   * is. Reads no block.
   */
  #trimmedThroughOf({
    blockNamespace,
    trimmedThrough,
    lastId
  }: Pick<Stream, 'blockNamespace' | 'trimmedThrough' | 'lastId'>): EntryId {
    if (trimmedThrough === MIN_ID) return trimmedThrough
    const next = this.#file.firstKey(blocksAfter(blockNamespace, trimmedThrough))
    return next === null ? lastId : firstIdOf(next) - 1n
  }

  /** Of entries, in a store of a format that does not say it: reads all blocks. */
  #sizeOf(stream: Pick<Stream, 'blockNamespace' | 'trimmedThrough' | 'name'>): number {
    let bytes = 0
    for (const block of this.blocks(stream))
      if (block.firstId > stream.trimmedThrough) bytes += block.liveBytes
    return bytes
  }

  *#consumers(group: number): Generator<ConsumerValues, undefined> {
    for (const { key, value } of this.#file.range(consumersOf(group))) {
      yield decodeConsumer(consumerName(key), value)
    }
  }

  /** Each to be taken in before the next is asked for. */
  *#slotPages(group: number) {
    for (const key of this.#file.keys(slotPagesOf(group))) {
      const bytes = this.#file.peek(key)
      if (bytes !== null) yield { slotPage: slotPageNumber(key), bytes }
    }
  }

  #decoded({ name, blockNamespace }: Stream, stored: Stored | null): Block | null {
    if (stored === null) return null
    const block = readable('block', () => readBlock(name, stored.key, stored.value, this.#nextOf))
    if (!block.isOpaque) this.#read.add(blockNamespace, block)
    return block
  }

  async #remove(removal: Removal, slices: Slices): Promise<void> {
    const { start } = removal
    const end = this.#endOf(removal)
    for (;;) {
      const keys = this.#file.keys({ start, end, limit: KEYS_AT_A_TIME })
      for (const key of keys) this.#file.remove(key)
      await slices.next(keys.length)
      if (keys.length < KEYS_AT_A_TIME) return
    }
  }

  /** Where the block begins that follows that of a key; null when there is none. */
  readonly #nextOf = (key: Buffer): EntryId | null => {
    const next = this.#file.firstKey(blocksFollowing(key))
    return next === null ? null : firstIdOf(next)
  }

  #endOf({ start, end, keepsAbove }: Removal): Buffer {
    if (keepsAbove === undefined) return end
    const last = this.#file.last({ start, end })
    if (last === null) return end
    const block = readable('block', () => readBlock('', last.key, last.value))
    // One that does not tell where it ends is over where the next one begins.
    const isGone = block.isCounted ? block.lastId <= keepsAbove : this.#nextOf(last.key) === keepsAbove + 1n
    return isGone ? end : last.key
  }
}

/** What is to be removed, and then what is to be written. */
export interface Captured {
  readonly removals: readonly Removal[]
  writes(): Iterable<Write>
}

/** What cannot be read is damage, and no reason to go on with less. */
function readable<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new EngineError('storage-failed', `The store has a ${what} that cannot be read: ${error.message}`, {
      cause: error
    })
  }
}
