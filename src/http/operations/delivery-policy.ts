import { type Static, type TProperties, Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { POLICY_LIMITS, type DeliveryPolicy as Policy } from '../../contract/delivery-policy.ts'
import { EngineError } from '../../contract/errors.ts'
import { requireScope, tokenOf } from '../access/guard.ts'
import { Problem } from '../problems/problem.ts'
import { Closed, Name } from './schemas.ts'

/** An integer within its limits. */
export function Within(
  limits: readonly [number, number],
  description: string,
  format: 'int32' | 'int64' = 'int32'
) {
  const [minimum, maximum] = limits
  return Type.Integer({ format, minimum, maximum, description })
}

const [minDelays, maxDelays] = POLICY_LIMITS.retryDelays

const members = {
  ackTimeoutMs: Type.Optional(
    Within(
      POLICY_LIMITS.ackTimeoutMs,
      'How long a consumer has to ack, nack or extend an entry, in milliseconds. After that, the entry is due: the next reader of the group gets it. If omitted, pending entries do not fall due by themselves.'
    )
  ),
  maxDeliveries: Type.Optional(
    Within(
      POLICY_LIMITS.maxDeliveries,
      'After this number of failed deliveries an entry is dead, and is not delivered any more. If omitted, there is no limit.'
    )
  ),
  retryDelaysMs: Type.Optional(
    Type.Array(Within(POLICY_LIMITS.delayMs, 'A delay in milliseconds.'), {
      minItems: minDelays,
      maxItems: maxDelays,
      description:
        'How long to wait after the first, second and each further failure that a nack reports, before the entry is delivered again, in milliseconds. The last delay repeats. Each delay is varied at random by up to 10 %. If omitted, there is no delay.'
    })
  ),
  deadLetterStream: Type.Optional(
    Name(
      'The stream to which dead entries are moved. It is created if it does not exist. If omitted, dead entries stay in the group. Requires the scope `append` on that stream',
      'orders.dead'
    )
  ),
  deadLetterMaxLength: Type.Optional(
    Within(
      POLICY_LIMITS.deadLetterMaxLength,
      'How many entries the dead-letter stream keeps when an entry is moved there. Requires `deadLetterStream`.'
    )
  ),
  consumerTtlMs: Type.Optional(
    Within(
      POLICY_LIMITS.consumerTtlMs,
      'Consumers without pending entries that were not seen for this long are deleted, in milliseconds. If omitted, consumers are kept.',
      'int64'
    )
  ),
  maxPending: Type.Optional(
    Within(
      POLICY_LIMITS.maxPending,
      'While the consumers of the group hold this many entries, no consumer gets new ones. If omitted, there is no limit.'
    )
  ),
  maxPendingPerConsumer: Type.Optional(
    Within(
      POLICY_LIMITS.maxPending,
      'A consumer that holds this many entries gets no new ones. If omitted, there is no limit.'
    )
  )
} satisfies TProperties

/** The policy in a request. */
export const DeliveryPolicy = Closed(members, {
  $id: 'DeliveryPolicy',
  description: 'How the group treats entries that are not acked. All members are optional.'
})

/** The policy in an answer. */
export const CurrentDeliveryPolicy = Type.Unsafe<Static<typeof DeliveryPolicy> | null>({
  ...Type.Object(members, {
    $id: 'CurrentDeliveryPolicy',
    description: 'How the group treats entries that are not acked. Null if it has no delivery policy.'
  }),
  nullable: true
})

/** Throws forbidden if the token does not allow the request to set this policy for a group of the stream. */
export function requirePolicyScopes(
  request: FastifyRequest,
  stream: string,
  { deadLetterStream }: Policy
): void {
  const detail = 'A delivery policy requires the scope "manage"'
  requireScope(request, 'manage', stream, { pointer: '/delivery', detail })
  if (deadLetterStream === undefined) return
  requireScope(request, 'append', deadLetterStream, {
    pointer: '/delivery/deadLetterStream',
    detail: 'A dead-letter stream requires the scope "append" on it'
  })
}

/**
 * Rejects as `change` does. A refusal because of a cycle names its streams only if the token may see all of them.
 */
export async function withVisibleCycle<A>(
  request: FastifyRequest,
  stream: string,
  change: Promise<A>
): Promise<A> {
  try {
    return await change
  } catch (error) {
    const isCycle = error instanceof EngineError && error.code === 'dead-letter-cycle'
    if (!isCycle || maySeeChain(request, error.message)) throw error
    const detail = `Dead letters would come back to the stream "${stream}", through streams that the token does not allow`
    throw new Problem('dead-letter-cycle', detail, {
      faults: [{ pointer: '/delivery/deadLetterStream', detail }],
      cause: error
    })
  }
}

/** The names in the chain are whatever is between its arrows. Unusual names are rather hidden than shown. */
function maySeeChain(request: FastifyRequest, message: string): boolean {
  const token = tokenOf(request)
  const names = message.slice(message.indexOf('": ') + 3).split(' → ')
  return (
    token === undefined ||
    names.every((name) => SEEING.some((scope) => token.permissions.allows(scope, name)))
  )
}
const SEEING = ['read', 'manage', 'append'] as const
