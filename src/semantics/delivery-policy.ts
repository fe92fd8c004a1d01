import type { DeliveryPolicy } from '../contract/delivery-policy.ts'
import { EngineError } from '../contract/errors.ts'
import { deadLetterCycle } from './refusals.ts'

/** In the order in which a policy is shown. */
const MEMBERS = [
  'ackTimeoutMs',
  'maxDeliveries',
  'retryDelaysMs',
  'deadLetterStream',
  'deadLetterMaxLength',
  'consumerTtlMs',
  'maxPending',
  'maxPendingPerConsumer'
] as const satisfies readonly (keyof DeliveryPolicy)[]

/** Returns the policy with its members in order; null if it has none, which stands for no policy. */
export function policyOrNull(policy: DeliveryPolicy | undefined): DeliveryPolicy | null {
  if (policy === undefined) return null
  const members = MEMBERS.filter((name) => policy[name] !== undefined)
  if (members.length === 0) return null
  return Object.fromEntries(members.map((name) => [name, policy[name]]))
}

/** Throws invalid-request if a member has no meaning without another one. */
export function checkPolicy({ deadLetterStream, deadLetterMaxLength }: DeliveryPolicy): void {
  if (deadLetterMaxLength === undefined || deadLetterStream !== undefined) return
  throw new EngineError('invalid-request', '"deadLetterMaxLength" requires "deadLetterStream"', {
    pointer: '/delivery/deadLetterMaxLength'
  })
}

/** A chain of dead-letter streams is not followed further than this, and then refused. */
const MAX_CHAIN = 1000

/**
 * Throws dead-letter-cycle if dead letters of a group could come back to its stream: directly, or through the
 * groups of the dead-letter streams. `deadLetterStreamsOf` returns the dead-letter streams of a stream's groups.
 */
export function refuseCycle(
  stream: string,
  deadLetterStream: string,
  deadLetterStreamsOf: (stream: string) => Iterable<string>
): void {
  const cameFrom = new Map<string, string | null>([[deadLetterStream, null]])
  for (const [name] of cameFrom) {
    if (name === stream || cameFrom.size > MAX_CHAIN)
      throw deadLetterCycle([stream, ...chainTo(name, cameFrom)])
    for (const next of deadLetterStreamsOf(name)) if (!cameFrom.has(next)) cameFrom.set(next, name)
  }
}

function chainTo(end: string, cameFrom: ReadonlyMap<string, string | null>): string[] {
  const chain: string[] = []
  for (let name: string | null = end; name !== null; name = cameFrom.get(name) ?? null) chain.unshift(name)
  return chain
}

/**
 * Returns how long the failure number `failures` by a nack holds the next delivery back, varied by up to a
 * tenth so that entries that failed together do not come back together. `random` is from 0 to 1.
 */
export function retryDelayMs(
  { retryDelaysMs = [] }: DeliveryPolicy,
  failures: number,
  random: number
): number {
  const delayMs = retryDelaysMs[Math.min(Math.max(failures, 1), retryDelaysMs.length) - 1] ?? 0
  return Math.round(delayMs * (0.9 + 0.2 * random))
}

/**
 * Divides the `count` of a read between due and new entries: the class that has its turn may take the first
 * result before the other, and what the other leaves after. Each gets at least half, rounded down, if it has as
 * much.
 */
export function firstShare(count: number): number {
  return Math.ceil(count / 2)
}
