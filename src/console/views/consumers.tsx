import { useState } from 'preact/hooks'
import type { Consumer } from '../api/answers.ts'
import { count, duration } from '../format.ts'
import { curl, Empty, Rest } from '../parts/notes.tsx'
import { DeleteConsumerDialog } from './consumer-dialog.tsx'

interface ConsumersProps {
  readonly place: { readonly stream: string; readonly group: string }
  readonly consumers: readonly Consumer[] | undefined
  /** How many the group has, of which these are the first. */
  readonly total: number | undefined
  onDone(): void
}

/** Who reads in a group, and what each of them holds. */
export function Consumers({ place, consumers, total, onDone }: ConsumersProps) {
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
      <Rest shown={consumers?.length} total={total} what="consumers" />
      {consumer !== undefined && (
        <DeleteConsumerDialog
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
