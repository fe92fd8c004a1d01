import type { Files } from '../journal/files.ts'
import { PAGE_BYTES } from './page.ts'

/** lmdb's two meta pages. Each commit writes one of them, in turns. */
const HEADS_BYTES = 2 * PAGE_BYTES

/**
 * Rewrites the meta pages of a store, with the same bytes, and makes them durable. Nobody else may write
 * meanwhile. Does nothing if the store does not exist yet.
 *
 * lmdb syncs the pages of a commit, and then writes its meta page and syncs that. If the second sync fails,
 * or if the process ends before it, the page cache may show a commit whose pages are all on disk but whose
 * meta page is not, and no later sync would write it. The other pages need no rewrite: those of a failed
 * commit are free, and whoever reuses one writes all of it.
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
