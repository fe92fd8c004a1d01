import { useState } from 'preact/hooks'
import { useStore } from '../live/store.ts'
import { Chart, levelOf, rateOf } from '../parts/chart.tsx'
import { addressOf } from '../routes.ts'
import { type Balance, GROUP, MAX_WORKERS } from './balance.ts'
import { Controls } from './controls.tsx'
import { Counts } from './counts.tsx'
import { Leftovers } from './abandoned-streams.tsx'
import { Tour } from './tour.tsx'
import { useBalance, useChanges } from './use-balance.ts'
import { WorkerCard } from './worker-card.tsx'

/** How many workers there are at first. */
const FIRST_WORKERS = 3

/** A group at work, to play with. */
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
            A group shares a stream out among its workers. Slow one down, pause it, kill it.
          </p>
        </div>
        <div class="actions">
          {balance !== null && (
            <button type="button" onClick={() => void end()}>
              Stop and remove the stream
            </button>
          )}
          <button type="button" onClick={() => void tour()}>
            {isTour && balance !== null ? 'Begin the tour again' : 'Guided tour'}
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
      <Leftovers own={balance?.stream} />
    </>
  )
}

function Introduction() {
  return (
    <section class="panel intro">
      <div>
        <h2>What you will see is the real server</h2>
        <p>
          This page makes a stream of its own and appends to it through the public API, from 1 to 10,000
          entries a second. Workers, which live in this page, too, read it in one group, work for a moment,
          and ack. When one of them crashes, what it held stays pending, until another one claims it.
        </p>
        <p>
          Every entry is counted: sent, delivered, acked, pending, and lost. Lost stays 0. The stream is
          removed when you leave.
        </p>
      </div>
      <div>
        <h2>New to consumer groups?</h2>
        <p>
          The guided tour tells the story of a worker that crashes with an entry unacked, in five steps and
          two minutes.
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
  const trouble = useStore(balance.trouble)
  const { workers } = balance
  const most = Math.max(1, ...workers.map(({ track }) => track.rate('delivered') ?? 0))
  return (
    <>
      {trouble !== '' && <p class="failure">{trouble}</p>}
      {isTour ? <Tour balance={balance} onLeave={onLeaveTour} /> : <Controls balance={balance} />}
      <Counts balance={balance} />
      <section class="panel" aria-label="Over time">
        <div class="charts">
          <Chart title="Throughput" unit="entries per second" track={balance.track} lines={RATES} />
          <Chart title="Backlog" unit="entries" track={balance.track} lines={LEVELS} />
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
            See the group in a new tab
          </a>
          <button type="button" disabled={workers.length >= MAX_WORKERS} onClick={() => balance.addWorker()}>
            Add a worker
          </button>
        </div>
        <ul class="workers">
          {workers.map((worker) => (
            <WorkerCard key={worker.name} balance={balance} worker={worker} most={most} />
          ))}
        </ul>
        {workers.length === 0 && (
          <p class="soft">Nobody reads in the group. What is sent waits, as the lag shows.</p>
        )}
      </section>
    </>
  )
}
