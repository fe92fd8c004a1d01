import { useMemo, useState } from 'preact/hooks'
import type { StreamSummary } from '../api/answers.ts'
import { listStreams } from '../api/operations.ts'
import { ago, count, counted, momentOf, rate, shortCount, size, UNKNOWN } from '../format.ts'
import { usePolling } from '../live/polling.ts'
import { seriesOf } from '../live/series-cache.ts'
import { Chart, rateOf } from '../parts/chart.tsx'
import { curl, Empty, Stat } from '../parts/notes.tsx'
import { WindowedRows } from '../parts/window.tsx'
import { addressOf } from '../routes.ts'
import { AppendDialog } from './append.tsx'
import { useDeadCounts } from './dead-counts.ts'
import { ORDERS, type Order, type Row, rowsOf, StreamRates } from './stream-rates.ts'

const POLL_MS = 2000
const ROW_HEIGHT = 44

/** The append rate of each stream. It outlives this view. */
const rates = new StreamRates()

/** All streams. */
export function OverviewView() {
  const [prefix, setPrefix] = useState('')
  const [order, setOrder] = useState<{ by: Order; isDown: boolean }>({ by: 'name', isDown: false })
  const [isAppending, setAppending] = useState(false)
  const all = seriesOf('all streams')
  const { data, refusal, refresh } = usePolling('overview', POLL_MS, async (signal) => {
    const streams = await listStreams('', signal)
    const at = Date.now()
    rates.add(at, streams)
    all.add(at, { appended: rates.total })
    return streams
  })
  const rows = useMemo(() => rowsOf(data ?? [], rates, { prefix, ...order }), [data, prefix, order])
  return (
    <>
      <div class="heading">
        <h1>Streams</h1>
        <button type="button" class="primary" onClick={() => setAppending(true)}>
          Append an entry
        </button>
      </div>
      {refusal !== undefined && <p class="failure">{refusal.message}</p>}
      {data?.length === 0 ? (
        <NoStreams />
      ) : (
        <>
          <section class="panel split" aria-label="Totals">
            <Totals streams={data} />
            <Chart title="Appended" unit="entries per second, all streams" series={all} lines={APPENDED} />
          </section>
          <section class="panel flush" aria-label="Streams">
            <div class="tools">
              <input
                type="search"
                aria-label="Filter by name prefix"
                placeholder="Name starts with…"
                value={prefix}
                onInput={(event) => setPrefix(event.currentTarget.value)}
              />
              <span class="soft" role="status">
                {data === undefined ? 'Loading…' : shownOf(rows.length, data.length)}
              </span>
            </div>
            <StreamTable rows={rows} order={order} onOrder={setOrder} />
          </section>
        </>
      )}
      {isAppending && <AppendDialog onAppended={refresh} close={() => setAppending(false)} />}
    </>
  )
}

const APPENDED = [rateOf('appended', 'Appended')]

function shownOf(rows: number, all: number): string {
  return rows === all ? counted(all, 'stream') : `${count(rows)} of ${counted(all, 'stream')}`
}

function Totals({ streams }: { streams: readonly StreamSummary[] | undefined }) {
  const sum = (of: (stream: StreamSummary) => number, write = count) =>
    streams === undefined ? UNKNOWN : write(streams.reduce((total, stream) => total + of(stream), 0))
  return (
    <dl class="stats">
      <Stat name="Streams" value={count(streams?.length)} />
      <Stat name="Entries" value={sum(({ length }) => length)} />
      <Stat name="Size" value={sum(({ sizeBytes }) => sizeBytes, size)} />
      <Stat name="Appended / s" value={rate(seriesOf('all streams').rate('appended'))} tone="appended" />
      <Stat name="Groups" value={sum(({ groups }) => groups)} />
    </dl>
  )
}

function NoStreams() {
  const body = { entries: [{ fields: { item: 'book', price: '12.50' } }] }
  return (
    <section class="panel">
      <Empty title="No streams yet." command={curl('v1/streams/orders/entries', body)}>
        <p>
          A stream is created by its first entry. Append one here or with this command, or watch a group at
          work in the <a href="#/balance">balance</a> view.
        </p>
      </Empty>
    </section>
  )
}

interface TableProps {
  readonly rows: readonly Row[]
  readonly order: { readonly by: Order; readonly isDown: boolean }
  onOrder(order: { by: Order; isDown: boolean }): void
}

function StreamTable({ rows, order, onOrder }: TableProps) {
  const now = Date.now()
  const dead = useDeadCounts(rows)
  return (
    <table class="streams" aria-rowcount={rows.length + 1}>
      <thead>
        <tr>
          {ORDERS.map(({ by, text, isNumber }) => (
            <th
              key={by}
              scope="col"
              class={`of-${by}${isNumber ? ' number' : ''}`}
              aria-sort={order.by !== by ? 'none' : order.isDown ? 'descending' : 'ascending'}
            >
              <button
                type="button"
                class="sort"
                onClick={() => onOrder({ by, isDown: order.by === by ? !order.isDown : isNumber })}
              >
                {text}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <WindowedRows
        items={rows}
        rowHeight={ROW_HEIGHT}
        columns={ORDERS.length}
        row={({ name, length, sizeBytes, groups, lastId, perSecond }, index) => (
          <tr key={name} aria-rowindex={index + 2}>
            <th scope="row" class="of-name">
              <a href={addressOf({ view: 'stream', stream: name })} title={name}>
                {name}
              </a>
            </th>
            <td class="number of-length">{count(length)}</td>
            <td class="number of-size">{size(sizeBytes)}</td>
            <td class="number of-rate" data-zero={perSecond === 0}>
              {rate(perSecond)}
            </td>
            <td class="number of-groups">
              <Dead entries={dead.get(name) ?? 0} />
              {count(groups)}
            </td>
            <td class="number of-last">{ago(momentOf(lastId), now)}</td>
          </tr>
        )}
      />
    </table>
  )
}

/** Shown if groups of a stream have dead entries. */
function Dead({ entries }: { entries: number }) {
  if (entries === 0) return null
  return (
    <>
      <span class="badge" data-state="dead">
        {shortCount(entries)} dead
      </span>{' '}
    </>
  )
}
