import { count } from '../format.ts'
import { Stat } from '../parts/notes.tsx'
import type { Balance } from './balance.ts'

/** Where every entry is that was ever sent. */
export function Counts({ balance }: { balance: Balance }) {
  const { ledger, lag, pending } = balance
  const { sent, delivered, redelivered, acked, lost } = ledger
  return (
    <section class="panel" aria-label="Where every entry is">
      <dl class="stats wide counts">
        <Stat name="Sent" value={count(sent)} tone="appended" hint="answered by the server" />
        <Stat name="Lag" value={count(lag)} tone="lag" hint="to be delivered" />
        <Stat
          name="Delivered"
          value={count(delivered)}
          tone="delivered"
          hint={`and ${count(redelivered)} again`}
        />
        <Stat name="Pending" value={count(pending)} tone="pending" hint="delivered, not acked" />
        <Stat name="Acked" value={count(acked)} tone="acked" hint="done" />
        <Stat
          name="Lost"
          value={count(lost)}
          tone={lost === 0 ? 'good' : 'danger'}
          hint="sent, and nowhere"
        />
      </dl>
      <Share sent={sent} parts={{ acked, pending, lag: lag ?? 0 }} />
    </section>
  )
}

/** All that was sent, as one bar. */
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
