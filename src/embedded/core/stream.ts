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

/** Is notified of what is about to change in a stream, besides its blocks and groups. */
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

/** An append-only stream of entries, in blocks, and its groups. */
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
  /** Undefined when it has to be looked up, null when there is none. */
  #firstId: EntryId | null | undefined = null
  readonly #blocks: Blocks<Stream>
  /** The last block, while it takes entries. */
  #tail: Block | null = null

  constructor(name: string, number = 0, hooks: StreamHooks = NO_STORAGE) {
    this.name = name
    this.number = number
    this.#blockNamespace = number
    this.#hooks = hooks
    this.#blocks = new Blocks(this, hooks)
  }

  /** A stream whose blocks are all in the store. */
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

  /** Which blocks the store need not have any more. */
  get removableBlocks(): RemovableBlocks {
    return this.#blocks.removable()
  }

  /**
   * Sets the last id. It may go back to the last place that a block holds, or, without entries, as far as it likes:
   * blocks that come then may begin where others did, and so they go to another block namespace.
   */
  setLastId(lastId: EntryId, nextNamespace: () => number): void {
    if (lastId < this.lastId && this.#length === 0) this.#reset(nextNamespace())
    else this.#blocks.endAt(lastId)
    this.lastId = lastId
  }

  /** "0-0" while there is none, as Redis counts it. Where it is damaged it may be a later one: it is none before this. */
  get firstId(): EntryId {
    if (this.#firstId === undefined) this.#firstId = this.#firstFrom(MIN_ID)
    return this.#firstId ?? MIN_ID
  }

  /** The last entry's id, or at least that where it is damaged; null when there is none. */
  get highestId(): EntryId | null {
    if (this.#length === 0) return null
    for (const block of this.#blocks.down()) {
      const last = block.isCounted ? block.lastLive() : this.lastId
      if (last !== null) return last
    }
    return null
  }

  /** Throws entry-damaged, as all do that look for an entry, when its block no longer tells. */
  has(id: EntryId): boolean {
    return this.#blocks.at(id)?.has(id) ?? false
  }

  get(id: EntryId): Entry | null {
    const fields = this.#blocks.at(id)?.get(id)
    return fields === undefined ? null : { id, fields }
  }

  /** The bytes of an entry's fields; undefined when there is no such entry. */
  bytesOf(id: EntryId): number | undefined {
    return this.#blocks.at(id)?.bytesOf(id)
  }

  /** The same, and brings its block into memory, so that deleting it needs nothing from the store. */
  loadForDelete(id: EntryId): number | undefined {
    const block = this.#blocks.at(id)
    const bytes = block?.bytesOf(id)
    if (block !== undefined && bytes !== undefined) this.#blocks.keepInMemory(block)
    return bytes
  }

  /** Whether an entry above this id exists. */
  hasAfter(id: EntryId): boolean {
    return this.lastId > id && this.#firstFrom(id + 1n) !== null
  }

  /** The stream was deleted. Its blocks stay in memory until they are let go of. */
  markDeleted(): void {
    this.#hooks.tracker.streamDeleted(this)
  }

  /** Lets go of so many blocks of a stream that was deleted, at most. False when none is left. */
  evictSome(blocks: number): boolean {
    return this.#blocks.dropSome(blocks)
  }

  /**
   * At most `limit` entries from `from` to `to`, both inclusive, as far as there is room for them, which they take. Throws
   * entry-damaged when one of them cannot be read; with `upToDamage`, only when it is the first.
   */
  range(from: EntryId, to: EntryId, limit: number, budget = new AnswerBudget(), upToDamage = false): Entry[] {
    const [first, last] = this.#clamp(from, to)
    if (first > last || budget.isFull) return []
    return entriesUp(this.#blocks.from(first), first, last, limit, budget, upToDamage)
  }

  /** The same from `to` down. */
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
    // It may have been set to any count, and one that cannot be told from the next is of no use.
    this.entriesAdded = Math.min(this.entriesAdded + entries.length, Number.MAX_SAFE_INTEGER)
  }

  /** Deletes entries that exist, with fields of so many bytes each. Those in blocks that are not in memory are noted. */
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

  /** Removes the first entries, up to an id: from blocks in memory now, from others when they are read. */
  trim({ upTo, count, bytes, firstId }: Trimmed): void {
    this.#length -= count
    this.#sizeBytes -= bytes
    this.#firstId = firstId
    if (this.#tail !== null && this.#tail.lastId <= upTo) this.#tail = null
    this.#blocks.trimThrough(upTo)
  }

  /** What a trim would remove after `appended` further entries were appended; null for nothing. */
  planTrim(trim: Trim, appended: readonly Entry[]): Trimmed | null {
    const blocks = this.#blocks.from(this.trimmedThrough + 1n)
    const down = this.#blocks.down()
    const [length, sizeBytes, lastId] = [this.#length, this.#sizeBytes, this.lastId]
    return planTrim({ blocks, down, length, sizeBytes, lastId, growing: this.#tail }, trim, appended)
  }

  /**
   * After a replay: tombstones in their blocks what could not be marked while these were not read. What lies in a block that
   * no longer tells its entries apart stays a tombstone of the stream's own.
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

  /** A block of the store without what has gone since it was put there. */
  leftOf(block: Block): Block {
    return this.#blocks.withoutRemoved(block)
  }

  /** Lets go of a block that is in the store, or gone from there, as it is here. */
  evict(block: Block): boolean {
    return this.#blocks.evict(block)
  }

  /** A new block, which is to get an entry and its place at once. */
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

  /** Nothing is left in a block. One that is stored stays, as the news that it is to be removed there. */
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

  /** The range without what lies outside of all ids that there can be. */
  #clamp(from: EntryId, to: EntryId): [from: EntryId, to: EntryId] {
    return [from > this.trimmedThrough ? from : this.trimmedThrough + 1n, to < this.lastId ? to : this.lastId]
  }

  /** The first entry at or after an id; null when there is none. */
  #firstFrom(id: EntryId): EntryId | null {
    for (const block of this.#blocks.from(id > this.trimmedThrough ? id : this.trimmedThrough + 1n)) {
      const first = block.firstFrom(id)
      if (first !== null) return first
    }
    return null
  }
}
