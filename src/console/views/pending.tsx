import { useState } from 'preact/hooks'
import type { PendingEntry } from '../api/answers.ts'
import { groupPath, listPending } from '../api/operations.ts'
import { dueText } from '../delivery/due.ts'
import { NackDialog } from '../delivery/nack-dialog.tsx'
import { count, duration, entries } from '../format.ts'
import { usePolling } from '../live/polling.ts'
import { curl, Empty } from '../parts/notes.tsx'
import { Pager } from '../parts/pager.tsx'
import type { GroupRef } from '../routes.ts'
import { AckDialog, ClaimDialog, EntryDialog } from './pending-dialogs.tsx'

interface PendingProps {
  readonly target: GroupRef
  /** The names of all consumers. */
  readonly consumers: readonly string[]
  /** After this number of failed deliveries, an entry of the group is dead. */
  readonly maxDeliveries: number | undefined
  onDone(): void
}

const POLL_MS = 1000
const PAGE = 50
/** An entry that was delivered this often can probably not be processed. */
const MANY_DELIVERIES = 3

const IDLE_CHOICES = [
  { ms: 0, text: 'any idle time' },
  { ms: 1000, text: 'idle for at least 1 s' },
  { ms: 10_000, text: 'idle for at least 10 s' },
  { ms: 60_000, text: 'idle for at least 1 min' },
  { ms: 600_000, text: 'idle for at least 10 min' },
  { ms: 3_600_000, text: 'idle for at least 1 h' }
]

/** The pending entries of a group. Users can open, claim, nack and ack them. */
export function PendingList({ target, consumers, maxDeliveries, onDone }: PendingProps) {
  const { stream, group } = target
  const [filter, setFilter] = useState<Filter>({ consumer: '', minIdleMs: 0 })
  const [pageStarts, setPageStarts] = useState<readonly string[]>([])
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [openDialog, setOpenDialog] = useState<'ack' | 'nack' | 'claim' | null>(null)
  const [openEntry, setOpenEntry] = useState<string | null>(null)
  const after = pageStarts.at(-1)
  const key = JSON.stringify([stream, group, filter, after])
  const { data, refresh } = usePolling(key, POLL_MS, (signal) =>
    listPending(stream, group, { ...filter, limit: PAGE, ...(after !== undefined && { after }) }, signal)
  )
  const page = data ?? []
  const ids = page.map(({ id }) => id).filter((id) => selected.has(id))
  const refilter = (next: Filter) => {
    setFilter(next)
    setPageStarts([])
    setSelected(new Set())
  }
  const done = () => {
    setSelected(new Set())
    refresh()
    onDone()
  }
  const dialog = { target, ids, onDone: done, close: () => setOpenDialog(null) }
  return (
    <section class="panel flush" aria-labelledby="pending-title">
      <div class="tools">
        <h2 id="pending-title">Pending</h2>
        <Filters consumers={consumers} filter={filter} onFilter={refilter} />
        <span class="tools-end">
          <span class="soft" role="status">
            {ids.length > 0 ? `${entries(ids.length)} selected` : ''}
          </span>
          <button type="button" disabled={ids.length === 0} onClick={() => setOpenDialog('claim')}>
            Claim…
          </button>
          <button type="button" disabled={ids.length === 0} onClick={() => setOpenDialog('nack')}>
            Nack…
          </button>
          <button type="button" disabled={ids.length === 0} onClick={() => setOpenDialog('ack')}>
            Ack…
          </button>
        </span>
      </div>
      {data?.length === 0 ? (
        <NoPending
          target={target}
          isPastEnd={pageStarts.length > 0}
          isFiltered={filter.consumer !== '' || filter.minIdleMs > 0}
        />
      ) : (
        <PendingTable
          page={page}
          manyDeliveries={maxDeliveries ?? MANY_DELIVERIES}
          selected={selected}
          onSelect={setSelected}
          onOpen={setOpenEntry}
        />
      )}
      <Pager
        isFirst={pageStarts.length === 0}
        isLast={page.length < PAGE}
        previous={() => setPageStarts(pageStarts.slice(0, -1))}
        next={() => setPageStarts([...pageStarts, page.at(-1)?.id ?? '0-0'])}
      />
      {openDialog === 'ack' && <AckDialog {...dialog} />}
      {openDialog === 'nack' && <NackDialog {...dialog} />}
      {openDialog === 'claim' && <ClaimDialog {...dialog} consumers={consumers} />}
      {openEntry !== null && <EntryDialog stream={stream} id={openEntry} close={() => setOpenEntry(null)} />}
    </section>
  )
}

/** Which pending entries are shown. */
interface Filter {
  /** Empty for all consumers. */
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
        aria-label="Filter by consumer"
        value={filter.consumer}
        onChange={(event) => onFilter({ ...filter, consumer: event.currentTarget.value })}
      >
        <option value="">all consumers</option>
        {consumers.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Filter by idle time"
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

function NoPending(props: Pick<PendingProps, 'target'> & { isPastEnd: boolean; isFiltered: boolean }) {
  const { target, isPastEnd, isFiltered } = props
  if (isPastEnd) return <p class="quiet-note">There are no more pending entries.</p>
  if (isFiltered) return <p class="quiet-note">No pending entries match the filters.</p>
  const command = curl(`${groupPath(target.stream, target.group)}/read`, { consumer: 'ann' })
  return <Empty title="No pending entries: everything delivered has been acked." command={command} />
}

interface TableProps {
  readonly page: readonly PendingEntry[]
  /** Counts from this one on are marked. */
  readonly manyDeliveries: number
  readonly selected: ReadonlySet<string>
  onSelect(selected: ReadonlySet<string>): void
  onOpen(id: string): void
}

function PendingTable({ page, manyDeliveries, selected, onSelect, onOpen }: TableProps) {
  const isAll = page.length > 0 && page.every(({ id }) => selected.has(id))
  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    onSelect(next)
  }
  return (
    <div class="scroll">
      <table class="pending stacks">
        <thead>
          <tr>
            <th scope="col" class="of-check">
              <input
                type="checkbox"
                aria-label="Select all on this page"
                checked={isAll}
                onChange={() => onSelect(new Set(isAll ? [] : page.map(({ id }) => id)))}
              />
            </th>
            <th scope="col">Id</th>
            <th scope="col">Owner</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Idle
            </th>
            <th scope="col" class="number">
              Deliveries
            </th>
          </tr>
        </thead>
        <tbody>
          {page.map(({ id, consumer, state, dueInMs, idleMs, deliveries }) => (
            <tr key={id} data-selected={selected.has(id)}>
              <td class="of-check">
                <input
                  type="checkbox"
                  aria-label={`Select ${id}`}
                  checked={selected.has(id)}
                  onChange={() => toggle(id)}
                />
              </td>
              <td class="of-id">
                <button type="button" class="link" onClick={() => onOpen(id)}>
                  {id}
                </button>
              </td>
              <td class="of-name" data-label="Owner">
                {consumer ?? <i class="soft">nobody</i>}
              </td>
              <td class="of-state" data-label="State">
                <span class="badge" data-state={state}>
                  {dueText(state, dueInMs)}
                </span>
              </td>
              <td class="number" data-label="Idle">
                {duration(idleMs)}
              </td>
              <td
                class="number"
                data-label="Deliveries"
                data-tone={deliveries >= manyDeliveries ? 'danger' : undefined}
              >
                {count(deliveries)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
