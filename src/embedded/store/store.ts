import { statSync } from 'node:fs'
import path from 'node:path'
import { type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import type { Block } from '../core/block.ts'
import type { BlockSource } from '../core/blocks.ts'
import type { ConsumerValues } from '../core/consumer.ts'
import type { Death } from '../core/dead-entries.ts'
import { Group } from '../core/group.ts'
import type { StorageHooks } from '../core/storage-hooks.ts'
import { Stream } from '../core/stream.ts'
import type { Streams } from '../core/streams.ts'
import type { OnProgress } from '../progress.ts'
import { readBlock } from './block-value.ts'
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
  deadOf,
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
  decodeDeath,
  decodeGroup,
  decodeRoot,
  decodeStream,
  encodeRoot,
  type Root,
  type StoredRoot
} from './values.ts'
import type { Write } from './write.ts'

export const STORE_FILE = 'store.mdb'

/** Keys to remove are looked up in groups of this size. */
const KEYS_AT_A_TIME = 32

/**
 * Everything that the journal no longer has to contain: streams, groups, pending entries and blocks of
 * entries, in one file of an ordered, crash-safe store. Only checkpoints change it, each in one transaction.
 */
export class Store implements BlockSource<Stream> {
  readonly #file: StoreFile
  /** Blocks read since the last checkpoint. A caller that changes such a block changes it here, too. */
  readonly #read = new ReadBlocks()

  private constructor(file: StoreFile) {
    this.#file = file
  }

  /**
   * Opens the store for writing, by this process alone. Throws storage-failed if the file is not a store, or
   * if its end is missing.
   */
  static open(directory: string): Store {
    return new Store(StoreFile.open(path.join(directory, STORE_FILE), false))
  }

  /**
   * Opens the store for reading, even while a process writes to it. Null if it does not exist yet. Throws
   * storage-failed if the file is not a store.
   */
  static openReadOnly(directory: string): Store | null {
    const file = path.join(directory, STORE_FILE)
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    return size === 0 ? null : new Store(StoreFile.open(file, true))
  }

  /** Checks all pages of a file that nobody writes to. Throws storage-failed if any is damaged. */
  static checkPages(directory: string, onProgress?: OnProgress): void {
    checkPages(path.join(directory, STORE_FILE), onProgress)
  }

  /**
   * Reads the root that the last checkpoint wrote; null if there was no checkpoint. Throws storage-failed for
   * a later format.
   */
  root(): StoredRoot | null {
    const stored = this.#file.get(ROOT_KEY)
    return stored === null ? null : readable('root', () => decodeRoot(stored))
  }

  /** Loads all streams and groups, and the next number. Blocks stay in the store. */
  load({ nextNumber, version }: StoredRoot, streams: Streams, hooks: StorageHooks): void {
    streams.nextNumber = nextNumber
    for (const { value } of this.#file.range(ALL_STREAMS)) {
      const stored = readable('stream', () => decodeStream(value, version))
      const values = version < 3 ? { ...stored, trimmedThrough: this.#trimmedThroughOf(stored) } : stored
      const stream = Stream.load({ ...values, sizeBytes: values.sizeBytes ?? this.#sizeOf(values) }, hooks)
      for (const { key, value: stored } of this.#file.range(groupsOf(stream.number))) {
        const { name, values, consumers } = readable('group', () => decodeGroup(stored, version))
        const group = new Group(stream, name, groupNumber(key), hooks)
        readable('consumer, pending list or dead entry', () =>
          group.load(
            values,
            consumers ?? this.#consumers(group.number),
            this.#slotPages(group.number),
            this.#deaths(group.number)
          )
        )
        stream.groups.add(group)
      }
      streams.load(stream)
    }
    if (version < 3) this.#clearUnusedNamespaces(streams, hooks)
  }

  /** Up to format 2, failed checkpoints could leave blocks in a namespace that no stream uses any more. */
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

  /**
   * Yields all blocks of a stream, including damaged ones, in the order of their first ids, which are their
   * keys. Throws storage-failed.
   */
  *blocks(stream: Pick<Stream, 'blockNamespace' | 'name'>): Generator<Block, undefined> {
    for (const { key, value } of this.#file.stored(blocksOf(stream.blockNamespace))) {
      const block = readable('block', () => readBlock(stream.name, key, value))
      if (!blockKey(stream.blockNamespace, block.firstId).equals(key))
        throw new EngineError('storage-failed', 'The store has a block under the key of another block')
      yield block
    }
  }

  /**
   * Writes a captured state in one transaction. After a crash, or if this rejects, the store is as before.
   * Rejects with the cause, for example a full disk, or with what `onWritten` throws before the commit.
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
    // Cached blocks are those of the previous checkpoint.
    this.#read.clear()
  }

  /** Copies the last checkpoint to another file. Saves during the copy do not affect it. */
  async copyTo(file: string): Promise<void> {
    await this.#file.copyTo(file)
  }

  /** Size of the file, including free space inside it. */
  get sizeBytes(): number {
    return this.#file.sizeBytes
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /**
   * In old formats, a stream stores where its last removed block began. All entries below the next block are
   * removed. Reads no block.
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

  /** Sums up the size of entries in a store of a format without it. Reads all blocks. */
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

  *#deaths(group: number): Generator<Death, undefined> {
    for (const { key, value } of this.#file.range(deadOf(group))) yield decodeDeath(firstIdOf(key), value)
  }

  /** Each page must be loaded before the next one is requested. */
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

  /** Returns the first id of the block after the one with a key; null if there is none. */
  readonly #nextOf = (key: Buffer): EntryId | null => {
    const next = this.#file.firstKey(blocksFollowing(key))
    return next === null ? null : firstIdOf(next)
  }

  #endOf({ start, end, keepsAbove }: Removal): Buffer {
    if (keepsAbove === undefined) return end
    const last = this.#file.last({ start, end })
    if (last === null) return end
    const block = readable('block', () => readBlock('', last.key, last.value))
    // A block with an unknown end must end before the next block begins.
    const isRemovable = block.isCounted
      ? block.lastId <= keepsAbove
      : this.#nextOf(last.key) === keepsAbove + 1n
    return isRemovable ? end : last.key
  }
}

/** What a checkpoint removes first and then writes. */
export interface Captured {
  readonly removals: readonly Removal[]
  writes(): Iterable<Write>
}

/** A value that cannot be read is damage. Starting without it would hide a loss. */
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
