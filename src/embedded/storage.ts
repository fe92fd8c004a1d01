import path from 'node:path'
import type { StorageStatus } from '../contract/status.ts'
import type { StorageHooks } from './core/storage-hooks.ts'
import { Streams } from './core/streams.ts'
import { DirectoryWatch } from './directory-watch.ts'
import { diskFiles } from './journal/files.ts'
import { Journal } from './journal/journal.ts'
import type { JournalOptions } from './journal/options.ts'
import type { Recovery } from './journal/recovery.ts'
import { HEADER_BYTES } from './journal/segment.ts'
import { lockDirectory } from './lock.ts'
import { closeToOthers, type Exposed } from './modes.ts'
import type { Step } from './step.ts'
import { BlockCache } from './store/block-cache.ts'
import { type CheckpointOptions, Checkpoints, changeTracker } from './store/checkpoints.ts'
import { DirtySet } from './store/dirty-set.ts'
import { settleHeads } from './store/heads.ts'
import { STORE_FILE, Store } from './store/store.ts'
import { FORMAT_VERSION } from './store/values.ts'

export interface StorageOptions extends Omit<JournalOptions, 'from'>, Partial<CheckpointOptions> {
  /** Memory that the process may use for streams, without pending entries. Default: 256 MiB. */
  readonly memoryBytes?: number
  /** For tests, which end the process there. */
  onStep?(step: Step): void
  /** Wraps the hooks around the core. For tests, which let them fail. */
  around?(hooks: StorageHooks): StorageHooks
}

const MEMORY_BYTES = 256 << 20
/**
 * The rest is for the program itself, for what a checkpoint needs while it is written, and for garbage that
 * is not collected yet. While a stream grows as fast as possible, the program takes 60 MiB, and the others up
 * to 160 MiB together. Most of that is evicted blocks, since nothing else makes the garbage collector hurry.
 */
const SHARE_OF_BLOCKS = 0.125
/** A restart reads this much of the journal in well under a second. */
const MAX_CHECKPOINT_BYTES = 64 << 20
const SHARE_OF_CHECKPOINT = 0.0625
const CHECKPOINT_MS = 10_000

export const JOURNAL_DIRECTORY = 'journal'

/** An open data directory: its state, and what stores it. */
export interface Storage {
  readonly streams: Streams
  readonly journal: Journal
  readonly checkpoints: Checkpoints
  readonly recovery: Recovery
  /** Files and directories that other users can access. */
  readonly exposed: readonly Exposed[]
  status(): StorageStatus
  /** Makes everything durable, saves a checkpoint, and closes the directory. Rejects if the journal fails. */
  close(): Promise<void>
}

/**
 * Opens a directory for this process alone and reads its state: the store, and then the changes in the
 * journal since.
 *
 *     lock             locked by the process that has the directory open
 *     store.mdb        the last checkpoint; also locked
 *     journal/         all changes since then, and possibly earlier ones
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { directory, files = diskFiles, memoryBytes = MEMORY_BYTES, around = (hooks) => hooks } = options
  await files.makeDirectory(directory)
  const lock = await lockDirectory(directory)
  const opened: (() => Promise<void>)[] = [() => lock.release()]
  const close = () => closeAll(opened)
  try {
    const journalDirectory = path.join(directory, JOURNAL_DIRECTORY)
    const exposed = await closeToOthers(directory, journalDirectory)
    await settleHeads(files, path.join(directory, STORE_FILE))
    const store = Store.open(directory)
    opened.push(() => store.close())
    const dirty = new DirtySet()
    const cache = new BlockCache(memoryBytes * SHARE_OF_BLOCKS)
    const hooks = around({ tracker: changeTracker(dirty, cache), blockSource: store })
    const streams = new Streams(hooks)
    const root = store.root()
    if (root !== null) store.load(root, streams, hooks)
    // The next checkpoint rewrites all values, together with the root that contains the version.
    if (root !== null && root.version < FORMAT_VERSION) {
      for (const stream of streams.from('')) dirty.allValues(stream)
    }
    const { journal, recovery } = await Journal.open(
      {
        ...options,
        directory: journalDirectory,
        ...(root !== null && { from: root.position })
      },
      (changes) => {
        for (const change of changes) streams.apply(change)
        while (streams.letGo());
      }
    )
    for (const stream of streams.from('')) stream.settle()
    opened.push(() => journal.close())
    const checkpoints = new Checkpoints({ streams, store, journal, dirty, cache }, root?.position ?? 0, {
      everyBytes: Math.min(MAX_CHECKPOINT_BYTES, memoryBytes * SHARE_OF_CHECKPOINT),
      everyMs: CHECKPOINT_MS,
      ...options
    })
    opened.push(() => checkpoints.close())
    const watch = await DirectoryWatch.start({
      files,
      directory,
      journalDirectory,
      currentSegment: () => journal.currentSegment,
      onLost: (error) => journal.fail(error)
    })
    opened.push(async () => watch.close())
    if (!dirty.isEmpty) checkpoints.keepUp()
    const status = () => ({ diskBytes: diskBytes(store, journal), ...checkpoints.status() })
    return { streams, journal, checkpoints, recovery, exposed, status, close }
  } catch (error) {
    await close()
    throw error
  }
}

function diskBytes(store: Store, journal: Journal): number {
  return journal.segments().reduce((sum, { base, end }) => sum + HEADER_BYTES + end - base, store.sizeBytes)
}

/** Closes in reverse order, all of them even if one fails. Rejects with the first failure. */
async function closeAll(opened: (() => Promise<void>)[]): Promise<void> {
  const close = opened.pop()
  if (close === undefined) return
  await close().finally(() => closeAll(opened))
}
