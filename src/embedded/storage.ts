import path from 'node:path'
import { Streams } from './core/streams.ts'
import { diskFiles } from './journal/files.ts'
import { Journal, type JournalOptions, type Recovery } from './journal/journal.ts'
import { lockDirectory } from './lock.ts'
import { type CheckpointOptions, Checkpoints, watching } from './store/checkpoints.ts'
import { Memory } from './store/memory.ts'
import { Store } from './store/store.ts'
import { Unsaved } from './store/unsaved.ts'

export interface StorageOptions extends Omit<JournalOptions, 'from'>, Partial<CheckpointOptions> {
  /** For blocks of entries in memory. Default: 256 MiB. */
  readonly memoryBytes?: number
}

const MEMORY_BYTES = 256 << 20
/** So much of the journal is read in well under a second, and so a restart takes no longer. */
const CHECKPOINT_BYTES = 64 << 20
const CHECKPOINT_MS = 10_000

/** A data directory that is open: the state it holds, and what keeps it. */
export interface Storage {
  readonly streams: Streams
  readonly journal: Journal
  readonly checkpoints: Checkpoints
  readonly recovery: Recovery
  /** Makes everything durable, checkpoints it, and lets go of the directory. Rejects when the journal fails. */
  close(): Promise<void>
}

/**
 * Opens a directory for this process alone, and reads its state: what the store has, and what the journal says came
 * after that.
 *
 *     lock             taken by the process that has it open
 *     store.mdb        the last checkpoint
 *     journal/         what happened since, and may have happened before
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { directory, files = diskFiles } = options
  await files.makeDirectory(directory)
  const lock = await lockDirectory(directory)
  const opened: (() => Promise<void>)[] = [() => lock.release()]
  const close = () => closeAll(opened)
  try {
    const store = Store.open(directory)
    opened.push(() => store.close())
    const unsaved = new Unsaved()
    const memory = new Memory(options.memoryBytes ?? MEMORY_BYTES)
    const home = { watcher: watching(unsaved, memory), shelf: store }
    const streams = new Streams(home)
    const root = store.root()
    if (root !== null) {
      streams.nextNumber = root.nextNumber
      store.load(streams, home)
    }
    const { journal, recovery } = await Journal.open(
      {
        ...options,
        directory: path.join(directory, 'journal'),
        ...(root !== null && { from: root.position })
      },
      (changes) => {
        for (const change of changes) streams.apply(change)
      }
    )
    opened.push(() => journal.close())
    const checkpoints = new Checkpoints({ streams, store, journal, unsaved, memory }, root?.position ?? 0, {
      everyBytes: CHECKPOINT_BYTES,
      everyMs: CHECKPOINT_MS,
      ...options
    })
    opened.push(() => checkpoints.close())
    if (!unsaved.isEmpty) checkpoints.keepUp()
    return { streams, journal, checkpoints, recovery, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** From the last one opened to the first, each of them even when one fails. Rejects with the first failure. */
async function closeAll(opened: (() => Promise<void>)[]): Promise<void> {
  const close = opened.pop()
  if (close === undefined) return
  await close().finally(() => closeAll(opened))
}
