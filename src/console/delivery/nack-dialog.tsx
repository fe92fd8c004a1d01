import { useState } from 'preact/hooks'
import { invalidInput } from '../api/client.ts'
import { nackEntries } from '../api/delivery.ts'
import type { Body } from '../api/operations.ts'
import { parseDuration } from '../durations.ts'
import { count, entries } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/faults.tsx'
import { note } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'
import { notADuration } from './policy.ts'

type Outcome = Body<'nackEntries'>['outcome']

const OUTCOMES: readonly {
  readonly outcome: Outcome
  readonly text: string
  readonly consequence: string
}[] = [
  {
    outcome: 'retry',
    text: 'Retry: the delivery failed',
    consequence:
      'The entries are delivered again, after the delay. An entry that has used up its deliveries is dead instead.'
  },
  {
    outcome: 'release',
    text: 'Release: the delivery does not count',
    consequence: 'Nothing is lost. The next readers of the group get the entries.'
  },
  {
    outcome: 'reject',
    text: 'Reject: nobody can process them',
    consequence: 'The entries are dead at once. They are not delivered again until you redrive them.'
  }
]

interface NackProps {
  readonly target: GroupRef
  readonly ids: readonly string[]
  onDone(): void
  close(): void
}

/** Takes the selected entries from their consumers. */
export function NackDialog({ target, ids: selected, onDone, close }: NackProps) {
  // The selection when the dialog opened. The list may have changed since.
  const [ids] = useState(selected)
  const [outcome, setOutcome] = useState<Outcome>('retry')
  const [delay, setDelay] = useState('')
  const [reason, setReason] = useState('')
  const act = async () => {
    const delayMs = outcome === 'retry' && delay.trim() !== '' ? parseDuration(delay) : undefined
    if (delayMs === null) throw invalidInput([{ pointer: '/delayMs', detail: notADuration(delay) }])
    const { nacked, notPending } = await nackEntries(target.stream, target.group, {
      ids,
      outcome,
      ...(delayMs !== undefined && { delayMs }),
      ...(outcome !== 'release' && reason !== '' && { reason })
    })
    const rest = notPending.length > 0 ? ` (${count(notPending.length)} no longer pending)` : ''
    note(`Nacked ${entries(nacked)}${rest}`)
    onDone()
  }
  return (
    <Dialog
      title={`Nack ${entries(ids.length)}`}
      action={`Nack ${entries(ids.length)}`}
      isDangerous={outcome === 'reject'}
      act={act}
      close={close}
    >
      <fieldset class="choice">
        <legend>Outcome</legend>
        {OUTCOMES.map(({ outcome: value, text }) => (
          <label key={value}>
            <input
              type="radio"
              name="outcome"
              checked={outcome === value}
              onChange={() => setOutcome(value)}
            />
            {text}
          </label>
        ))}
      </fieldset>
      {outcome === 'retry' && (
        <Field
          label="Delay"
          hint="Empty: the delay of the group’s policy, or none."
          pointer="/delayMs"
          placeholder="30 s"
          isDuration
          value={delay}
          set={setDelay}
        />
      )}
      {outcome !== 'release' && (
        <Field
          label="Reason"
          hint="It is kept with an entry that dies."
          pointer="/reason"
          value={reason}
          set={setReason}
        />
      )}
      <p class="consequence">{OUTCOMES.find((other) => other.outcome === outcome)?.consequence}</p>
    </Dialog>
  )
}
