import { useEffect, useState } from 'preact/hooks'
import { Refusal, Unreachable } from '../api/client.ts'
import { count, entries, rate } from '../format.ts'
import { note } from '../parts/notes.tsx'
import type { Balance } from './balance.ts'
import type { Worker, WorkerState } from './worker.ts'

/** At most this many entries are drawn. The rest are shown as a number. */
const MAX_SQUARES = 60

const STATES: Readonly<Record<WorkerState, string>> = {
  waiting: 'waiting',
  working: 'working',
  paused: 'paused',
  dying: 'will crash with its next entries',
  dead: 'crashed'
}

interface CardProps {
  readonly balance: Balance
  readonly worker: Worker
  /** Deliveries per second to the fastest worker. */
  readonly maxRate: number
}

/** A worker: its rate, its counters and the entries that it holds. */
export function WorkerCard({ balance, worker, maxRate }: CardProps) {
  const { name, state, delivered, acked, failed, held, isSlow } = worker
  const perSecond = worker.series.rate('delivered')
  useEffect(() => {
    if (state === 'dead') note(`${name} crashed`)
  }, [state])
  return (
    <li class="panel worker" data-state={state}>
      <div class="worker-head">
        <h3>{name}</h3>
        <span class="worker-state">
          {isSlow && state !== 'dead' ? `${STATES[state]}, slow` : STATES[state]}
        </span>
        <b class="worker-rate">
          {rate(perSecond)}
          <small> / s</small>
        </b>
      </div>
      <div class="worker-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(100, ((perSecond ?? 0) / maxRate) * 100)}%` }} />
      </div>
      <p class="worker-counts">
        {count(delivered)} delivered, {count(acked)} acked{failed > 0 && `, ${count(failed)} nacked`}
      </p>
      <p class="worker-counts">
        <b data-tone="pending">{count(held.length)} pending</b>
      </p>
      <Squares held={held} />
      <div class="worker-actions">
        {state === 'dead' ? (
          <DeadActions balance={balance} worker={worker} />
        ) : (
          <LiveActions balance={balance} worker={worker} />
        )}
      </div>
    </li>
  )
}

/** A square for each entry that the worker holds. Redelivered entries stand out. */
function Squares({ held }: { held: Worker['held'] }) {
  const rest = held.length - MAX_SQUARES
  return (
    <div class="squares" aria-hidden="true">
      {held.slice(0, MAX_SQUARES).map(({ id, deliveries }) => (
        <i
          key={id}
          title={`${id}, delivered ${deliveries === 1 ? 'once' : `${deliveries} times`}`}
          data-again={deliveries > 1}
        />
      ))}
      {rest > 0 && <small>+ {count(rest)}</small>}
    </div>
  )
}

function LiveActions({ balance, worker }: Pick<CardProps, 'balance' | 'worker'>) {
  const { name, state, isSlow } = worker
  const change = (act: () => void) => () => {
    act()
    balance.changed()
  }
  const isPaused = state === 'paused'
  return (
    <>
      <button
        type="button"
        aria-pressed={isSlow}
        onClick={change(() => {
          worker.isSlow = !isSlow
        })}
      >
        Slow<span class="unseen"> {name}</span>
      </button>
      <button
        type="button"
        aria-pressed={isPaused}
        onClick={change(() => (isPaused ? worker.resume() : worker.pause()))}
      >
        Pause<span class="unseen"> {name}</span>
      </button>
      <button type="button" class="danger" disabled={state === 'dying'} onClick={change(() => worker.kill())}>
        Kill<span class="unseen"> {name}</span>
      </button>
      <button type="button" onClick={() => void attempt(() => balance.leave(worker))}>
        Leave<span class="unseen"> {name}</span>
      </button>
    </>
  )
}

function DeadActions({ balance, worker }: Pick<CardProps, 'balance' | 'worker'>) {
  const { name, held } = worker
  const living = balance.workers.filter(({ state }) => state !== 'dead' && state !== 'dying')
  const [chosen, setChosen] = useState('')
  const newOwner = living.find((other) => other.name === chosen) ?? living[0]
  const claim = (to: Worker) =>
    attempt(async () => note(`${to.name} claimed ${entries(await balance.claim(worker, to))} of ${name}`))
  return (
    <>
      {held.length > 0 && newOwner !== undefined && (
        <span class="new-owner">
          <button type="button" class="primary" onClick={() => void claim(newOwner)}>
            Claim {count(held.length)} for
          </button>
          <select
            aria-label={`Worker that claims the entries of ${name}`}
            value={newOwner.name}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {living.map((other) => (
              <option key={other.name}>{other.name}</option>
            ))}
          </select>
        </span>
      )}
      <button type="button" onClick={() => balance.restart(worker)}>
        Restart<span class="unseen"> {name}</span>
      </button>
      {held.length === 0 && (
        <button type="button" onClick={() => void attempt(() => balance.remove(worker))}>
          Remove<span class="unseen"> {name}</span>
        </button>
      )}
    </>
  )
}

/** Reports the failure of an action. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
    note(error.message)
  }
}
