import type { DeliveryPolicy } from '../api/answers.ts'
import { invalidInput } from '../api/client.ts'
import { Field } from '../parts/faults.tsx'
import { type Draft, NAMES, pointerOf, policyOf } from './policy.ts'

const FIELDS: readonly {
  readonly member: keyof DeliveryPolicy
  readonly hint: string
  readonly placeholder: string
  readonly isNumber?: boolean
}[] = [
  {
    member: 'ackTimeoutMs',
    hint: 'An entry that is not acked or extended in time goes to the next reader.',
    placeholder: '30 s'
  },
  {
    member: 'maxDeliveries',
    hint: 'An entry is dead after this number of failed deliveries.',
    placeholder: '5',
    isNumber: true
  },
  {
    member: 'retryDelaysMs',
    hint: 'How long an entry waits after its first nack, after its second, and so on. The last delay repeats.',
    placeholder: '1 s, 10 s, 1 min'
  },
  {
    member: 'deadLetterStream',
    hint: 'Dead entries move to this stream. Without one, they stay in the group.',
    placeholder: 'orders-dead'
  },
  {
    member: 'deadLetterMaxLength',
    hint: 'The stream keeps this number of the latest dead entries.',
    placeholder: '10000',
    isNumber: true
  },
  {
    member: 'maxPending',
    hint: 'While the group holds this number of entries, nobody gets new ones.',
    placeholder: '10000',
    isNumber: true
  },
  {
    member: 'maxPendingPerConsumer',
    hint: 'A consumer that holds this number of entries gets no new ones.',
    placeholder: '100',
    isNumber: true
  },
  {
    member: 'consumerTtlMs',
    hint: 'Consumers that hold nothing and were not seen for this time are deleted.',
    placeholder: '1 h'
  }
]

/** The members of a policy, as fields of a dialog. */
export function PolicyFields({ draft, set }: { draft: Draft; set(draft: Draft): void }) {
  return (
    <div class="policy-fields">
      {FIELDS.map(({ member, hint, placeholder, isNumber = false }) => (
        <Field
          key={member}
          label={NAMES[member]}
          hint={hint}
          pointer={pointerOf(member)}
          placeholder={placeholder}
          isNumber={isNumber}
          isDuration={member.endsWith('Ms')}
          value={draft[member]}
          set={(value) => set({ ...draft, [member]: value })}
        />
      ))}
    </div>
  )
}

/** Returns the policy that the fields describe. Throws a refusal with the faults of the fields. */
export function policyToSend(draft: Draft): DeliveryPolicy {
  const { policy, faults } = policyOf(draft)
  if (faults.length > 0) throw invalidInput(faults)
  return policy
}
