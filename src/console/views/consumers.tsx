import { useState } from 'preact/hooks'
import type { Consumer } from '../api/answers.ts'
import { count, duration } from '../format.ts'
import { curl, Empty, Rest } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'
import { DeleteConsumerDialog } from './consumer-dialog.tsx'

interface ConsumersProps {
  readonly target: GroupRef
  readonly consumers: readonly Consumer[] | undefined
  /** How many consumers the group has. `consumers` contains the first of them. */
  readonly total: number | undefined
  onDone(): void
}

/** The consumers of a group, and how many pending entries each of them has. */
export function Consumers({ target, consumers, total, onDone }: ConsumersProps) {
  const [deleting, setDeleting] = useState<string | null>(null)
  const { stream, group } = target
  const maxPending = Math.max(1, ...(consumers ?? []).map(({ pending }) => pending))
  const read = `v1/streams/${encodeURIComponent(stream)}/groups/${encodeURIComponent(group)}/read`
  const consumer = consumers?.find(({ name }) => name === deleting)
  return (
    <section class="panel flush" aria-labelledby="consumers-title">
      <div class="tools">
        <h2 id="consumers-title">Consumers</h2>
      </div>
      {consumers?.length === 0 ? (
        <Empty title="This group has no consumers." command={curl(read, { consumer: 'ann', waitMs: 30_000 })}>
          <p>A consumer is created by its first read.</p>
        </Empty>
      ) : (
        <div class="scroll">
          <table class="consumers stacks">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Pending</th>
                <th scope="col" class="number">
                  Last seen
                </th>
                <th scope="col" class="number">
                  Last delivery
                </th>
                <th scope="col">
                  <span class="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {consumers?.map(({ name, pending, idleMs, inactiveMs }) => (
                <tr key={name}>
                  <th scope="row" class="of-name">
                    {name}
                  </th>
                  <td class="holds" data-label="Pending">
                    <span class="bars">
                      <span class="bar" style={{ width: `${(pending / maxPending) * 100}%` }} />
                    </span>
                    <span>{count(pending)}</span>
                  </td>
                  <td class="number" data-label="Last seen">
                    {duration(idleMs)} ago
                  </td>
                  <td class="number" data-label="Last delivery">
                    {inactiveMs === null ? 'never' : `${duration(inactiveMs)} ago`}
                  </td>
                  <td class="row-action">
                    <button type="button" class="danger quiet" onClick={() => setDeleting(name)}>
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
          target={target}
          consumer={consumer}
          others={(consumers ?? []).map(({ name }) => name).filter((name) => name !== consumer.name)}
          onDone={onDone}
          close={() => setDeleting(null)}
        />
      )}
    </section>
  )
}
