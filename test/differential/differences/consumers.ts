import type { Mismatch } from '../mismatch.ts'
import { groupOf, type Operation, streamsOf } from '../operation.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * When a consumer comes into being, and when it is seen.
 */

export async function makeConsumer(operation: Operation, turn: RedisTurn, run: Run) {
  const group = groupOf(operation)
  const comes =
    operation.kind === 'readGroups' || operation.kind === 'claim' || operation.kind === 'autoClaim'
  if (!comes || group === undefined || (await turn.missing()) !== null) return run(operation)
  const make = (stream: string) => ['XGROUP', 'CREATECONSUMER', stream, group, operation.consumer]
  await turn.execute(...streamsOf(operation).map(make))
  return run(operation)
}

/** Redis says at least not less than when the consumer was active, and not more than when it was seen. */
export function explainsTimes({ path, redis, weirParent }: Mismatch): boolean {
  const { seenAt, activeAt, idleMs, inactiveMs } = weirParent as Record<string, number | null | undefined>
  const name = path.at(-1)
  if (name === 'activeAt' || name === 'inactiveMs') return redis === undefined
  const moment = redis as number
  if (name === 'seenAt' && activeAt !== undefined) return moment <= (seenAt ?? 0) && moment >= (activeAt ?? 0)
  if (name !== 'idleMs' || inactiveMs === undefined) return false
  return moment >= (idleMs ?? 0) && moment <= (inactiveMs ?? Number.POSITIVE_INFINITY)
}
