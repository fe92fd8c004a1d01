import { useState } from 'preact/hooks'
import type { Consumer, Group } from '../api/answers.ts'
import { getGroup, getStream, listConsumers } from '../api/operations.ts'
import { count, duration, rate, UNKNOWN } from '../format.ts'
import { useLooks } from '../live/polling.ts'
import { groupSight, trackOf } from '../live/series-cache.ts'
import { Chart, levelOf, rateOf } from '../parts/chart.tsx'
import { Crumbs, Gone } from '../parts/breadcrumbs.tsx'
import { curl, Stat } from '../parts/notes.tsx'
import { Consumers } from './consumers.tsx'
import { DeleteGroupDialog, MoveDialog } from './group-dialogs.tsx'
import { PendingList } from './pending.tsx'

const LOOK_MS = 1000

interface GroupPlace {
  readonly stream: string
  readonly group: string
}

/** One group: its numbers, its consumers and what they hold. */
export function GroupView({ stream, group }: GroupPlace) {
  const [asking, setAsking] = useState<'move' | 'delete' | null>(null)
  const track = trackOf('group', stream, group)
  const { found, refusal, again } = useLooks(`${stream}/${group}`, LOOK_MS, async (signal) => {
    const info = await getGroup(stream, group, signal)
    const { entriesAdded } = await getStream(stream, signal)
    const { consumers } = await listConsumers(stream, group, signal)
    const oldestMs = info.pending === 0 ? 0 : info.oldestPendingMs
    track.add(Date.now(), { ...groupSight(info), appended: entriesAdded, oldestMs })
    return { info, consumers }
  })
  const close = () => setAsking(null)
  return (
    <>
      <Crumbs place={{ view: 'group', stream, group }} />
      <div class="heading">
        <h1 class="name">{group}</h1>
        <div class="actions">
          <button type="button" onClick={() => setAsking('move')}>
            Move…
          </button>
          <button type="button" class="danger" onClick={() => setAsking('delete')}>
            Delete…
          </button>
        </div>
      </div>
      {refusal?.status === 404 ? (
        <Gone
          title={`There is no group “${group}” of “${stream}”.`}
          command={curl(`v1/streams/${encodeURIComponent(stream)}/groups/${encodeURIComponent(group)}`, {
            createStream: true
          }).replace('curl', 'curl -X PUT')}
        >
          This command makes it, with the stream if need be. This page shows it as soon as it is there.
        </Gone>
      ) : (
        <>
          {refusal !== undefined && <p class="failure">{refusal.message}</p>}
          <section class="panel" aria-label="Numbers">
            <Numbers info={found?.info} place={{ stream, group }} />
            <Charts place={{ stream, group }} />
          </section>
          <Consumers
            place={{ stream, group }}
            consumers={found?.consumers}
            total={found?.info.consumers}
            onDone={again}
          />
          <PendingList place={{ stream, group }} consumers={namesOf(found?.consumers)} onDone={again} />
        </>
      )}
      {asking === 'move' && found !== undefined && (
        <MoveDialog place={{ stream, group }} info={found.info} onDone={again} close={close} />
      )}
      {asking === 'delete' && found !== undefined && (
        <DeleteGroupDialog place={{ stream, group }} info={found.info} close={close} />
      )}
    </>
  )
}

function namesOf(consumers: readonly Consumer[] | undefined): string[] {
  return consumers?.map(({ name }) => name) ?? []
}

function Numbers({ info, place }: { info: Group | undefined; place: GroupPlace }) {
  const track = trackOf('group', place.stream, place.group)
  return (
    <dl class="stats wide">
      <Stat
        name="Lag"
        value={count(info?.lag)}
        tone="lag"
        hint={info?.lag === null ? 'cannot be known' : 'to be delivered'}
      />
      <Stat name="Pending" value={count(info?.pending)} tone="pending" hint="delivered, not acked" />
      {info?.pending === 0 ? (
        <Stat name="Oldest pending" value="none" />
      ) : (
        <Stat
          name="Oldest pending"
          value={duration(info?.oldestPendingMs)}
          hint={info?.oldestPendingMs === null ? 'cannot be known' : 'idle for so long'}
        />
      )}
      <Stat name="Delivered / s" value={rate(track.rate('delivered'))} tone="delivered" />
      <Stat name="Acked / s" value={rate(track.rate('acked'))} tone="acked" />
      <Stat name="Delivered up to" value={info?.lastDeliveredId ?? UNKNOWN} isId />
    </dl>
  )
}

const RATES = [rateOf('appended', 'Appended'), rateOf('delivered', 'Delivered'), rateOf('acked', 'Acked')]
const LEVELS = [levelOf('lag', 'Lag'), levelOf('pending', 'Pending')]
const OLDEST = [levelOf('oldestMs', 'Oldest', 'pending')]

function Charts({ place }: { place: GroupPlace }) {
  const track = trackOf('group', place.stream, place.group)
  return (
    <div class="charts">
      <Chart title="Flow" unit="entries per second" track={track} lines={RATES} />
      <Chart title="Backlog" unit="entries" track={track} lines={LEVELS} />
      <Chart title="Oldest pending" unit="idle time" track={track} lines={OLDEST} isOfTime />
    </div>
  )
}
