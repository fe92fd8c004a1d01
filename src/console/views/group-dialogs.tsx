import { useState } from 'preact/hooks'
import type { Group } from '../api/answers.ts'
import { deleteGroup, updateGroup } from '../api/operations.ts'
import { counted, entries } from '../format.ts'
import { goTo } from '../navigation.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'

interface DialogOf {
  readonly place: { readonly stream: string; readonly group: string }
  readonly info: Group
  close(): void
}

/** Moves the group's place in the stream. */
export function MoveDialog({ place, info, onDone, close }: DialogOf & { onDone(): void }) {
  const { stream, group } = place
  const [to, setTo] = useState<'start' | 'end' | 'id'>('start')
  const [id, setId] = useState('')
  const after = { start: '0-0', end: 'last', id }[to]
  const move = async () => {
    const { lastDeliveredId } = await updateGroup(stream, group, after)
    note(`${group} goes on behind ${lastDeliveredId}`)
    onDone()
  }
  const skipped =
    info.lag === null ? 'Entries that were not delivered yet' : `${entries(info.lag)} not delivered yet`
  const consequence = {
    start: 'Every entry that there is will be delivered again, also those that were acked.',
    end: `${skipped} will be skipped: no consumer gets them.`,
    id: `The next entry delivered is the one behind this id. It is ${info.lastDeliveredId} now: further ahead, what lies between is skipped; further back, it is delivered again.`
  }[to]
  return (
    <Dialog title={`Move ${group}`} action="Move" isDangerous={to !== 'start'} act={move} close={close}>
      <fieldset class="choice">
        <legend>Deliver from</legend>
        <label>
          <input type="radio" name="to" checked={to === 'start'} onChange={() => setTo('start')} />
          the first entry on
        </label>
        <label>
          <input type="radio" name="to" checked={to === 'end'} onChange={() => setTo('end')} />
          the next entry that is appended on
        </label>
        <label>
          <input type="radio" name="to" checked={to === 'id'} onChange={() => setTo('id')} />
          behind an id
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
      <p class="consequence">{consequence} What is pending stays pending.</p>
    </Dialog>
  )
}

/** Removes the group. The stream stays. */
export function DeleteGroupDialog({ place, info, close }: DialogOf) {
  const { stream, group } = place
  const isEmpty = info.pending === 0
  const remove = async () => {
    await deleteGroup(stream, group, isEmpty ? 'refuse' : 'drop')
    note(`Deleted the group ${group}`)
    goTo({ view: 'stream', stream })
  }
  return (
    <Dialog
      title={`Delete the group ${group}`}
      action={isEmpty ? 'Delete' : `Drop ${entries(info.pending)} and delete`}
      isDangerous
      act={remove}
      close={close}
    >
      <p class="consequence">
        Its place in the stream, {counted(info.consumers, 'consumer')} and the list of {entries(info.pending)}{' '}
        pending will be lost. Consumers that wait are refused. The entries themselves stay in the stream.
      </p>
      {!isEmpty && <p class="consequence">If the work on what is pending was not done, it is lost.</p>}
    </Dialog>
  )
}
