import { useState } from 'preact/hooks'
import type { PendingEntry } from '../api/answers.ts'
import { groupPath, listPending } from '../api/operations.ts'
import { count, duration, entries } from '../format.ts'
import { useLooks } from '../live/polling.ts'
import { curl, Empty } from '../parts/notes.tsx'
import { AckDialog, ClaimDialog, LookDialog } from './pending-dialogs.tsx'

interface PendingProps {
  readonly place: { readonly stream: string; readonly group: string }
  /** The names of all consumers. */
  readonly consumers: readonly string[]
  onDone(): void
}

const LOOK_MS = 1000
const PAGE = 50
/** Delivered so often, an entry is probably one that cannot be worked on. */
const MANY_DELIVERIES = 3

const IDLE_CHOICES = [
  { ms: 0, text: 'idle for any time' },
  { ms: 1000, text: 'idle for 1 s' },
  { ms: 10_000, text: 'idle for 10 s' },
  { ms: 60_000, text: 'idle for 1 min' },
  { ms: 600_000, text: 'idle for 10 min' },
  { ms: 3_600_000, text: 'idle for 1 h' }
]

/** What was delivered and not acked: to look at, to ack and to claim. */
export function PendingList({ place, consumers, onDone }: PendingProps) {
  const { stream, group } = place
  const [filter, setFilter] = useState<Filter>({ consumer: '', minIdleMs: 0 })
  const [way, setWay] = useState<readonly string[]>([])
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState<'ack' | 'claim' | null>(null)
  const [seen, setSeen] = useState<string | null>(null)
  const after = way.at(-1)
  const key = JSON.stringify([stream, group, filter, after])
  const { found, again } = useLooks(key, LOOK_MS, (signal) =>
    listPending(stream, group, { ...filter, limit: PAGE, ...(after !== undefined && { after }) }, signal)
  )
  const page = found ?? []
  const ids = page.map(({ id }) => id).filter((id) => chosen.has(id))
  const refilter = (next: Filter) => {
    setFilter(next)
    setWay([])
    setChosen(new Set())
  }
  const done = () => {
    setChosen(new Set())
    again()
    onDone()
  }
  const dialog = { place, ids, onDone: done, close: () => setAsking(null) }
  return (
    <section class="panel flush" aria-labelledby="pending-title">
      <div class="tools">
        <h2 id="pending-title">Pending</h2>
        <Filters consumers={consumers} filter={filter} onFilter={refilter} />
        <span class="tools-end">
          <span class="soft" role="status">
            {ids.length > 0 ? `${entries(ids.length)} chosen` : ''}
          </span>
          <button type="button" disabled={ids.length === 0} onClick={() => setAsking('claim')}>
            Claim…
          </button>
          <button type="button" disabled={ids.length === 0} onClick={() => setAsking('ack')}>
            Ack…
          </button>
        </span>
      </div>
      {found?.length === 0 ? (
        <NonePending
          place={place}
          isBehind={way.length > 0}
          isFiltered={filter.consumer !== '' || filter.minIdleMs > 0}
        />
      ) : (
        <PendingTable page={page} chosen={chosen} onChoose={setChosen} onLook={setSeen} />
      )}
      <div class="pager">
        <button type="button" disabled={way.length === 0} onClick={() => setWay(way.slice(0, -1))}>
          Back
        </button>
        <button
          type="button"
          disabled={page.length < PAGE}
          onClick={() => setWay([...way, page.at(-1)?.id ?? '0-0'])}
        >
          Next
        </button>
      </div>
      {asking === 'ack' && <AckDialog {...dialog} />}
      {asking === 'claim' && <ClaimDialog {...dialog} consumers={consumers} />}
      {seen !== null && <LookDialog stream={stream} id={seen} close={() => setSeen(null)} />}
    </section>
  )
}

/** Of all that is pending, what is shown. */
interface Filter {
  /** Empty for everybody. */
  readonly consumer: string
  readonly minIdleMs: number
}

interface FiltersProps {
  readonly consumers: readonly string[]
  readonly filter: Filter
  onFilter(filter: Filter): void
}

function Filters({ consumers, filter, onFilter }: FiltersProps) {
  return (
    <>
      <select
        aria-label="Of whom"
        value={filter.consumer}
        onChange={(event) => onFilter({ ...filter, consumer: event.currentTarget.value })}
      >
        <option value="">of every consumer</option>
        {consumers.map((name) => (
          <option key={name} value={name}>
            of {name}
          </option>
        ))}
      </select>
      <select
        aria-label="How long idle"
        value={filter.minIdleMs}
        onChange={(event) => onFilter({ ...filter, minIdleMs: Number(event.currentTarget.value) })}
      >
        {IDLE_CHOICES.map(({ ms, text }) => (
          <option key={ms} value={ms}>
            {text}
          </option>
        ))}
      </select>
    </>
  )
}

function NonePending(props: Pick<PendingProps, 'place'> & { isBehind: boolean; isFiltered: boolean }) {
  const { place, isBehind, isFiltered } = props
  if (isBehind) return <p class="quiet-note">Nothing more is pending.</p>
  if (isFiltered) return <p class="quiet-note">Nothing is pending that fits.</p>
  const command = curl(`${groupPath(place.stream, place.group)}/read`, { consumer: 'ann' })
  return <Empty title="Nothing is pending: all that was delivered is acked." command={command} />
}

interface TableProps {
  readonly page: readonly PendingEntry[]
  readonly chosen: ReadonlySet<string>
  onChoose(chosen: ReadonlySet<string>): void
  onLook(id: string): void
}

function PendingTable({ page, chosen, onChoose, onLook }: TableProps) {
  const isAll = page.length > 0 && page.every(({ id }) => chosen.has(id))
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChoose(next)
  }
  return (
    <div class="scroll">
      <table class="pending">
        <thead>
          <tr>
            <th scope="col" class="of-check">
              <input
                type="checkbox"
                aria-label="Choose all of this page"
                checked={isAll}
                onChange={() => onChoose(new Set(isAll ? [] : page.map(({ id }) => id)))}
              />
            </th>
            <th scope="col">Id</th>
            <th scope="col">Owner</th>
            <th scope="col" class="number">
              Idle
            </th>
            <th scope="col" class="number">
              Deliveries
            </th>
          </tr>
        </thead>
        <tbody>
          {page.map(({ id, consumer, idleMs, deliveries }) => (
            <tr key={id} data-chosen={chosen.has(id)}>
              <td class="of-check">
                <input
                  type="checkbox"
                  aria-label={`Choose ${id}`}
                  checked={chosen.has(id)}
                  onChange={() => toggle(id)}
                />
              </td>
              <td class="of-id">
                <button type="button" class="link" onClick={() => onLook(id)}>
                  {id}
                </button>
              </td>
              <td class="of-name">{consumer}</td>
              <td class="number">{duration(idleMs)}</td>
              <td class="number" data-tone={deliveries >= MANY_DELIVERIES ? 'danger' : undefined}>
                {count(deliveries)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
