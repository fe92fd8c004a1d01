import { useState } from 'preact/hooks'
import type { Consumer } from '../api/answers.ts'
import { claim, deleteConsumer, listPending } from '../api/operations.ts'
import { entries } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'

interface DeleteProps {
  readonly place: { readonly stream: string; readonly group: string }
  readonly consumer: Consumer
  readonly others: readonly string[]
  onDone(): void
  close(): void
}

/** Removes a consumer. What it holds goes to another one, or is lost: that must be said. */
export function DeleteConsumerDialog({ place, consumer, others, onDone, close }: DeleteProps) {
  const { stream, group } = place
  const { name, pending } = consumer
  const [heir, setHeir] = useState(others[0] ?? '')
  const [isDropped, setDropped] = useState(others.length === 0)
  const isEmpty = pending === 0
  const remove = async () => {
    if (!isEmpty && !isDropped) await handOver(stream, group, name, heir)
    await deleteConsumer(stream, group, name, isDropped && !isEmpty ? 'drop' : 'refuse')
    note(`Deleted the consumer ${name}`)
    onDone()
  }
  const action = isEmpty
    ? 'Delete'
    : isDropped
      ? `Drop ${entries(pending)} and delete`
      : 'Hand over and delete'
  return (
    <Dialog
      title={`Delete the consumer ${name}`}
      action={action}
      isDangerous
      canAct={isEmpty || isDropped || heir !== ''}
      act={remove}
      close={close}
    >
      {isEmpty ? (
        <p>It holds nothing, so nothing is lost. If it reads again, it is made anew.</p>
      ) : (
        <>
          <p>
            {name} holds {entries(pending)} that it has not acked.
          </p>
          <Fate others={others} heir={heir} isDropped={isDropped} onHeir={setHeir} onDropped={setDropped} />
          {isDropped && (
            <p class="consequence">
              {entries(pending)} will not be delivered to anybody again. If the work on them was not done, it
              is lost.
            </p>
          )}
        </>
      )}
    </Dialog>
  )
}

interface FateProps {
  readonly others: readonly string[]
  readonly heir: string
  readonly isDropped: boolean
  onHeir(name: string): void
  onDropped(isDropped: boolean): void
}

/** What becomes of what a consumer holds. */
function Fate({ others, heir, isDropped, onHeir, onDropped }: FateProps) {
  return (
    <fieldset class="choice">
      <legend>What becomes of them?</legend>
      <label>
        <input
          type="radio"
          name="fate"
          checked={!isDropped}
          disabled={others.length === 0}
          onChange={() => onDropped(false)}
        />
        Another consumer gets them. Nothing is lost.
      </label>
      {!isDropped && (
        <select
          aria-label="Who gets them"
          value={heir}
          onChange={(event) => onHeir(event.currentTarget.value)}
        >
          {others.map((other) => (
            <option key={other}>{other}</option>
          ))}
        </select>
      )}
      <label>
        <input type="radio" name="fate" checked={isDropped} onChange={() => onDropped(true)} />
        They are dropped.
      </label>
    </fieldset>
  )
}

/** Makes all that one consumer holds another one's, a thousand entries at a time. */
async function handOver(stream: string, group: string, from: string, to: string): Promise<void> {
  for (;;) {
    const held = await listPending(stream, group, { consumer: from, limit: 1000 })
    if (held.length === 0) return
    await claim(stream, group, { consumer: to, ids: held.map(({ id }) => id), justIds: true })
  }
}
