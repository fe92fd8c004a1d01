import { useState } from 'preact/hooks'
import type { Consumer } from '../api/answers.ts'
import { claimEntries, deleteConsumer, listPending } from '../api/operations.ts'
import { counted, entries } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'

interface DeleteProps {
  readonly target: GroupRef
  readonly consumer: Consumer
  readonly others: readonly string[]
  onDone(): void
  close(): void
}

/** What happens to the pending entries of a consumer that is deleted. */
type Fate = 'hand over' | 'release' | 'drop'

/** Deletes a consumer. The user decides what happens to its pending entries. */
export function DeleteConsumerDialog({ target, consumer, others, onDone, close }: DeleteProps) {
  const { stream, group } = target
  const { name, pending } = consumer
  const [newOwner, setNewOwner] = useState(others[0] ?? '')
  const [fate, setFate] = useState<Fate>(others.length === 0 ? 'release' : 'hand over')
  const isEmpty = pending === 0
  const remove = async () => {
    if (!isEmpty && fate === 'hand over') await handOver(stream, group, name, newOwner)
    await deleteConsumer(stream, group, name, isEmpty || fate === 'hand over' ? 'refuse' : fate)
    note(`Deleted consumer ${name}`)
    onDone()
  }
  const action = isEmpty
    ? 'Delete'
    : {
        'hand over': 'Hand over and delete',
        release: `Release ${entries(pending)} and delete`,
        drop: `Drop ${entries(pending)} and delete`
      }[fate]
  return (
    <Dialog
      title={`Delete consumer ${name}`}
      action={action}
      isDangerous
      canAct={isEmpty || fate !== 'hand over' || newOwner !== ''}
      act={remove}
      close={close}
    >
      {isEmpty ? (
        <p>It has no pending entries, so nothing is lost. It is created again if it reads again.</p>
      ) : (
        <>
          <p>
            {name} has {counted(pending, 'pending entry', 'pending entries')}.
          </p>
          <FateOfEntries
            others={others}
            newOwner={newOwner}
            fate={fate}
            onNewOwner={setNewOwner}
            onFate={setFate}
          />
          {fate === 'drop' && (
            <p class="consequence">
              {entries(pending)} will never be delivered again. Unfinished work is lost.
            </p>
          )}
        </>
      )}
    </Dialog>
  )
}

interface FateProps {
  readonly others: readonly string[]
  readonly newOwner: string
  readonly fate: Fate
  onNewOwner(name: string): void
  onFate(fate: Fate): void
}

/** The choice between handing over a consumer's pending entries, releasing and dropping them. */
function FateOfEntries({ others, newOwner, fate, onNewOwner, onFate }: FateProps) {
  return (
    <fieldset class="choice">
      <legend>What happens to its pending entries?</legend>
      <label>
        <input
          type="radio"
          name="pending"
          checked={fate === 'hand over'}
          disabled={others.length === 0}
          onChange={() => onFate('hand over')}
        />
        Hand them over to another consumer. Nothing is lost.
      </label>
      {fate === 'hand over' && (
        <select
          aria-label="New owner"
          value={newOwner}
          onChange={(event) => onNewOwner(event.currentTarget.value)}
        >
          {others.map((other) => (
            <option key={other}>{other}</option>
          ))}
        </select>
      )}
      <label>
        <input type="radio" name="pending" checked={fate === 'release'} onChange={() => onFate('release')} />
        Release them. The next readers of the group get them. Nothing is lost.
      </label>
      <label>
        <input type="radio" name="pending" checked={fate === 'drop'} onChange={() => onFate('drop')} />
        Drop them.
      </label>
    </fieldset>
  )
}

/** Claims all entries of one consumer for another, a thousand at a time. */
async function handOver(stream: string, group: string, from: string, to: string): Promise<void> {
  for (;;) {
    const held = await listPending(stream, group, { consumer: from, limit: 1000 })
    if (held.length === 0) return
    const ids = held.map(({ id }) => id)
    await claimEntries(stream, group, { consumer: to, ids, onlyFrom: from, justIds: true })
  }
}
