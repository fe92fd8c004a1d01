import { cursorAfter } from '../../semantics/cursor.ts'
import { compareNames } from '../../semantics/name-order.ts'
import type { Reply } from '../connection/client.ts'
import type { Keys } from '../connection/keys.ts'
import type { Nodes } from '../connection/nodes.ts'
import { refusal } from '../connection/redis-errors.ts'
import { list, texts } from './replies.ts'

/** How many keys a server scans in one step. */
const SCAN_COUNT = '1000'

/** The names of streams, in any order and possibly repeated. Redis has no list of them, so this scans all keys. */
export async function* streamNames(nodes: Nodes, keys: Keys, prefix: string): AsyncGenerator<string> {
  for (const server of nodes.servers()) {
    let cursor = '0'
    do {
      const scan = ['SCAN', cursor, 'MATCH', keys.pattern(prefix), 'COUNT', SCAN_COUNT, 'TYPE', 'stream']
      const [next, found] = list(await server.send(scan, true).catch(refuse))
      cursor = String(next)
      for (const key of texts(found)) yield keys.streamOf(key)
    } while (cursor !== '0')
  }
}

function refuse(error: unknown): never {
  throw refusal(error, {})
}

/**
 * The names of a page, in the byte order in which every engine lists streams, and whether more follow. Each page takes
 * a scan of all keys. It keeps only a few pages of names in memory.
 */
export async function namesOfPage(
  names: AsyncIterable<string>,
  after: string | null,
  limit: number
): Promise<{ names: string[]; more: boolean }> {
  let kept = new Set<string>()
  const smallest = () => [...kept].sort(compareNames).slice(0, limit + 1)
  for await (const name of names) {
    if (after !== null && compareNames(name, after) <= 0) continue
    kept.add(name)
    if (kept.size > 4 * (limit + 1)) kept = new Set(smallest())
  }
  const page = smallest()
  return { names: page.slice(0, limit), more: page.length > limit }
}

/** The cursor of a page. A script's reply ends with 1 if more follows. */
export function cursorOfPage(
  page: readonly { readonly name: string }[],
  more: Reply | undefined
): { readonly cursor?: string } {
  const last = page.at(-1)
  return cursorAfter(more === 1 && last !== undefined ? last.name : null)
}
