import { Refusal } from '../api/client.ts'
import { listGroups } from '../api/operations.ts'
import { usePolling } from '../live/polling.ts'
import type { Row } from './stream-rates.ts'

/** Dead entries are rare and stay, so this list need not be as current as the others. */
const POLL_MS = 10_000
/** Each of these streams costs a request. */
const MAX_STREAMS = 50

/** The number of dead entries of each stream, for the first streams of the list that have groups. */
export function useDeadCounts(rows: readonly Row[]): ReadonlyMap<string, number> {
  const names = rows.filter(({ groups }) => groups > 0).slice(0, MAX_STREAMS)
  const key = JSON.stringify(names.map(({ name }) => name).sort())
  const { data } = usePolling(key, POLL_MS, async (signal) => {
    const counts = new Map<string, number>()
    for (const { name } of names) counts.set(name, await deadOf(name, signal))
    return counts
  })
  return data ?? NONE
}

const NONE: ReadonlyMap<string, number> = new Map()

/** Returns 0 for a stream that was deleted meanwhile, or whose groups the token may not read. */
async function deadOf(stream: string, signal: AbortSignal): Promise<number> {
  try {
    const { groups } = await listGroups(stream, signal)
    return groups.reduce((sum, { dead }) => sum + dead, 0)
  } catch (error) {
    if (error instanceof Refusal) return 0
    throw error
  }
}
