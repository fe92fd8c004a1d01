import { existsSync } from 'node:fs'
import path from 'node:path'
import { formatId, MIN_ID } from '../contract/entry-id.ts'
import { EngineError } from '../contract/errors.ts'
import type { Block } from './core/block.ts'
import { NO_STORAGE } from './core/no-storage.ts'
import type { Stream } from './core/stream.ts'
import { Streams } from './core/streams.ts'
import { readOnlyFiles } from './journal/files.ts'
import type { Recovery } from './journal/recovery.ts'
import { inspect } from './journal/recovery.ts'
import { assertFree } from './lock.ts'
import type { OnProgress } from './progress.ts'
import { JOURNAL_DIRECTORY } from './storage.ts'
import { Store } from './store/store.ts'

/** The contents of a sound data directory. */
export interface Soundness {
  /** The journal position of the last checkpoint; null if there was none. */
  readonly checkpoint: number | null
  /** Blocks of entries in the store. */
  readonly blocks: number
  /** What a start would read from the journal, and cut off at its end. */
  readonly recovery: Recovery
  /** The streams that exist after a start; so are the following counts. */
  readonly streams: number
  readonly entries: number
  readonly groups: number
  readonly pending: number
}

/**
 * Reads a whole data directory and changes nothing: first all pages of the store, since lmdb may crash on
 * damaged ones, then every block, group and pending entry, and every journal record that a start would apply.
 * Rejects with storage-failed if anything is wrong, or if a process has the directory open.
 */
export async function checkDirectory(directory: string, onProgress?: OnProgress): Promise<Soundness> {
  if (!existsSync(path.join(directory, JOURNAL_DIRECTORY))) {
    throw new EngineError('storage-failed', `${directory} is not a data directory`)
  }
  await assertFree(directory)
  Store.checkPages(directory, onProgress)
  const store = Store.openReadOnly(directory)
  try {
    const hooks = { ...NO_STORAGE, ...(store !== null && { blockSource: store }) }
    const streams = new Streams(hooks)
    const root = store?.root() ?? null
    let blocks = 0
    if (store !== null && root !== null) {
      store.load(root, streams, hooks)
      for (const stream of streams.from('')) blocks += checkBlocks(store, stream, onProgress)
    }
    const recovery = await inspect(
      readOnlyFiles,
      path.join(directory, JOURNAL_DIRECTORY),
      root?.position,
      (changes) => {
        for (const change of changes) streams.apply(change)
        while (streams.letGo());
      }
    )
    return { checkpoint: root?.position ?? null, blocks, recovery, ...contents(streams) }
  } finally {
    await store?.close()
  }
}

/**
 * Counts the blocks of a stream. Throws storage-failed unless they are in order and contain all its entries.
 */
function checkBlocks(store: Store, stream: Stream, onProgress?: OnProgress): number {
  const { name, length, sizeBytes, lastId } = stream
  const damaged: Block[] = []
  let [blocks, entries, bytes, last] = [0, 0, 0, MIN_ID]
  for (const block of store.blocks(stream)) {
    blocks++
    if (block.damage !== null) damaged.push(block)
    if (!block.isCounted) continue
    if (block.firstId <= last || block.lastId > lastId) {
      throw unsound(
        `Stream "${name}" has a block at ${formatId(block.firstId)} that overlaps another block or the end of the stream`
      )
    }
    last = block.lastId
    const left = stream.leftOf(block)
    entries += left.live
    bytes += left.liveBytes
    onProgress?.(`entries of stream "${name}"`, entries, length)
  }
  if (damaged.length > 0)
    throw unsound(`Stream "${name}" has damaged entries: ${damaged.map(idsOf).join(', ')}`)
  if (entries !== length)
    throw unsound(`Stream "${name}" should contain ${length} entries, but its blocks contain ${entries}`)
  if (bytes !== sizeBytes)
    throw unsound(`Stream "${name}" should contain ${sizeBytes} bytes, but its blocks contain ${bytes}`)
  return blocks
}

function idsOf(block: Block): string {
  const { firstId } = block
  return block.isCounted
    ? `${formatId(firstId)} to ${formatId(block.lastId)}`
    : `from ${formatId(firstId)} on`
}

function contents(streams: Streams): Pick<Soundness, 'streams' | 'entries' | 'groups' | 'pending'> {
  const sum = { streams: 0, entries: 0, groups: 0, pending: 0 }
  for (const stream of streams.from('')) {
    sum.streams++
    sum.entries += stream.length
    sum.groups += stream.groups.size
    for (const { pending } of stream.groups.values()) sum.pending += pending.size
  }
  return sum
}

function unsound(message: string): EngineError {
  return new EngineError('storage-failed', message)
}
