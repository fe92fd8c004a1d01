import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { ackEntries, claimEntries, getEntry } from '../api/operations.ts'
import { count, entries } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FieldsTable } from '../parts/fields.tsx'
import { note } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'

interface DialogOf {
  readonly target: GroupRef
  readonly ids: readonly string[]
  onDone(): void
  close(): void
}

/** Acks the selected entries, which are pending or dead. */
export function AckDialog({
  target,
  ids: selected,
  areDead = false,
  onDone,
  close
}: DialogOf & { areDead?: boolean }) {
  // The selection when the dialog opened. The list may have changed since.
  const [ids] = useState(selected)
  const act = async () => {
    const { acked, notPending } = await ackEntries(target.stream, target.group, { ids })
    const rest =
      notPending.length > 0 ? ` (${count(notPending.length)} no longer ${areDead ? 'dead' : 'pending'})` : ''
    note(`Acked ${entries(acked)}${rest}`)
    onDone()
  }
  return (
    <Dialog
      title={`Ack ${entries(ids.length)}`}
      action={`Ack ${entries(ids.length)}`}
      isDangerous
      act={act}
      close={close}
    >
      <p class="consequence">
        Acked entries leave the list of {areDead ? 'dead' : 'pending'} entries and are never delivered again.
        Unfinished work is lost. The entries themselves stay in the stream.
      </p>
    </Dialog>
  )
}

/** Claims the selected entries for a consumer. */
export function ClaimDialog({
  target,
  ids: selected,
  consumers,
  onDone,
  close
}: DialogOf & { consumers: readonly string[] }) {
  const [ids] = useState(selected)
  const [name, setName] = useState('')
  const act = async () => {
    const claimed = await claimEntries(target.stream, target.group, { consumer: name, ids, justIds: true })
    const rest = ids.length - claimed.length
    const others = rest > 0 ? ` (${count(rest)} deleted or no longer pending)` : ''
    note(`${name} claimed ${entries(claimed.length)}${others}`)
    onDone()
  }
  return (
    <Dialog title={`Claim ${entries(ids.length)}`} action="Claim" act={act} close={close}>
      <label>
        Consumer
        <input
          required
          list="claimers"
          maxLength={256}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <datalist id="claimers">
          {consumers.map((consumer) => (
            <option key={consumer} value={consumer} />
          ))}
        </datalist>
      </label>
      <p class="consequence">
        Nothing is lost. The entries move to this consumer, which gets them when it reads its own pending
        entries (<code>after: "0-0"</code>). Their current owner is not notified: it may still be working on
        them, and its ack still counts.
      </p>
    </Dialog>
  )
}

/** Shows the fields of an entry. */
export function EntryDialog({ stream, id, close }: { stream: string; id: string; close(): void }) {
  const [entry, setEntry] = useState<Entry>()
  const [failure, setFailure] = useState('')
  useEffect(() => {
    getEntry(stream, id).then(setEntry, (error) => {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      const isDeleted = error instanceof Refusal && error.code === 'entry-not-found'
      setFailure(isDeleted ? 'The entry was deleted while it was pending.' : error.message)
    })
  }, [stream, id])
  return (
    <Dialog title={id} action="Close" act={async () => {}} close={close}>
      {entry !== undefined && <FieldsTable entry={entry} />}
      {failure !== '' && <p class="failure">{failure}</p>}
      {entry === undefined && failure === '' && <p>Loading…</p>}
    </Dialog>
  )
}
