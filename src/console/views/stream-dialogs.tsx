import { useState } from 'preact/hooks'
import type { Group } from '../api/answers.ts'
import { deleteStream, ensureGroup, trimStream } from '../api/operations.ts'
import { counted, entries } from '../format.ts'
import { goTo } from '../navigation.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'

interface DialogOf {
  readonly stream: string
  onDone(): void
  close(): void
}

/** Removes the oldest entries, by number or by id. */
export function TrimDialog({ stream, length, onDone, close }: DialogOf & { length: number }) {
  const [by, setBy] = useState<'length' | 'id'>('length')
  const [keep, setKeep] = useState(String(length))
  const [minId, setMinId] = useState('')
  const lost = Math.max(0, length - Number(keep))
  const trim = async () => {
    const trimmed = await trimStream(stream, by === 'length' ? { maxLength: Number(keep) } : { minId })
    note(`Removed ${entries(trimmed)} from ${stream}`)
    onDone()
  }
  return (
    <Dialog title={`Trim ${stream}`} action="Trim" isDangerous act={trim} close={close}>
      <fieldset class="choice">
        <legend>Keep</legend>
        <label>
          <input type="radio" name="by" checked={by === 'length'} onChange={() => setBy('length')} />
          the newest entries, so many
        </label>
        <label>
          <input type="radio" name="by" checked={by === 'id'} onChange={() => setBy('id')} />
          entries from an id on
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
          ? `${entries(lost)} of ${entries(length)} will be gone for good.`
          : 'Everything before this id will be gone for good.'}{' '}
        Groups that have not read them will not get them; what is pending stays pending, without its fields.
      </p>
    </Dialog>
  )
}

/** Removes the stream with all that belongs to it. */
export function DeleteStreamDialog(
  props: Omit<DialogOf, 'onDone'> & { length: number; groups: readonly Group[]; groupCount: number }
) {
  const { stream, length, groups, groupCount, close } = props
  const [typed, setTyped] = useState('')
  const pending = groups.reduce((sum, group) => sum + group.pending, 0)
  const remove = async () => {
    await deleteStream(stream)
    note(`Deleted ${stream}`)
    goTo({ view: 'overview' })
  }
  return (
    <Dialog
      title={`Delete ${stream}`}
      action="Delete"
      isDangerous
      canAct={typed === stream}
      act={remove}
      close={close}
    >
      <p class="consequence">
        {entries(length)}, {counted(groupCount, 'group')} and {groupCount > groups.length && 'at least '}
        {entries(pending)} pending in them will be lost for good.
      </p>
      <label>
        Type the name of the stream to go on
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

/** Makes a group. */
export function NewGroupDialog({ stream, onDone, close }: DialogOf) {
  const [name, setName] = useState('')
  const [after, setAfter] = useState<'0-0' | 'last'>('0-0')
  const make = async () => {
    await ensureGroup(stream, name, { after })
    note(`Group ${name} is there`)
    onDone()
  }
  return (
    <Dialog title={`A group of ${stream}`} action="Make it" act={make} close={close}>
      <label>
        Name
        <input
          required
          maxLength={256}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <fieldset class="choice">
        <legend>It begins</legend>
        <label>
          <input type="radio" name="after" checked={after === '0-0'} onChange={() => setAfter('0-0')} />
          with the first entry that there is
        </label>
        <label>
          <input type="radio" name="after" checked={after === 'last'} onChange={() => setAfter('last')} />
          with the next entry that is appended
        </label>
      </fieldset>
    </Dialog>
  )
}
