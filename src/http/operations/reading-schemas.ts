import { Type } from '@sinclair/typebox'
import { POLICY_LIMITS } from '../../contract/delivery-policy.ts'
import { Within } from './delivery-policy.ts'
import { AnswerId, Count, encoded, Fields, Flag, Name, Nullable, PageSize, WaitMs } from './schemas.ts'

export const DeliveredEntry = Type.Object(
  {
    id: AnswerId('The id of the entry.'),
    fields: Nullable(Fields, 'The content of the entry. Null if the entry was deleted while it was pending.'),
    deliveries: Count('Number of times it was delivered, including this time.'),
    idleMs: Type.Optional(
      Count(
        'How long the entry had been idle before, in milliseconds. Only for entries that were claimed or fell due.'
      )
    ),
    ackBeforeMs: Type.Optional(
      Count(
        'How long the consumer has to ack, nack or extend the entry, in milliseconds. Only in groups with `ackTimeoutMs`.'
      )
    ),
    ...encoded
  },
  {
    $id: 'DeliveredEntry',
    description: 'An entry delivered to a consumer.'
  }
)

/** Members of a request to read as a consumer. */
export const readMembers = (maxWaitMs: number) => ({
  consumer: Name('The consumer that reads, created if it does not exist', 'ann'),
  count: PageSize('Maximum number of entries per stream.', 10),
  waitMs: WaitMs(maxWaitMs),
  noAck: Flag('Deliver entries without making them pending. They need no ack.', false),
  claimIdleMs: Type.Optional(
    Count(
      'Before new entries, claim pending entries of any consumer that have been idle for at least this long, in milliseconds. Not allowed in groups with `ackTimeoutMs`, where entries come back by themselves.'
    )
  ),
  maxDeliveries: Type.Optional(PassOver('Only with `claimIdleMs`.'))
})

/** Which entries a claim passes over. */
export function PassOver(condition: string) {
  return Within(
    POLICY_LIMITS.maxDeliveries,
    `Do not claim entries that were delivered this often or more.${condition === '' ? '' : ` ${condition}`}`
  )
}

/** What a read has settled, in an answer. */
export const settledMembers = {
  acked: Type.Optional(
    Count(
      'Number of entries that the request acked. Only if it had `ack` or `nack`, as `nacked` and `notPending`.'
    )
  ),
  nacked: Type.Optional(Count('Number of entries that the request nacked.')),
  notPending: Type.Optional(
    Type.Array(AnswerId('An id.'), {
      description: 'The ids in `ack` and `nack` that were not pending for the consumer.'
    })
  )
}
