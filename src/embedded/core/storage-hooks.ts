import type { BlockSource, BlockTracker } from './blocks.ts'
import type { GroupTracker } from './group.ts'
import type { Stream, StreamTracker } from './stream.ts'

/** Connects the core to what stores its state and loads the blocks that are not in memory. */
export interface StorageHooks {
  readonly tracker: ChangeTracker
  readonly blockSource: BlockSource<Stream>
}

/** Is notified of each change before it happens. */
export interface ChangeTracker extends StreamTracker, BlockTracker<Stream>, GroupTracker {}
