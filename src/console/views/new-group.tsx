import { useState } from 'preact/hooks'
import { createGroup } from '../api/operations.ts'
import { draftOf } from '../delivery/policy.ts'
import { PolicyFields, policyToSend } from '../delivery/policy-fields.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/faults.tsx'
import { note } from '../parts/notes.tsx'

interface NewGroupProps {
  readonly stream: string
  onDone(): void
  close(): void
}

/** Creates a group, with a delivery policy or without one. Fails if a group with this name exists. */
export function NewGroupDialog({ stream, onDone, close }: NewGroupProps) {
  const [name, setName] = useState('')
  const [after, setAfter] = useState<'0-0' | 'last'>('0-0')
  const [hasPolicy, setHasPolicy] = useState(false)
  const [draft, setDraft] = useState(() => draftOf(null))
  const create = async () => {
    await createGroup(stream, name, { after, ...(hasPolicy && { delivery: policyToSend(draft) }) })
    note(`Created group ${name}`)
    onDone()
  }
  return (
    <Dialog title={`New group of ${stream}`} action="Create" act={create} close={close}>
      <Field label="Name" pointer="/path/group" isRequired value={name} set={setName} />
      <fieldset class="choice">
        <legend>Start with</legend>
        <label>
          <input type="radio" name="after" checked={after === '0-0'} onChange={() => setAfter('0-0')} />
          the first entry in the stream
        </label>
        <label>
          <input type="radio" name="after" checked={after === 'last'} onChange={() => setAfter('last')} />
          the next entry that is appended
        </label>
      </fieldset>
      <fieldset class="choice">
        <legend>Delivery policy</legend>
        <label>
          <input
            type="checkbox"
            checked={hasPolicy}
            onChange={(event) => setHasPolicy(event.currentTarget.checked)}
          />
          Deliver unacked entries again without a claim
        </label>
      </fieldset>
      {hasPolicy && <PolicyFields draft={draft} set={setDraft} />}
    </Dialog>
  )
}
