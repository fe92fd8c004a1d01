import { useState } from 'preact/hooks'
import type { Group, Stream } from '../api/answers.ts'
import { getStream, listGroups } from '../api/operations.ts'
import { ago, count, duration, momentOf, rate, size } from '../format.ts'
import { usePolling } from '../live/polling.ts'
import { groupSample, seriesOf } from '../live/series-cache.ts'
import { Breadcrumbs, NotFound } from '../parts/breadcrumbs.tsx'
import { Chart, rateOf } from '../parts/chart.tsx'
import { curl, Empty, Rest, Stat } from '../parts/notes.tsx'
import { addressOf } from '../routes.ts'
import { AppendDialog } from './append.tsx'
import { EntryList } from './entries.tsx'
import { NewGroupDialog } from './new-group.tsx'
import { DeleteStreamDialog, TrimDialog } from './stream-dialogs.tsx'

const POLL_MS = 1000

type DialogName = 'append' | 'trim' | 'delete' | 'group' | null

/** A stream: its numbers, its groups and its entries. */
export function StreamView({ stream }: { stream: string }) {
  const [openDialog, setOpenDialog] = useState<DialogName>(null)
  const series = seriesOf('stream', stream)
  const { data, refusal, refresh } = usePolling(stream, POLL_MS, async (signal) => {
    const info = await getStream(stream, signal)
    const { groups } = await listGroups(stream, signal)
    const at = Date.now()
    series.add(at, { appended: info.entriesAdded })
    for (const group of groups) seriesOf('group', stream, group.name).add(at, groupSample(group))
    return { info, groups }
  })
  const close = () => setOpenDialog(null)
  return (
    <>
      <Breadcrumbs route={{ view: 'stream', stream }} />
      <div class="heading">
        <h1 class="name">{stream}</h1>
        <div class="actions">
          <button type="button" class="primary" onClick={() => setOpenDialog('append')}>
            Append
          </button>
          <button type="button" onClick={() => setOpenDialog('trim')}>
            Trim…
          </button>
          <button type="button" class="danger" onClick={() => setOpenDialog('delete')}>
            Delete…
          </button>
        </div>
      </div>
      {refusal?.status === 404 ? (
        <NoStream stream={stream} />
      ) : (
        <>
          {refusal !== undefined && <p class="failure">{refusal.message}</p>}
          <section class="panel split" aria-label="Summary">
            <Numbers info={data?.info} stream={stream} />
            <Chart title="Appended" unit="entries per second" series={series} lines={APPENDED} />
          </section>
          <Groups
            stream={stream}
            groups={data?.groups}
            total={data?.info.groups}
            onNew={() => setOpenDialog('group')}
          />
          <EntryList stream={stream} info={data?.info} />
        </>
      )}
      {openDialog === 'append' && <AppendDialog stream={stream} onAppended={refresh} close={close} />}
      {openDialog === 'trim' && (
        <TrimDialog stream={stream} length={data?.info.length ?? 0} onDone={refresh} close={close} />
      )}
      {openDialog === 'group' && <NewGroupDialog stream={stream} onDone={refresh} close={close} />}
      {openDialog === 'delete' && (
        <DeleteStreamDialog
          stream={stream}
          length={data?.info.length ?? 0}
          groups={data?.groups ?? []}
          groupCount={data?.info.groups ?? 0}
          close={close}
        />
      )}
    </>
  )
}

const APPENDED = [rateOf('appended', 'Appended')]

function Numbers({ info, stream }: { info: Stream | undefined; stream: string }) {
  const last = info === undefined ? null : momentOf(info.lastId)
  return (
    <dl class="stats">
      <Stat name="Entries" value={count(info?.length)} />
      <Stat name="Size" value={size(info?.sizeBytes)} />
      <Stat name="Appended / s" value={rate(seriesOf('stream', stream).rate('appended'))} tone="appended" />
      <Stat name="Total appended" value={count(info?.entriesAdded)} />
      <Stat name="Last entry" value={ago(last)} {...(info !== undefined && { hint: info.lastId })} />
    </dl>
  )
}

function NoStream({ stream }: { stream: string }) {
  const path = `v1/streams/${encodeURIComponent(stream)}/entries`
  return (
    <NotFound
      title={`The stream “${stream}” does not exist.`}
      command={curl(path, { entries: [{ fields: { item: 'book' } }] })}
    >
      A stream is created by its first entry. The page shows it as soon as it exists.
    </NotFound>
  )
}

interface GroupsProps {
  readonly stream: string
  readonly groups: readonly Group[] | undefined
  /** How many groups the stream has. `groups` contains the first of them. */
  readonly total: number | undefined
  onNew(): void
}

function Groups({ stream, groups, total, onNew }: GroupsProps) {
  return (
    <section class="panel flush" aria-labelledby="groups-title">
      <div class="tools">
        <h2 id="groups-title">Groups</h2>
        <button type="button" onClick={onNew}>
          New group…
        </button>
      </div>
      {groups?.length === 0 ? (
        <Empty
          title="This stream has no groups."
          command={curl(`v1/streams/${encodeURIComponent(stream)}/groups/billing`)}
        >
          <p>
            A group distributes the entries among its consumers. Each entry stays pending until it is acked.
          </p>
        </Empty>
      ) : (
        <div class="scroll">
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col" class="number">
                  Lag
                </th>
                <th scope="col" class="number">
                  Pending
                </th>
                <th scope="col" class="number">
                  Dead
                </th>
                <th scope="col" class="number">
                  Oldest pending
                </th>
                <th scope="col" class="number">
                  Delivered / s
                </th>
                <th scope="col" class="number">
                  Acked / s
                </th>
                <th scope="col" class="number">
                  Consumers
                </th>
              </tr>
            </thead>
            <tbody>
              {groups?.map((group) => (
                <GroupRow key={group.name} stream={stream} group={group} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Rest shown={groups?.length} total={total} what="groups" />
    </section>
  )
}

function GroupRow({ stream, group }: { stream: string; group: Group }) {
  const series = seriesOf('group', stream, group.name)
  return (
    <tr>
      <th scope="row" class="of-name">
        <a href={addressOf({ view: 'group', stream, group: group.name })}>{group.name}</a>
      </th>
      <td class="number" data-label="Lag" data-tone={group.lag ? 'lag' : undefined}>
        {count(group.lag)}
      </td>
      <td class="number" data-label="Pending" data-tone={group.pending > 0 ? 'pending' : undefined}>
        {count(group.pending)}
      </td>
      <td class="number" data-label="Dead" data-tone={group.dead > 0 ? 'danger' : undefined}>
        {count(group.dead)}
      </td>
      <td class="number" data-label="Oldest pending">
        {group.pending === 0 ? 'none' : duration(group.oldestPendingMs)}
      </td>
      <td class="number" data-label="Delivered / s">
        {rate(series.rate('delivered'))}
      </td>
      <td class="number" data-label="Acked / s">
        {rate(series.rate('acked'))}
      </td>
      <td class="number" data-label="Consumers">
        {count(group.consumers)}
      </td>
    </tr>
  )
}
