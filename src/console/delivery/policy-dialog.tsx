import { useState } from 'preact/hooks'
import type { DeliveryPolicy } from '../api/answers.ts'
import { updateGroup } from '../api/operations.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'
import { draftOf } from './policy.ts'
import { PolicyFields, policyToSend } from './policy-fields.tsx'

interface PolicyDialogProps {
  readonly target: GroupRef
  readonly policy: DeliveryPolicy | null
  onDone(): void
  close(): void
}

/** Sets, changes or removes the delivery policy of a group. */
export function PolicyDialog({ target, policy, onDone, close }: PolicyDialogProps) {
  const { stream, group } = target
  // The policy when the dialog opened. Polls must not change what the user is typing.
  const [before] = useState(policy)
  const [isRemoved, setRemoved] = useState(false)
  const [draft, setDraft] = useState(() => draftOf(before))
  const save = async () => {
    const { delivery } = await updateGroup(stream, group, { delivery: isRemoved ? {} : policyToSend(draft) })
    note(
      delivery === null ? `${group} has no delivery policy` : `The delivery policy of ${group} applies now`
    )
    onDone()
  }
  return (
    <Dialog
      title={`Delivery policy of ${group}`}
      action={isRemoved ? 'Remove the policy' : 'Apply'}
      isDangerous={isRemoved}
      act={save}
      close={close}
    >
      {before !== null && (
        <fieldset class="choice">
          <legend>Policy</legend>
          <label>
            <input type="radio" name="policy" checked={!isRemoved} onChange={() => setRemoved(false)} />
            Change it
          </label>
          <label>
            <input type="radio" name="policy" checked={isRemoved} onChange={() => setRemoved(true)} />
            Remove it
          </label>
        </fieldset>
      )}
      {!isRemoved && <PolicyFields draft={draft} set={setDraft} />}
      <p class="consequence">
        {isRemoved
          ? 'Nothing is lost. Pending entries stay with their consumers until they are acked or claimed. Dead entries stay dead.'
          : 'The policy applies at once. The time of entries that are pending now starts again.'}
      </p>
    </Dialog>
  )
}
