import type { Trim } from '../../contract/entries.ts'
import { formatId } from '../../contract/entry-id.ts'
import { TRIM, type TrimArguments } from '../scripts/generated.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'

/** How many entries one step removes, more or less: that takes Redis some milliseconds, and it does nothing else then. */
const AT_ONCE = 20_000

/** Removes what a trim has left to remove after `removed` entries, step by step. Gives how many it were in all. */
export async function goOnTrimming(
  commands: StreamCommands,
  stream: string,
  trim: Trim,
  removed: number
): Promise<number> {
  let total = removed
  for (let hasMore = true; hasMore; ) {
    const args = trimStep(trim, total)
    if (args === null) break
    const [some, more] = replies.list(await commands.script(TRIM, { stream }, args))
    total += replies.count(some)
    hasMore = more !== null
  }
  return total
}

/** One step; null when as many are removed as may be. */
export function trimStep(trim: Trim, removed = 0): TrimArguments | null {
  const { maxLength, minId, approximate, limit } = trim
  const most = limit === undefined ? AT_ONCE : Math.min(AT_ONCE, limit - removed)
  if (most <= 0) return null
  const step = { isExact: !approximate, most }
  if (minId !== undefined) return { strategy: 'MINID', threshold: formatId(minId), ...step }
  return { strategy: 'MAXLEN', threshold: String(maxLength ?? 0), ...step }
}
