import { useState } from 'preact/hooks'
import { useStore } from '../live/store.ts'
import { Chart, levelOf, rateOf } from '../parts/chart.tsx'
import { addressOf } from '../routes.ts'
import { AbandonedStreams } from './abandoned-streams.tsx'
import { type Balance, GROUP, MAX_WORKERS } from './balance.ts'
import { Controls } from './controls.tsx'
import { Counts } from './counts.tsx'
import { Tour } from './tour.tsx'
import { useBalance, useChanges } from './use-balance.ts'
import { WorkerCard } from './worker-card.tsx'

/** How many workers a balance starts with. */
const FIRST_WORKERS = 3

/** A demo: a group at work that the user can experiment with. */
export function BalanceView() {
  const { balance, failure, begin, end } = useBalance()
  const [isTour, setTour] = useState(false)
  const play = async () => {
    setTour(false)
    const begun = await begin({ rate: 200 })
    for (let i = 0; i < FIRST_WORKERS; i++) begun?.addWorker()
  }
  const tour = async () => {
    setTour(true)
    await begin({ batch: 1, workMs: 700 })
  }
  return (
    <>
      <div class="heading">
        <div>
          <h1>Balance</h1>
          <p class="soft lead">
            A group distributes the entries of a stream among its workers. Slow a worker down, pause it or
            kill it.
          </p>
        </div>
        <div class="actions">
          {balance !== null && (
            <button type="button" onClick={() => void end()}>
              Stop and delete the stream
            </button>
          )}
          <button type="button" onClick={() => void tour()}>
            {isTour && balance !== null ? 'Restart the tour' : 'Guided tour'}
          </button>
          {balance === null && (
            <button type="button" class="primary" onClick={() => void play()}>
              Start
            </button>
          )}
        </div>
      </div>
      {failure !== '' && <p class="failure">{failure}</p>}
      {balance === null ? (
        <Introduction />
      ) : (
        <Running key={balance.stream} balance={balance} isTour={isTour} onLeaveTour={() => setTour(false)} />
      )}
      <AbandonedStreams own={balance?.stream} />
    </>
  )
}

function Introduction() {
  return (
    <section class="panel intro">
      <div>
        <h2>This demo runs on the real server</h2>
        <p>
          This page creates a stream of its own and appends to it through the public API, from 1 to 10,000
          entries per second. Workers, which also run in this page, read the entries in one group, work on
          them for a moment, and ack them. When a worker crashes, its entries stay pending until another
          worker claims them.
        </p>
        <p>
          The page counts every entry: sent, delivered, acked, pending and lost. Lost stays 0. The stream is
          deleted when you leave.
        </p>
      </div>
      <div>
        <h2>New to consumer groups?</h2>
        <p>
          The guided tour shows in five steps what happens when a worker crashes before it acks an entry. It
          takes two minutes.
        </p>
      </div>
    </section>
  )
}

const RATES = [rateOf('sent', 'Sent', 'appended'), rateOf('delivered', 'Delivered'), rateOf('acked', 'Acked')]
const LEVELS = [levelOf('lag', 'Lag'), levelOf('pending', 'Pending')]

function Running({
  balance,
  isTour,
  onLeaveTour
}: {
  balance: Balance
  isTour: boolean
  onLeaveTour(): void
}) {
  useChanges(balance)
  const failure = useStore(balance.failure)
  const { workers } = balance
  const maxRate = Math.max(1, ...workers.map(({ series }) => series.rate('delivered') ?? 0))
  return (
    <>
      {failure !== '' && <p class="failure">{failure}</p>}
      {isTour ? <Tour balance={balance} onLeave={onLeaveTour} /> : <Controls balance={balance} />}
      <Counts balance={balance} />
      <section class="panel" aria-label="Charts">
        <div class="charts">
          <Chart title="Throughput" unit="entries per second" series={balance.series} lines={RATES} />
          <Chart title="Backlog" unit="entries" series={balance.series} lines={LEVELS} />
        </div>
      </section>
      <section aria-labelledby="workers-title">
        <div class="heading workers-heading">
          <h2 id="workers-title">Workers</h2>
          <a
            href={addressOf({ view: 'group', stream: balance.stream, group: GROUP })}
            target="_blank"
            rel="noreferrer"
          >
            Open the group in a new tab
          </a>
          <button type="button" disabled={workers.length >= MAX_WORKERS} onClick={() => balance.addWorker()}>
            Add worker
          </button>
        </div>
        <ul class="workers">
          {workers.map((worker) => (
            <WorkerCard key={worker.name} balance={balance} worker={worker} maxRate={maxRate} />
          ))}
        </ul>
        {workers.length === 0 && (
          <p class="soft">The group has no workers, so the lag grows with every entry.</p>
        )}
      </section>
    </>
  )
}
