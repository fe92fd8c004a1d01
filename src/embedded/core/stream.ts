import type { Entry, Trim } from '../../contract/entries.ts'
import { type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import { AnswerBudget } from './answer-budget.ts'
import { Block } from './block.ts'
import { type BlockHooks, Blocks, type BlockTracker, type RemovableBlocks } from './blocks.ts'
import { entriesDown, entriesUp } from './entry-range.ts'
import type { Group } from './group.ts'
import { Named } from './named.ts'
import { NO_STORAGE } from './no-storage.ts'
import type { StreamValues, Tombstone } from './stream-values.ts'
import { planTrim } from './trim.ts'
import type { Trimmed } from './trim-plan.ts'

/** Is notified before something in a stream changes, other than its blocks and groups. */
export interface StreamTracker {
  /** The stream's own values. */
  stream(stream: Stream): void
  streamDeleted(stream: Stream): void
  /** All stored blocks of this namespace are removed. */
  namespaceCleared(blockNamespace: number): void
}

interface StreamHooks extends BlockHooks<Stream> {
  readonly tracker: StreamTracker & BlockTracker<Stream>
}

/** An append-only stream of entries, in blocks, with its groups. */
export class Stream implements StreamValues {
  readonly name: string
  readonly number: number
  readonly groups = new Named<Group>()
  lastId: EntryId = MIN_ID
  maxDeletedId: EntryId = MIN_ID
  entriesAdded = 0
  #deletedUpTo: EntryId = MIN_ID
  readonly #hooks: StreamHooks
  #blockNamespace: number
  #length = 0
  #sizeBytes = 0
  /** Undefined if it must be looked up, null if there is none. */
  #firstId: EntryId | null | undefined = null
  readonly #blocks: Blocks<Stream>
  /** The last block, as long as it takes entries. */
  #tail: Block | null = null

  constructor(name: string, number = 0, hooks: StreamHooks = NO_STORAGE) {
    this.name = name
    this.number = number
    this.#blockNamespace = number
    this.#hooks = hooks
    this.#blocks = new Blocks(this, hooks)
  }

  /** Creates a stream whose blocks are all in the store. */
  static load(values: StreamValues, hooks: StreamHooks): Stream {
    const stream = new Stream(values.name, values.number, hooks)
    stream.lastId = values.lastId
    stream.maxDeletedId = values.maxDeletedId
    stream.entriesAdded = values.entriesAdded
    stream.#deletedUpTo = values.deletedUpTo
    stream.#blockNamespace = values.blockNamespace
    stream.#length = values.length
    stream.#sizeBytes = values.sizeBytes
    stream.#blocks.load(values)
    stream.#firstId = undefined
    return stream
  }

  get length(): number {
    return this.#length
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get deletedUpTo(): EntryId {
    return this.#deletedUpTo
  }

  get trimmedThrough(): EntryId {
    return this.#blocks.trimmedThrough
  }

  get blockNamespace(): number {
    return this.#blockNamespace
  }

  get tombstones(): Tombstone[] {
    return this.#blocks.tombstones
  }

  /** Which blocks can be deleted from the store. */
  get removableBlocks(): RemovableBlocks {
    return this.#blocks.removable()
  }

  /**
   * Sets the last id. It can go back to the last id of the last block, or, if the stream is empty, to any id.
   * In an empty stream, new blocks may begin where stored ones began, so they get another namespace.
   */
  setLastId(lastId: EntryId, nextNamespace: () => number): void {
    if (lastId < this.lastId && this.#length === 0) this.#reset(nextNamespace())
    else this.#blocks.endAt(lastId)
    this.lastId = lastId
  }

  /**
   * "0-0" if the stream is empty, as Redis counts it. If the first entries are damaged, the actual first id
   * may be higher.
   */
  get firstId(): EntryId {
    if (this.#firstId === undefined) this.#firstId = this.#blocks.firstFrom(MIN_ID)
    return this.#firstId ?? MIN_ID
  }

  /** The id of the last entry, or an upper bound if that entry is damaged; null if the stream is empty. */
  get highestId(): EntryId | null {
    return this.#length === 0 ? null : this.#blocks.highestId()
  }

  /** Throws entry-damaged if a damaged block hides the answer. So do all methods that look for an entry. */
  has(id: EntryId): boolean {
    return this.#blocks.at(id)?.has(id) ?? false
  }

  get(id: EntryId): Entry | null {
    const fields = this.#blocks.at(id)?.get(id)
    return fields === undefined ? null : { id, fields }
  }

  /** Returns the size of an entry's fields in bytes; undefined if there is no such entry. */
  bytesOf(id: EntryId): number | undefined {
    return this.#blocks.at(id)?.bytesOf(id)
  }

  /** Does the same, and loads the entry's block into memory, so that the deletion does not read the store. */
  loadForDelete(id: EntryId): number | undefined {
    const block = this.#blocks.at(id)
    const bytes = block?.bytesOf(id)
    if (block !== undefined && bytes !== undefined) this.#blocks.keepInMemory(block)
    return bytes
  }

  /** Whether an entry above this id exists. */
  hasAfter(id: EntryId): boolean {
    return this.lastId > id && this.#blocks.firstFrom(id + 1n) !== null
  }

  /** The stream was deleted. Its blocks stay in memory until `evictSome` has removed them. */
  markDeleted(): void {
    this.#hooks.tracker.streamDeleted(this)
  }

  /** Removes up to this number of blocks of a deleted stream from memory. Returns false if none is left. */
  evictSome(blocks: number): boolean {
    return this.#blocks.dropSome(blocks)
  }

  /**
   * Returns at most `limit` entries from `from` up to `to`, both inclusive, as long as the budget lasts.
   * Throws entry-damaged if one of them cannot be read; with `upToDamage`, only if it is the first.
   */
  range(from: EntryId, to: EntryId, limit: number, budget = new AnswerBudget(), upToDamage = false): Entry[] {
    const [first, last] = this.#clamp(from, to)
    if (first > last || budget.isFull) return []
    return entriesUp(this.#blocks.from(first), first, last, limit, budget, upToDamage)
  }

  /** Does the same from `to` down to `from`. */
  rangeDown(from: EntryId, to: EntryId, limit: number, budget = new AnswerBudget()): Entry[] {
    const [first, last] = this.#clamp(from, to)
    return first > last ? [] : entriesDown(this.#blocks.down(last), first, last, limit, budget)
  }

  append(entries: readonly Entry[]): void {
    const { tracker } = this.#hooks
    if (this.#length === 0) this.#firstId = entries[0]?.id ?? null
    let tracked: Block | null = null
    for (const { id, fields } of entries) {
      let block = this.#tail
      const isNew = block === null || !block.accepts(fields.length)
      if (block === null || isNew) block = this.#nextBlock()
      else if (block !== tracked) tracker.block(this, block)
      block.add(id, fields)
      if (isNew) {
        this.#blocks.add(block)
        tracker.block(this, block)
      }
      tracked = block
      this.#sizeBytes += fields.length
      this.lastId = id
    }
    this.#length += entries.length
    // The count may have been set to any number. Above this maximum, numbers are not exact.
    this.entriesAdded = Math.min(this.entriesAdded + entries.length, Number.MAX_SAFE_INTEGER)
  }

  /**
   * Deletes existing entries, given the bytes of their fields. Entries in blocks that are not in memory get a
   * tombstone.
   */
  delete(ids: readonly EntryId[], bytes: readonly number[]): void {
    for (const [index, id] of ids.entries()) {
      const size = bytes[index] as number
      const block = this.#blocks.residentAt(id)
      if (block === undefined) this.#blocks.addTombstone({ id, bytes: size })
      else this.#deleteIn(block, id)
      this.#length--
      this.#sizeBytes -= size
      if (id > this.maxDeletedId) this.maxDeletedId = id
      if (id > this.#deletedUpTo) this.#deletedUpTo = id
      if (id === this.#firstId) this.#firstId = undefined
    }
  }

  /** Removes all entries up to an id: from blocks in memory at once, from other blocks when they are read. */
  trim({ upTo, count, bytes, firstId }: Trimmed): void {
    this.#length -= count
    this.#sizeBytes -= bytes
    this.#firstId = firstId
    if (this.#tail !== null && this.#tail.lastId <= upTo) this.#tail = null
    this.#blocks.trimThrough(upTo)
  }

  /** Plans what a trim removes after `appended` further entries were appended; null for nothing. */
  planTrim(trim: Trim, appended: readonly Entry[]): Trimmed | null {
    const blocks = this.#blocks.from(this.trimmedThrough + 1n)
    const down = this.#blocks.down()
    const [length, sizeBytes, lastId] = [this.#length, this.#sizeBytes, this.lastId]
    return planTrim({ blocks, down, length, sizeBytes, lastId, growing: this.#tail }, trim, appended)
  }

  /**
   * Moves tombstones into their blocks after a replay, which does not read them. If a damaged block hides
   * its entries, the stream keeps the tombstone.
   */
  settle(): void {
    for (const tombstone of this.tombstones) {
      const block = this.#blocks.at(tombstone.id)
      if (block === undefined || block.isOpaque) continue
      this.#blocks.keepInMemory(block)
      this.#deleteIn(block, tombstone.id)
      this.#blocks.removeTombstone(tombstone)
    }
  }

  /** Returns a block of the store without the entries removed since it was written. */
  leftOf(block: Block): Block {
    return this.#blocks.withoutRemoved(block)
  }

  /** Removes a block from memory that the store has in the same state, or that no longer exists. */
  evict(block: Block): boolean {
    return this.#blocks.evict(block)
  }

  /** Starts a new block. The caller adds an entry to it, and adds it to the blocks. */
  #nextBlock(): Block {
    const filled = this.#tail
    if (filled !== null) {
      filled.shrink()
      this.#hooks.tracker.blockHeld(this, filled)
    }
    this.#tail = Block.create(filled !== null)
    return this.#tail
  }

  #deleteIn(block: Block, id: EntryId): void {
    this.#hooks.tracker.block(this, block)
    block.delete(id)
    if (block.live === 0) this.#empty(block)
  }

  /** A block has become empty. If it is stored, it stays as a note that the store must remove it. */
  #empty(block: Block): void {
    if (!block.stored) this.#drop(block)
    else if (block === this.#tail) this.#tail = null
  }

  #reset(blockNamespace: number): void {
    this.#blocks.reset()
    this.#hooks.tracker.namespaceCleared(this.#blockNamespace)
    this.#blockNamespace = blockNamespace
    this.#tail = null
    this.#deletedUpTo = MIN_ID
  }

  #drop(block: Block): void {
    if (block === this.#tail) this.#tail = null
    this.#blocks.drop(block)
  }

  /** Limits a range to ids that entries of the stream can have. */
  #clamp(from: EntryId, to: EntryId): [from: EntryId, to: EntryId] {
    return [from > this.trimmedThrough ? from : this.trimmedThrough + 1n, to < this.lastId ? to : this.lastId]
  }
}
