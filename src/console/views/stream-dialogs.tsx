import { useState } from 'preact/hooks'
import type { Group } from '../api/answers.ts'
import { deleteStream, trimStream } from '../api/operations.ts'
import { count, counted, entries } from '../format.ts'
import { goTo } from '../navigation.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'

interface DialogOf {
  readonly stream: string
  onDone(): void
  close(): void
}

/** Removes the oldest entries: all but a number of them, or all before an id. */
export function TrimDialog({ stream, length, onDone, close }: DialogOf & { length: number }) {
  const [by, setBy] = useState<'length' | 'id'>('length')
  const [keep, setKeep] = useState(String(length))
  const [minId, setMinId] = useState('')
  const lost = Math.max(0, length - Number(keep))
  const trim = async () => {
    const trimmed = await trimStream(stream, by === 'length' ? { maxLength: Number(keep) } : { minId })
    note(`Trimmed ${entries(trimmed)} from ${stream}`)
    onDone()
  }
  return (
    <Dialog title={`Trim ${stream}`} action="Trim" isDangerous act={trim} close={close}>
      <fieldset class="choice">
        <legend>Keep</legend>
        <label>
          <input type="radio" name="by" checked={by === 'length'} onChange={() => setBy('length')} />a number
          of the newest entries
        </label>
        <label>
          <input type="radio" name="by" checked={by === 'id'} onChange={() => setBy('id')} />
          the entries from an id onwards
        </label>
      </fieldset>
      {by === 'length' ? (
        <label>
          Entries to keep
          <input
            required
            type="number"
            min="0"
            step="1"
            value={keep}
            onInput={(event) => setKeep(event.currentTarget.value)}
          />
        </label>
      ) : (
        <label>
          First id to keep
          <input
            required
            placeholder="1767225600000-0"
            value={minId}
            onInput={(event) => setMinId(event.currentTarget.value)}
          />
        </label>
      )}
      <p class="consequence">
        {by === 'length'
          ? `${count(lost)} of ${entries(length)} will be permanently deleted.`
          : 'All entries before this id will be permanently deleted.'}{' '}
        Groups that have not read them will not get them. Pending entries stay pending, without their fields.
      </p>
    </Dialog>
  )
}

/** Deletes the stream and all that belongs to it. */
export function DeleteStreamDialog(
  props: Omit<DialogOf, 'onDone'> & { length: number; groups: readonly Group[]; groupCount: number }
) {
  const { stream, length, groups, groupCount, close } = props
  const [typed, setTyped] = useState('')
  const pending = groups.reduce((sum, group) => sum + group.pending, 0)
  const remove = async () => {
    await deleteStream(stream)
    note(`Deleted stream ${stream}`)
    goTo({ view: 'overview' })
  }
  return (
    <Dialog
      title={`Delete stream ${stream}`}
      action="Delete"
      isDangerous
      canAct={typed === stream}
      act={remove}
      close={close}
    >
      <p class="consequence">
        {entries(length)}, {counted(groupCount, 'group')} and {groupCount > groups.length && 'at least '}
        {counted(pending, 'pending entry', 'pending entries')} will be permanently deleted.
      </p>
      <label>
        Type the name of the stream to confirm
        <input
          required
          autocomplete="off"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
    </Dialog>
  )
}
