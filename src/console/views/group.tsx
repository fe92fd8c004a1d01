import { useState } from 'preact/hooks'
import type { Consumer, Group } from '../api/answers.ts'
import { getGroup, getStream, listConsumers } from '../api/operations.ts'
import { DeadEntries } from '../delivery/dead.tsx'
import { PolicyPanel } from '../delivery/policy-panel.tsx'
import { count, duration, rate, UNKNOWN } from '../format.ts'
import { usePolling } from '../live/polling.ts'
import { groupSample, seriesOf } from '../live/series-cache.ts'
import { Breadcrumbs, NotFound } from '../parts/breadcrumbs.tsx'
import { Chart, levelOf, rateOf } from '../parts/chart.tsx'
import { curl, Stat } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'
import { Consumers } from './consumers.tsx'
import { DeleteGroupDialog, MoveDialog } from './group-dialogs.tsx'
import { PendingList } from './pending.tsx'

const POLL_MS = 1000

/** A group: its numbers, its delivery policy, its consumers, and its pending and dead entries. */
export function GroupView({ stream, group }: GroupRef) {
  const [openDialog, setOpenDialog] = useState<'move' | 'delete' | null>(null)
  const series = seriesOf('group', stream, group)
  const { data, refusal, refresh } = usePolling(`${stream}/${group}`, POLL_MS, async (signal) => {
    const info = await getGroup(stream, group, signal)
    const { entriesAdded } = await getStream(stream, signal)
    const { consumers } = await listConsumers(stream, group, signal)
    const oldestMs = info.pending === 0 ? 0 : info.oldestPendingMs
    series.add(Date.now(), { ...groupSample(info), appended: entriesAdded, oldestMs })
    return { info, consumers }
  })
  const close = () => setOpenDialog(null)
  return (
    <>
      <Breadcrumbs route={{ view: 'group', stream, group }} />
      <div class="heading">
        <h1 class="name">{group}</h1>
        <div class="actions">
          <button type="button" onClick={() => setOpenDialog('move')}>
            Move…
          </button>
          <button type="button" class="danger" onClick={() => setOpenDialog('delete')}>
            Delete…
          </button>
        </div>
      </div>
      {refusal?.status === 404 ? (
        <NotFound
          title={`The group “${group}” of stream “${stream}” does not exist.`}
          command={curl(`v1/streams/${encodeURIComponent(stream)}/groups/${encodeURIComponent(group)}`, {
            createStream: true
          }).replace('curl', 'curl -X PUT')}
        >
          This command creates it, and the stream if needed. The page shows the group as soon as it exists.
        </NotFound>
      ) : (
        <>
          {refusal !== undefined && <p class="failure">{refusal.message}</p>}
          <section class="panel" aria-label="Summary">
            <Numbers info={data?.info} target={{ stream, group }} />
            <Charts target={{ stream, group }} />
          </section>
          <PolicyPanel target={{ stream, group }} info={data?.info} onDone={refresh} />
          <Consumers
            target={{ stream, group }}
            consumers={data?.consumers}
            total={data?.info.consumers}
            onDone={refresh}
          />
          <PendingList
            target={{ stream, group }}
            consumers={namesOf(data?.consumers)}
            maxDeliveries={data?.info.delivery?.maxDeliveries}
            onDone={refresh}
          />
          <DeadEntries target={{ stream, group }} info={data?.info} onDone={refresh} />
        </>
      )}
      {openDialog === 'move' && data !== undefined && (
        <MoveDialog target={{ stream, group }} info={data.info} onDone={refresh} close={close} />
      )}
      {openDialog === 'delete' && data !== undefined && (
        <DeleteGroupDialog target={{ stream, group }} info={data.info} close={close} />
      )}
    </>
  )
}

function namesOf(consumers: readonly Consumer[] | undefined): string[] {
  return consumers?.map(({ name }) => name) ?? []
}

function Numbers({ info, target }: { info: Group | undefined; target: GroupRef }) {
  const series = seriesOf('group', target.stream, target.group)
  return (
    <dl class="stats wide of-group">
      <Stat
        name="Lag"
        value={count(info?.lag)}
        tone="lag"
        hint={info?.lag === null ? 'unknown' : 'not yet delivered'}
      />
      <Stat name="Pending" value={count(info?.pending)} tone="pending" hint="delivered, not acked" />
      <Stat name="Delayed" value={count(info?.delayed)} hint="nacked, not yet due" />
      <Stat
        name="Dead"
        value={count(info?.dead)}
        hint="no longer delivered"
        {...(info !== undefined && info.dead > 0 && { tone: 'danger' })}
      />
      {info?.pending === 0 ? (
        <Stat name="Oldest pending" value="none" />
      ) : (
        <Stat
          name="Oldest pending"
          value={duration(info?.oldestPendingMs)}
          hint={info?.oldestPendingMs === null ? 'unknown' : 'idle time'}
        />
      )}
      <Stat name="Delivered / s" value={rate(series.rate('delivered'))} tone="delivered" />
      <Stat name="Acked / s" value={rate(series.rate('acked'))} tone="acked" />
      <Stat name="Last delivered id" value={info?.lastDeliveredId ?? UNKNOWN} isId />
    </dl>
  )
}

const RATES = [rateOf('appended', 'Appended'), rateOf('delivered', 'Delivered'), rateOf('acked', 'Acked')]
const LEVELS = [levelOf('lag', 'Lag'), levelOf('pending', 'Pending')]
const OLDEST = [levelOf('oldestMs', 'Oldest', 'pending')]

function Charts({ target }: { target: GroupRef }) {
  const series = seriesOf('group', target.stream, target.group)
  return (
    <div class="charts">
      <Chart title="Throughput" unit="entries per second" series={series} lines={RATES} />
      <Chart title="Backlog" unit="entries" series={series} lines={LEVELS} />
      <Chart title="Oldest pending" unit="idle time" series={series} lines={OLDEST} isOfTime />
    </div>
  )
}
