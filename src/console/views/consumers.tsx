import { useState } from 'preact/hooks'
import type { Consumer } from '../api/answers.ts'
import { claim, deleteConsumer, listPending } from '../api/operations.ts'
import { count, duration, entries } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { curl, Empty, note } from '../parts/notes.tsx'

interface ConsumersProps {
  readonly place: { readonly stream: string; readonly group: string }
  readonly consumers: readonly Consumer[] | undefined
  onDone(): void
}

/** Who reads in a group, and what each of them holds. */
export function Consumers({ place, consumers, onDone }: ConsumersProps) {
  const [leaving, setLeaving] = useState<string | null>(null)
  const { stream, group } = place
  const most = Math.max(1, ...(consumers ?? []).map(({ pending }) => pending))
  const read = `v1/streams/${encodeURIComponent(stream)}/groups/${encodeURIComponent(group)}/read`
  const consumer = consumers?.find(({ name }) => name === leaving)
  return (
    <section class="panel flush" aria-labelledby="consumers-title">
      <div class="tools">
        <h2 id="consumers-title">Consumers</h2>
      </div>
      {consumers?.length === 0 ? (
        <Empty title="Nobody reads in this group." command={curl(read, { consumer: 'ann', waitMs: 30_000 })}>
          <p>A consumer comes into being with its first read.</p>
        </Empty>
      ) : (
        <div class="scroll">
          <table class="consumers">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Holds</th>
                <th scope="col" class="number">
                  Asked last
                </th>
                <th scope="col" class="number">
                  Got something last
                </th>
                <th scope="col">
                  <span class="unseen">What to do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {consumers?.map(({ name, pending, idleMs, inactiveMs }) => (
                <tr key={name}>
                  <th scope="row" class="of-name">
                    {name}
                  </th>
                  <td class="holds">
                    <span class="bar" style={{ width: `${(pending / most) * 100}%` }} />
                    <span>{count(pending)}</span>
                  </td>
                  <td class="number">{duration(idleMs)} ago</td>
                  <td class="number">{inactiveMs === null ? 'never' : `${duration(inactiveMs)} ago`}</td>
                  <td class="row-action">
                    <button type="button" class="danger quiet" onClick={() => setLeaving(name)}>
                      Delete…<span class="unseen"> {name}</span>
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {consumer !== undefined && (
        <DeleteDialog
          place={place}
          consumer={consumer}
          others={(consumers ?? []).map(({ name }) => name).filter((name) => name !== consumer.name)}
          onDone={onDone}
          close={() => setLeaving(null)}
        />
      )}
    </section>
  )
}

interface DeleteProps extends Pick<ConsumersProps, 'place' | 'onDone'> {
  readonly consumer: Consumer
  readonly others: readonly string[]
  close(): void
}

/** Removes a consumer. What it holds goes to another one, or is lost: that must be said. */
function DeleteDialog({ place, consumer, others, onDone, close }: DeleteProps) {
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
          <fieldset class="choice">
            <legend>What becomes of them?</legend>
            <label>
              <input
                type="radio"
                name="fate"
                checked={!isDropped}
                disabled={others.length === 0}
                onChange={() => setDropped(false)}
              />
              Another consumer gets them. Nothing is lost.
            </label>
            {!isDropped && (
              <select
                aria-label="Who gets them"
                value={heir}
                onChange={(event) => setHeir(event.currentTarget.value)}
              >
                {others.map((other) => (
                  <option key={other}>{other}</option>
                ))}
              </select>
            )}
            <label>
              <input type="radio" name="fate" checked={isDropped} onChange={() => setDropped(true)} />
              They are dropped.
            </label>
          </fieldset>
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

/** Makes all that one consumer holds another one's, a thousand entries at a time. */
async function handOver(stream: string, group: string, from: string, to: string): Promise<void> {
  for (;;) {
    const held = await listPending(stream, group, { consumer: from, limit: 1000 })
    if (held.length === 0) return
    await claim(stream, group, { consumer: to, ids: held.map(({ id }) => id), justIds: true })
  }
}
