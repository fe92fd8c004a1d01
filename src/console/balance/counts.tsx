import { Refusal, Unreachable } from '../api/client.ts'
import { count, entries } from '../format.ts'
import { note, Stat } from '../parts/notes.tsx'
import type { Balance } from './balance.ts'

/** How many entries were sent, and what became of them. */
export function Counts({ balance }: { balance: Balance }) {
  const { tally, lag, pending, dead, settings } = balance
  const mayDie = dead > 0 || settings.maxDeliveries !== undefined
  const { sent, delivered, redelivered, acked, lost } = tally
  return (
    <section class="panel" aria-label="Entries by state">
      <dl class="stats wide counts">
        <Stat name="Sent" value={count(sent)} tone="appended" hint="confirmed by the server" />
        <Stat name="Lag" value={count(lag)} tone="lag" hint="not yet delivered" />
        <Stat
          name="Delivered"
          value={count(delivered)}
          tone="delivered"
          hint={`plus ${count(redelivered)} redelivered`}
        />
        <Stat name="Pending" value={count(pending)} tone="pending" hint="delivered, not acked" />
        <Stat name="Acked" value={count(acked)} tone="acked" hint="done" />
        {mayDie && (
          <Stat
            name="Dead"
            value={count(dead)}
            hint="no longer delivered"
            {...(dead > 0 && { tone: 'danger' })}
          />
        )}
        <Stat name="Lost" value={count(lost)} tone={lost === 0 ? 'good' : 'danger'} hint="sent but missing" />
      </dl>
      <Share sent={sent} parts={{ acked, pending, lag: lag ?? 0, danger: dead }} />
      {dead > 0 && <Redrive balance={balance} />}
    </section>
  )
}

/** Lets dead entries be delivered again. */
function Redrive({ balance }: { balance: Balance }) {
  const redrive = async () => {
    try {
      note(`Redrove ${entries(await balance.redrive())}`)
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      note(error.message)
    }
  }
  return (
    <p class="redrive">
      Dead entries stay in the group until they are redriven or acked.{' '}
      <button type="button" onClick={() => void redrive()}>
        Redrive dead entries
      </button>
    </p>
  )
}

/** The shares of all sent entries, as one bar. */
function Share({ sent, parts }: { sent: number; parts: Readonly<Record<string, number>> }) {
  const all = Math.max(sent, 1)
  return (
    <div class="share" aria-hidden="true">
      {Object.entries(parts).map(([name, value]) => (
        <span
          key={name}
          style={{ width: `${Math.min(100, (value / all) * 100)}%`, background: `var(--${name})` }}
        />
      ))}
    </div>
  )
}
