import type { Mismatch } from '../mismatch.ts'
import type { Operation } from '../operation.ts'
import * as replies from '../redis/replies.ts'
import { type RedisTurn, Refusal } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * Requests that Weir refuses and Redis accepts, and those that both refuse for different reasons.
 */

/** Operations that Redis accepts for a stream or group that does not exist. */
const LENIENT = new Set<Operation['kind']>([
  'ackEntries',
  'deleteEntries',
  'deleteGroup',
  'deleteStream',
  'getEntry',
  'listEntries',
  'readStreams',
  'trimStream'
])

export async function refuseUnknown(operation: Operation, turn: RedisTurn, run: Run) {
  const missing = LENIENT.has(operation.kind) ? await turn.missing() : null
  if (missing !== null) throw missing
  return run(operation)
}

export async function refuseToLosePending(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'deleteConsumer') return run(operation)
  const [consumers] = await turn.query(['XINFO', 'CONSUMERS', operation.stream, operation.group])
  const known = replies.list(consumers).map(replies.consumerInfo)
  const named = known.find(({ name }) => name === operation.consumer)
  if (named === undefined) throw new Refusal('consumer-not-found')
  if (named.pending > 0 && operation.pending === 'keep') throw new Refusal('consumer-has-pending')
  return run(operation)
}

export async function refuseToLoseGroup(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'deleteGroup') return run(operation)
  const [summary] = await turn.query(['XPENDING', operation.stream, operation.group])
  if (replies.count(replies.list(summary)[0]) > 0 && !operation.dropPending)
    throw new Refusal('group-has-pending')
  return run(operation)
}

/** Redis checks ids before it checks the stream. */
export function explainsOtherFault({ path, weir, redis }: Mismatch, operation: Operation): boolean {
  if (path[0] !== 'refused' || typeof weir !== 'string' || typeof redis !== 'string') return false
  if (operation.kind === 'setStreamId') return true
  return operation.kind === 'appendEntries' && operation.entries.some((entry) => entry.id === '0-0')
}

export function explainsStaleWords({ path, weir, redis }: Mismatch, operation: Operation): boolean {
  const isMs = operation.kind === 'appendEntries' && operation.entries.some(({ idMs }) => idMs !== undefined)
  return isMs && path[0] === 'refused' && weir === 'ids-exhausted' && redis === 'id-not-greater'
}
