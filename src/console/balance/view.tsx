import { useState } from 'preact/hooks'
import { useStore } from '../live/store.ts'
import { Chart, levelOf, rateOf } from '../parts/chart.tsx'
import { addressOf } from '../routes.ts'
import { AbandonedStreams } from './abandoned-streams.tsx'
import { type Balance, GROUP, MAX_WORKERS } from './balance.ts'
import { Controls } from './controls.tsx'
import { Counts } from './counts.tsx'
import { POLICY_STEPS, POLICY_TOUR } from './policy-tour-steps.ts'
import { Tour } from './tour.tsx'
import { CLAIM_STEPS } from './tour-steps.ts'
import { useBalance, useChanges } from './use-balance.ts'
import { WorkerCard } from './worker-card.tsx'

/** How many workers a balance starts with. */
const FIRST_WORKERS = 3

/** The tours: their steps, and the settings that they begin with. */
const TOURS = {
  claim: { button: 'Guided tour', steps: CLAIM_STEPS, settings: { batch: 1, workMs: 700 } },
  policy: { button: 'Policy tour', steps: POLICY_STEPS, settings: POLICY_TOUR }
} as const

type TourName = keyof typeof TOURS
const TOUR_NAMES = ['claim', 'policy'] as const

/** A demo: a group at work that the user can experiment with. */
export function BalanceView() {
  const { balance, failure, begin, end } = useBalance()
  const [tour, setTour] = useState<TourName | null>(null)
  const play = async () => {
    setTour(null)
    const begun = await begin({ rate: 200 })
    for (let i = 0; i < FIRST_WORKERS; i++) begun?.addWorker()
  }
  const show = async (name: TourName) => {
    setTour(name)
    await begin(TOURS[name].settings)
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
          {TOUR_NAMES.map((name) => (
            <button key={name} type="button" onClick={() => void show(name)}>
              {tour === name && balance !== null ? 'Restart the tour' : TOURS[name].button}
            </button>
          ))}
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
        <Running key={balance.stream} balance={balance} tour={tour} onLeaveTour={() => setTour(null)} />
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
          worker claims them. With a delivery policy, they go to another worker by themselves.
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
          takes two minutes. The policy tour shows in six steps how a delivery policy makes claims
          unnecessary, and what happens to an entry that nobody can process.
        </p>
      </div>
    </section>
  )
}

const RATES = [rateOf('sent', 'Sent', 'appended'), rateOf('delivered', 'Delivered'), rateOf('acked', 'Acked')]
const LEVELS = [levelOf('lag', 'Lag'), levelOf('pending', 'Pending')]

function Running({
  balance,
  tour,
  onLeaveTour
}: {
  balance: Balance
  tour: TourName | null
  onLeaveTour(): void
}) {
  useChanges(balance)
  const failure = useStore(balance.failure)
  const { workers } = balance
  const maxRate = Math.max(1, ...workers.map(({ series }) => series.rate('delivered') ?? 0))
  return (
    <>
      {failure !== '' && <p class="failure">{failure}</p>}
      {tour === null ? (
        <Controls balance={balance} />
      ) : (
        <Tour balance={balance} steps={TOURS[tour].steps} onLeave={onLeaveTour} />
      )}
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
