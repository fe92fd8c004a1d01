import type { Mismatch } from '../mismatch.ts'
import { groupOf, type Operation, streamsOf } from '../operation.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * Differences in when a consumer is created, and when it was last seen.
 */

export async function makeConsumer(operation: Operation, turn: RedisTurn, run: Run) {
  const group = groupOf(operation)
  const hasConsumer =
    operation.kind === 'readGroups' ||
    operation.kind === 'claimEntries' ||
    operation.kind === 'autoClaimEntries'
  if (!hasConsumer || group === undefined || (await turn.missing()) !== null) return run(operation)
  const make = (stream: string) => ['XGROUP', 'CREATECONSUMER', stream, group, operation.consumer]
  await turn.execute(...streamsOf(operation).map(make))
  return run(operation)
}

/** The time that Redis reports is between when the consumer was active and when it was seen. */
export function explainsTimes({ path, redis, weirParent }: Mismatch): boolean {
  const { seenAt, activeAt, idleMs, inactiveMs } = weirParent as Record<string, number | null | undefined>
  const name = path.at(-1)
  if (name === 'activeAt' || name === 'inactiveMs') return redis === undefined
  const time = redis as number
  if (name === 'seenAt' && activeAt !== undefined) return time <= (seenAt ?? 0) && time >= (activeAt ?? 0)
  if (name !== 'idleMs' || inactiveMs === undefined) return false
  return time >= (idleMs ?? 0) && time <= (inactiveMs ?? Number.POSITIVE_INFINITY)
}
