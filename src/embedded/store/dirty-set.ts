import { type EntryId, MIN_ID } from '../../contract/entry-id.ts'
import type { Block } from '../core/block.ts'
import type { Consumer } from '../core/consumer.ts'
import type { Death } from '../core/dead-entries.ts'
import type { Group } from '../core/group.ts'
import type { ChangeTracker } from '../core/storage-hooks.ts'
import type { Stream } from '../core/stream.ts'
import { blockValue } from './block-value.ts'
import { DirtyConsumers } from './dirty-consumers.ts'
import { DirtyDeaths } from './dirty-deaths.ts'
import {
  blockKey,
  blocksOf,
  blocksUpTo,
  consumerKey,
  consumersOf,
  deadOf,
  groupKey,
  groupsOf,
  only,
  type Removal,
  slotPageKey,
  slotPagesOf,
  streamKey
} from './keys.ts'
import { encodeConsumer, encodeGroup, encodeStream } from './values.ts'
import type { Write } from './write.ts'

/**
 * Where a block is stored. It is noted when the block changes, because the stream may use another namespace
 * by the time the block is saved.
 */
export interface BlockLocation {
  readonly stream: Stream
  readonly blockNamespace: number
}

/** What has changed since the last capture: values to write, and keys to remove first. */
class Changed {
  readonly streams = new Set<Stream>()
  readonly groups = new Set<Group>()
  readonly blocks = new Map<Block, BlockLocation>()
  readonly slotPages = new Map<Group, Set<number>>()
  readonly removals: Removal[] = []
}

/**
 * Everything that the store does not have yet. A checkpoint *captures* it at one moment, and writes it over
 * many turns of the event loop while further changes happen. If a captured object is about to change, it is
 * encoded first, in the state of the capture. So the store gets one consistent state, and unchanged objects
 * are not copied.
 */
export class DirtySet implements Omit<ChangeTracker, 'blockHeld'> {
  #changed = new Changed()
  #captured: Changed | null = null
  /** Captured values that were encoded early, because they were about to change. */
  #early: Write[] = []
  /** A copy of everything that was captured, in case the save fails. */
  #restore: Changed | null = null
  /** The last page of slots that changed after the last capture. */
  #lastGroup: Group | null = null
  #lastSlotPage = 0
  readonly #consumers = new DirtyConsumers()
  readonly #deaths = new DirtyDeaths()
  readonly #deleted = new WeakSet<Stream | Group>()
  /** The id up to which each stream's blocks have been removed from the store, or are being removed. */
  readonly #storedTrims = new WeakMap<Stream, EntryId>()

  /** Whether there is nothing to save. */
  get isEmpty(): boolean {
    const { streams, groups, blocks, slotPages, removals } = this.#changed
    const isEmpty = streams.size + groups.size + blocks.size + slotPages.size + removals.length === 0
    return isEmpty && this.#consumers.isEmpty && this.#deaths.isEmpty
  }

  /** Whether the block differs from its stored version, or is not stored. */
  has(block: Block): boolean {
    return this.#changed.blocks.has(block) || this.#restore?.blocks.has(block) === true
  }

  stream(stream: Stream): void {
    if (this.#captured?.streams.delete(stream)) this.#early.push(streamWrite(stream))
    this.#changed.streams.add(stream)
  }

  group(group: Group): void {
    if (this.#captured?.groups.delete(group)) this.#early.push(groupWrite(group))
    this.#changed.groups.add(group)
  }

  consumer(group: Group, consumer: Consumer): void {
    if (this.#consumers.changing(group, consumer)) this.#early.push(consumerWrite(group, consumer))
  }

  consumerDeleted(group: Group, consumer: Consumer): void {
    this.#consumers.deleted(group, consumer)
    this.#changed.removals.push(only(consumerKey(group.number, consumer.name)))
  }

  /** Marks all values of a stream as changed, except its blocks and pending entries. */
  allValues(stream: Stream): void {
    this.stream(stream)
    for (const group of stream.groups.values()) {
      this.group(group)
      for (const consumer of group.consumers.values()) this.consumer(group, consumer)
    }
  }

  block(stream: Stream, block: Block): void {
    const { blockNamespace } = stream
    if (this.#captured?.blocks.delete(block)) this.#early.push(blockWrite(blockNamespace, block))
    if (!this.#changed.blocks.has(block)) this.#changed.blocks.set(block, { stream, blockNamespace })
  }

  blockDropped(block: Block): void {
    this.#changed.blocks.delete(block)
    // If the save fails, the block must not be written after the removal of the keys around it.
    this.#restore?.blocks.delete(block)
  }

  pending(group: Group, slotPage: number): void {
    // Successive changes mostly affect the same page.
    if (group === this.#lastGroup && slotPage === this.#lastSlotPage) return
    this.#lastGroup = group
    this.#lastSlotPage = slotPage
    if (this.#captured?.slotPages.get(group)?.delete(slotPage))
      this.#early.push(slotPageWrite(group, slotPage))
    const slotPages = this.#changed.slotPages.get(group)
    if (slotPages === undefined) this.#changed.slotPages.set(group, new Set([slotPage]))
    else slotPages.add(slotPage)
  }

  dead(group: Group, id: EntryId, death: Death | null): void {
    this.#deaths.set(group, id, death)
  }

  streamDeleted(stream: Stream): void {
    this.#deleted.add(stream)
    for (const group of stream.groups.values()) this.groupDeleted(group)
    const key = streamKey(stream.number)
    this.#changed.removals.push({ start: key, end: streamKey(stream.number + 1) })
    this.#changed.removals.push(groupsOf(stream.number), blocksOf(stream.blockNamespace))
  }

  groupDeleted(group: Group): void {
    this.#deleted.add(group)
    const { number } = group.stream
    this.#changed.removals.push({
      start: groupKey(number, group.number),
      end: groupKey(number, group.number + 1)
    })
    this.#changed.removals.push(slotPagesOf(group.number), consumersOf(group.number))
    this.#changed.removals.push(deadOf(group.number))
    this.#consumers.groupDeleted(group)
    this.#deaths.groupDeleted(group)
  }

  namespaceCleared(blockNamespace: number): void {
    this.#changed.removals.push(blocksOf(blockNamespace))
  }

  /**
   * Makes `removals` and `writes` describe the state of this moment. Every capture ends with `saved` or
   * `failed`.
   */
  capture(): void {
    const captured = this.#changed
    this.#changed = new Changed()
    this.#lastGroup = null
    this.#consumers.capture()
    this.#deaths.capture()
    this.#dropDeleted(captured)
    for (const block of captured.blocks.keys()) block.stored = true
    for (const stream of captured.streams) {
      const { trimmedThrough } = stream
      if ((this.#storedTrims.get(stream) ?? MIN_ID) === trimmedThrough) continue
      this.#storedTrims.set(stream, trimmedThrough)
      const { upTo, mustReadLast } = stream.removableBlocks
      captured.removals.push({
        ...blocksUpTo(stream.blockNamespace, upTo),
        ...(mustReadLast && { keepsAbove: trimmedThrough })
      })
    }
    this.#captured = captured
    this.#restore = copyOf(captured)
  }

  /** Keys to remove before anything is written. */
  get removals(): readonly Removal[] {
    return this.#captured?.removals ?? []
  }

  /** Yields the captured values, whatever changes meanwhile. */
  *writes(): Generator<Write, undefined> {
    const captured = this.#captured
    if (captured === null) return
    for (const stream of captured.streams) {
      captured.streams.delete(stream)
      yield streamWrite(stream)
    }
    for (const group of captured.groups) {
      captured.groups.delete(group)
      yield groupWrite(group)
    }
    for (const [group, consumer] of this.#consumers.toEncode()) yield consumerWrite(group, consumer)
    for (const [block, { blockNamespace }] of captured.blocks) {
      captured.blocks.delete(block)
      yield blockWrite(blockNamespace, block)
    }
    for (const [group, slotPages] of captured.slotPages) {
      for (const slotPage of slotPages) {
        slotPages.delete(slotPage)
        yield slotPageWrite(group, slotPage)
      }
    }
    yield* this.#deaths.writes()
    // Everything else that was captured has been encoded by now.
    yield* this.#early
  }

  /** The store has everything that was captured. Returns the captured blocks that have not changed since. */
  saved(): Map<Block, BlockLocation> {
    const blocks = this.#restore?.blocks ?? new Map<Block, BlockLocation>()
    for (const block of blocks.keys()) if (this.#changed.blocks.has(block)) blocks.delete(block)
    this.#consumers.saved()
    this.#deaths.saved()
    this.#release()
    return blocks
  }

  /** The store has nothing of what was captured, so all of it counts as changed again. */
  failed(): void {
    const { streams, groups, blocks, slotPages, removals } = this.#restore ?? new Changed()
    for (const stream of streams) this.#changed.streams.add(stream)
    for (const group of groups) this.#changed.groups.add(group)
    for (const [block, location] of blocks) this.#changed.blocks.set(block, location)
    for (const [group, numbers] of slotPages) {
      const since = this.#changed.slotPages.get(group)
      this.#changed.slotPages.set(group, since === undefined ? numbers : new Set([...numbers, ...since]))
    }
    for (const removal of removals) this.#changed.removals.push(removal)
    this.#consumers.failed((group) => this.#deleted.has(group))
    this.#deaths.failed((group) => this.#deleted.has(group))
    this.#release()
  }

  #release(): void {
    this.#captured = null
    this.#restore = null
    this.#early = []
  }

  /** Objects that were deleted after they changed need not be written. */
  #dropDeleted({ streams, groups, blocks, slotPages }: Changed): void {
    const isDeleted = (of: Stream | Group) => this.#deleted.has(of)
    for (const stream of streams) if (isDeleted(stream)) streams.delete(stream)
    for (const group of groups) if (isDeleted(group)) groups.delete(group)
    for (const [block, { stream }] of blocks) if (isDeleted(stream)) blocks.delete(block)
    for (const group of slotPages.keys()) if (isDeleted(group)) slotPages.delete(group)
  }
}

function copyOf({ streams, groups, blocks, slotPages, removals }: Changed): Changed {
  const copy = new Changed()
  for (const stream of streams) copy.streams.add(stream)
  for (const group of groups) copy.groups.add(group)
  for (const [block, location] of blocks) copy.blocks.set(block, location)
  for (const [group, numbers] of slotPages) copy.slotPages.set(group, new Set(numbers))
  for (const removal of removals) copy.removals.push(removal)
  return copy
}

function streamWrite(stream: Stream): Write {
  return { key: streamKey(stream.number), value: encodeStream(stream) }
}

function groupWrite(group: Group): Write {
  const value = encodeGroup({ name: group.name, values: group.values() })
  return { key: groupKey(group.stream.number, group.number), value }
}

function consumerWrite(group: Group, consumer: Consumer): Write {
  return { key: consumerKey(group.number, consumer.name), value: encodeConsumer(consumer) }
}

function blockWrite(blockNamespace: number, block: Block): Write {
  const key = blockKey(blockNamespace, block.firstId)
  return { key, value: block.live === 0 ? null : blockValue(key, block) }
}

function slotPageWrite(group: Group, slotPage: number): Write {
  return { key: slotPageKey(group.number, slotPage), value: group.pending.encode(slotPage) }
}
