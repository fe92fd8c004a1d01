import { useState } from 'preact/hooks'
import type { Group } from '../api/answers.ts'
import { deleteGroup, updateGroup } from '../api/operations.ts'
import { counted, entries } from '../format.ts'
import { goTo } from '../navigation.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'

interface DialogOf {
  readonly target: GroupRef
  readonly info: Group
  close(): void
}

/** Moves the group's position in the stream. */
export function MoveDialog({ target, info, onDone, close }: DialogOf & { onDone(): void }) {
  const { stream, group } = target
  const [to, setTo] = useState<'start' | 'end' | 'id'>('start')
  const [id, setId] = useState('')
  const after = { start: '0-0', end: 'last', id }[to]
  const move = async () => {
    const { lastDeliveredId } = await updateGroup(stream, group, { after })
    note(`${group} continues after ${lastDeliveredId}`)
    onDone()
  }
  const skipped = info.lag === null ? 'Entries not yet delivered' : `${entries(info.lag)} not yet delivered`
  const consequence = {
    start: 'All entries in the stream will be delivered again, including those that were acked.',
    end: `${skipped} will be skipped. No consumer will get them.`,
    id: `The current position is ${info.lastDeliveredId}. A higher id skips the entries in between. A lower id delivers them again.`
  }[to]
  return (
    <Dialog title={`Move ${group}`} action="Move" isDangerous={to !== 'start'} act={move} close={close}>
      <fieldset class="choice">
        <legend>Continue with</legend>
        <label>
          <input type="radio" name="to" checked={to === 'start'} onChange={() => setTo('start')} />
          the first entry in the stream
        </label>
        <label>
          <input type="radio" name="to" checked={to === 'end'} onChange={() => setTo('end')} />
          the next entry that is appended
        </label>
        <label>
          <input type="radio" name="to" checked={to === 'id'} onChange={() => setTo('id')} />
          the first entry after an id
        </label>
      </fieldset>
      {to === 'id' && (
        <label>
          Id
          <input
            required
            placeholder={info.lastDeliveredId}
            value={id}
            onInput={(event) => setId(event.currentTarget.value)}
          />
        </label>
      )}
      <p class="consequence">{consequence} Pending entries stay pending.</p>
    </Dialog>
  )
}

/** Deletes the group. The stream stays. */
export function DeleteGroupDialog({ target, info, close }: DialogOf) {
  const { stream, group } = target
  const lost = info.pending + info.dead
  const isEmpty = lost === 0
  const remove = async () => {
    await deleteGroup(stream, group, isEmpty ? 'refuse' : 'drop')
    note(`Deleted group ${group}`)
    goTo({ view: 'stream', stream })
  }
  return (
    <Dialog
      title={`Delete group ${group}`}
      action={isEmpty ? 'Delete' : `Drop ${entries(lost)} and delete`}
      isDangerous
      act={remove}
      close={close}
    >
      <p class="consequence">
        Its position in the stream, {counted(info.consumers, 'consumer')} and the list of{' '}
        {counted(info.pending, 'pending entry', 'pending entries')}
        {info.dead > 0 && ` and ${counted(info.dead, 'dead entry', 'dead entries')}`} will be lost. Waiting
        consumers get an error. The entries themselves stay in the stream.
      </p>
      {info.pending > 0 && <p class="consequence">Unfinished work on pending entries is lost.</p>}
    </Dialog>
  )
}
