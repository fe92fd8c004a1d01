import type { EntryId } from '../../contract/entry-id.ts'
import type { Block } from './block.ts'
import type { Consumer } from './consumer.ts'
import type { Group } from './group.ts'
import type { Stream } from './stream.ts'

/** What lies around the core: who stores what changes, and who has the blocks that are not in memory. */
export interface StorageHooks {
  readonly tracker: ChangeTracker
  readonly blockSource: BlockSource
}

/** Is told what is about to change, as long as it is still as it was. */
export interface ChangeTracker {
  /** The stream's own values, not its blocks or groups. */
  stream(stream: Stream): void
  streamDeleted(stream: Stream): void
  block(stream: Stream, block: Block): void
  /** A block that takes no further entry is in memory. */
  blockHeld(stream: Stream, block: Block): void
  /** It no longer is. */
  blockDropped(block: Block): void
  /** All blocks that the store has under this number are gone. */
  namespaceCleared(blockNamespace: number): void
  /** The group's own values, not its consumers or what is pending. */
  group(group: Group): void
  groupDeleted(group: Group): void
  /** One of the group's consumers, or one that was just made. */
  consumer(group: Group, consumer: Consumer): void
  consumerDeleted(group: Group, consumer: Consumer): void
  /** One of the group's clusters of pending entries. */
  pending(group: Group, cluster: number): void
}

/** Blocks that are not in memory, by the id of their first entry. What it gives is a copy. */
export interface BlockSource {
  /** The last block that begins at or before an id. */
  atOrBefore(stream: Stream, id: EntryId): Block | null
  /** The first block that begins after an id. */
  after(stream: Stream, id: EntryId): Block | null
}

const ignore = () => {}
const nothing = () => null

/** For a core that is alone: nobody stores it, and all of it is in memory. */
export const NO_STORAGE: StorageHooks = {
  tracker: {
    stream: ignore,
    streamDeleted: ignore,
    block: ignore,
    blockHeld: ignore,
    blockDropped: ignore,
    namespaceCleared: ignore,
    group: ignore,
    groupDeleted: ignore,
    consumer: ignore,
    consumerDeleted: ignore,
    pending: ignore
  },
  blockSource: { atOrBefore: nothing, after: nothing }
}
