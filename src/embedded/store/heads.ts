import type { Files } from '../journal/files.ts'
import { PAGE_BYTES } from './pages.ts'

/** The first two pages say in turns where the last commits are. */
const HEADS_BYTES = 2 * PAGE_BYTES

/**
 * Writes the heads of a store anew, the same bytes, and makes them durable, while nobody else writes to it. Does nothing
 * when there is none yet.
 *
 * lmdb syncs the pages of a commit, then writes its head and syncs that. When the second sync fails, or the process ends
 * before it, the page cache may show a commit whose pages are all on disk and whose head is not, and no later sync would
 * write it. The pages need nothing: those of a commit that failed are free, and whoever takes one writes all of it.
 */
export async function settleHeads(files: Files, file: string): Promise<void> {
  const opened = await files.open(file).catch(unlessMissing)
  if (opened === null) return
  try {
    const heads = Buffer.alloc(HEADS_BYTES)
    if ((await opened.read(heads, 0)) < HEADS_BYTES) return
    await opened.write(heads, 0)
    await opened.sync()
  } finally {
    await opened.close()
  }
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
