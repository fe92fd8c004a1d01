import { useState } from 'preact/hooks'
import type { Group, Stream } from '../api/answers.ts'
import { getStream, listGroups } from '../api/operations.ts'
import { ago, count, duration, momentOf, rate, size } from '../format.ts'
import { useLooks } from '../live/polling.ts'
import { groupSight, trackOf } from '../live/series-cache.ts'
import { Chart, rateOf } from '../parts/chart.tsx'
import { Crumbs, Gone } from '../parts/breadcrumbs.tsx'
import { curl, Empty, Rest, Stat } from '../parts/notes.tsx'
import { addressOf } from '../routes.ts'
import { AppendDialog } from './append.tsx'
import { EntryList } from './entries.tsx'
import { DeleteStreamDialog, NewGroupDialog, TrimDialog } from './stream-dialogs.tsx'

const LOOK_MS = 1000

type Asking = 'append' | 'trim' | 'delete' | 'group' | null

/** One stream: its numbers, its groups and its entries. */
export function StreamView({ stream }: { stream: string }) {
  const [asking, setAsking] = useState<Asking>(null)
  const track = trackOf('stream', stream)
  const { found, refusal, again } = useLooks(stream, LOOK_MS, async (signal) => {
    const info = await getStream(stream, signal)
    const { groups } = await listGroups(stream, signal)
    const at = Date.now()
    track.add(at, { appended: info.entriesAdded })
    for (const group of groups) trackOf('group', stream, group.name).add(at, groupSight(group))
    return { info, groups }
  })
  const close = () => setAsking(null)
  return (
    <>
      <Crumbs place={{ view: 'stream', stream }} />
      <div class="heading">
        <h1 class="name">{stream}</h1>
        <div class="actions">
          <button type="button" class="primary" onClick={() => setAsking('append')}>
            Append
          </button>
          <button type="button" onClick={() => setAsking('trim')}>
            Trim…
          </button>
          <button type="button" class="danger" onClick={() => setAsking('delete')}>
            Delete…
          </button>
        </div>
      </div>
      {refusal?.status === 404 ? (
        <NoStream stream={stream} />
      ) : (
        <>
          {refusal !== undefined && <p class="failure">{refusal.message}</p>}
          <section class="panel split" aria-label="Numbers">
            <Numbers info={found?.info} stream={stream} />
            <Chart title="Appended" unit="entries per second" track={track} lines={APPENDED} />
          </section>
          <Groups
            stream={stream}
            groups={found?.groups}
            total={found?.info.groups}
            onNew={() => setAsking('group')}
          />
          <EntryList stream={stream} info={found?.info} />
        </>
      )}
      {asking === 'append' && <AppendDialog stream={stream} onAppended={again} close={close} />}
      {asking === 'trim' && (
        <TrimDialog stream={stream} length={found?.info.length ?? 0} onDone={again} close={close} />
      )}
      {asking === 'group' && <NewGroupDialog stream={stream} onDone={again} close={close} />}
      {asking === 'delete' && (
        <DeleteStreamDialog
          stream={stream}
          length={found?.info.length ?? 0}
          groups={found?.groups ?? []}
          groupCount={found?.info.groups ?? 0}
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
      <Stat name="Appended / s" value={rate(trackOf('stream', stream).rate('appended'))} tone="appended" />
      <Stat name="Ever appended" value={count(info?.entriesAdded)} />
      <Stat name="Last entry" value={ago(last)} {...(info !== undefined && { hint: info.lastId })} />
    </dl>
  )
}

function NoStream({ stream }: { stream: string }) {
  const path = `v1/streams/${encodeURIComponent(stream)}/entries`
  return (
    <Gone
      title={`There is no stream “${stream}”.`}
      command={curl(path, { entries: [{ fields: { item: 'book' } }] })}
    >
      A stream comes into being with its first entry. This page shows it as soon as it does.
    </Gone>
  )
}

interface GroupsProps {
  readonly stream: string
  readonly groups: readonly Group[] | undefined
  /** How many the stream has, of which these are the first. */
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
          title="No group reads this stream."
          command={curl(`v1/streams/${encodeURIComponent(stream)}/groups/billing`)}
        >
          <p>A group shares the entries out among its consumers, and keeps each pending until it is acked.</p>
        </Empty>
      ) : (
        <div class="scroll">
          <table>
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
  const track = trackOf('group', stream, group.name)
  return (
    <tr>
      <th scope="row" class="of-name">
        <a href={addressOf({ view: 'group', stream, group: group.name })}>{group.name}</a>
      </th>
      <td class="number" data-tone={group.lag ? 'lag' : undefined}>
        {count(group.lag)}
      </td>
      <td class="number" data-tone={group.pending > 0 ? 'pending' : undefined}>
        {count(group.pending)}
      </td>
      <td class="number">{group.pending === 0 ? 'none' : duration(group.oldestPendingMs)}</td>
      <td class="number">{rate(track.rate('delivered'))}</td>
      <td class="number">{rate(track.rate('acked'))}</td>
      <td class="number">{count(group.consumers)}</td>
    </tr>
  )
}
