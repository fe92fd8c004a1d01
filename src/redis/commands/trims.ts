import type { Trim } from '../../contract/entries.ts'
import { formatId } from '../../contract/entry-id.ts'
import { TRIM, type TrimArguments } from '../scripts/generated.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'

/** How many entries one step removes, approximately. That blocks Redis for a few milliseconds. */
const STEP_ENTRIES = 20_000

/** Continues a trim, step by step, that has removed `removed` entries so far. Returns the number removed in total. */
export async function continueTrim(
  commands: StreamCommands,
  stream: string,
  trim: Trim,
  removed: number
): Promise<number> {
  let total = removed
  for (let hasMore = true; hasMore; ) {
    const args = trimStep(trim, total)
    if (args === null) break
    const [removedNow, more] = replies.list(await commands.script(TRIM, { stream }, args))
    total += replies.count(removedNow)
    hasMore = more !== null
  }
  return total
}

/** The arguments of the next step. Null if the trim has removed as many entries as its limit allows. */
export function trimStep(trim: Trim, removed = 0): TrimArguments | null {
  const { maxLength, minId, approximate, limit } = trim
  const maxRemoved = limit === undefined ? STEP_ENTRIES : Math.min(STEP_ENTRIES, limit - removed)
  if (maxRemoved <= 0) return null
  const step = { isExact: !approximate, maxRemoved }
  if (minId !== undefined) return { strategy: 'MINID', threshold: formatId(minId), ...step }
  return { strategy: 'MAXLEN', threshold: String(maxLength ?? 0), ...step }
}
