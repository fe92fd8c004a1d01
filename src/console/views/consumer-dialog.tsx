import { useState } from 'preact/hooks'
import type { Consumer } from '../api/answers.ts'
import { claim, deleteConsumer, listPending } from '../api/operations.ts'
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

/** Deletes a consumer. The user decides whether its pending entries move to another consumer or are dropped. */
export function DeleteConsumerDialog({ target, consumer, others, onDone, close }: DeleteProps) {
  const { stream, group } = target
  const { name, pending } = consumer
  const [newOwner, setNewOwner] = useState(others[0] ?? '')
  const [isDropped, setDropped] = useState(others.length === 0)
  const isEmpty = pending === 0
  const remove = async () => {
    if (!isEmpty && !isDropped) await handOver(stream, group, name, newOwner)
    await deleteConsumer(stream, group, name, isDropped && !isEmpty ? 'drop' : 'refuse')
    note(`Deleted consumer ${name}`)
    onDone()
  }
  const action = isEmpty
    ? 'Delete'
    : isDropped
      ? `Drop ${entries(pending)} and delete`
      : 'Hand over and delete'
  return (
    <Dialog
      title={`Delete consumer ${name}`}
      action={action}
      isDangerous
      canAct={isEmpty || isDropped || newOwner !== ''}
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
          <HandOverOrDrop
            others={others}
            newOwner={newOwner}
            isDropped={isDropped}
            onNewOwner={setNewOwner}
            onDropped={setDropped}
          />
          {isDropped && (
            <p class="consequence">
              {entries(pending)} will never be delivered again. Unfinished work is lost.
            </p>
          )}
        </>
      )}
    </Dialog>
  )
}

interface HandOverOrDropProps {
  readonly others: readonly string[]
  readonly newOwner: string
  readonly isDropped: boolean
  onNewOwner(name: string): void
  onDropped(isDropped: boolean): void
}

/** The choice between handing over a consumer's pending entries and dropping them. */
function HandOverOrDrop({ others, newOwner, isDropped, onNewOwner, onDropped }: HandOverOrDropProps) {
  return (
    <fieldset class="choice">
      <legend>What happens to its pending entries?</legend>
      <label>
        <input
          type="radio"
          name="pending"
          checked={!isDropped}
          disabled={others.length === 0}
          onChange={() => onDropped(false)}
        />
        Hand them over to another consumer. Nothing is lost.
      </label>
      {!isDropped && (
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
        <input type="radio" name="pending" checked={isDropped} onChange={() => onDropped(true)} />
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
    await claim(stream, group, { consumer: to, ids: held.map(({ id }) => id), justIds: true })
  }
}
