import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { ack, claim, getEntry } from '../api/operations.ts'
import { entries } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FieldsTable } from '../parts/fields.tsx'
import { note } from '../parts/notes.tsx'

interface DialogOf {
  readonly place: { readonly stream: string; readonly group: string }
  readonly ids: readonly string[]
  onDone(): void
  close(): void
}

/** Acks what was chosen. */
export function AckDialog({ place, ids: chosen, onDone, close }: DialogOf) {
  // What was chosen when it opened, whatever the list shows by now.
  const [ids] = useState(chosen)
  const act = async () => {
    const { acked, notPending } = await ack(place.stream, place.group, { ids })
    const rest = notPending.length > 0 ? `; ${entries(notPending.length)} had been acked already` : ''
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
        Acked entries leave the pending list and are not delivered again. If the work on them was not done, it
        is lost. The entries themselves stay in the stream.
      </p>
    </Dialog>
  )
}

/** Gives what was chosen to another consumer. */
export function ClaimDialog({
  place,
  ids: chosen,
  consumers,
  onDone,
  close
}: DialogOf & { consumers: readonly string[] }) {
  const [ids] = useState(chosen)
  const [name, setName] = useState('')
  const act = async () => {
    const claimed = await claim(place.stream, place.group, { consumer: name, ids, justIds: true })
    const rest = ids.length - claimed.length
    const others = rest > 0 ? `; ${entries(rest)} were no longer pending or no longer exist` : ''
    note(`${name} has claimed ${entries(claimed.length)}${others}`)
    onDone()
  }
  return (
    <Dialog title={`Claim ${entries(ids.length)}`} action="Claim" act={act} close={close}>
      <label>
        For whom
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
        Nothing is lost: they become this consumer’s, which gets them when it reads its own pending entries (
        <code>after: "0-0"</code>). An owner that still works on them does not learn of it, and its ack counts
        all the same.
      </p>
    </Dialog>
  )
}

/** Shows an entry. */
export function LookDialog({ stream, id, close }: { stream: string; id: string; close(): void }) {
  const [entry, setEntry] = useState<Entry>()
  const [failure, setFailure] = useState('')
  useEffect(() => {
    getEntry(stream, id).then(setEntry, (error) => {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      const isGone = error instanceof Refusal && error.code === 'entry-not-found'
      setFailure(isGone ? 'The entry was deleted while it was pending.' : error.message)
    })
  }, [stream, id])
  return (
    <Dialog title={id} action="Close" act={async () => {}} close={close}>
      {entry !== undefined && <FieldsTable entry={entry} />}
      {failure !== '' && <p class="failure">{failure}</p>}
      {entry === undefined && failure === '' && <p>Looking…</p>}
    </Dialog>
  )
}
