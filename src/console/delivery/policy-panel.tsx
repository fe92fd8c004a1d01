import { useState } from 'preact/hooks'
import type { Group } from '../api/answers.ts'
import { addressOf, type GroupRef } from '../routes.ts'
import { clausesOf, NAMES } from './policy.ts'
import { PolicyDialog } from './policy-dialog.tsx'

interface PanelProps {
  readonly target: GroupRef
  readonly info: Group | undefined
  onDone(): void
}

/** The delivery policy of a group, in words. */
export function PolicyPanel({ target, info, onDone }: PanelProps) {
  const [isOpen, setOpen] = useState(false)
  const delivery = info?.delivery ?? null
  return (
    <section class="panel flush" aria-labelledby="policy-title">
      <div class="tools">
        <h2 id="policy-title">Delivery policy</h2>
        <button type="button" disabled={info === undefined} onClick={() => setOpen(true)}>
          {delivery === null ? 'Set a policy…' : 'Change policy…'}
        </button>
      </div>
      {info !== undefined && delivery === null && (
        <p class="quiet-note">
          This group has no delivery policy. Pending entries stay with their consumer until they are acked or
          claimed.
        </p>
      )}
      {delivery !== null && (
        <dl class="policy">
          {clausesOf(delivery).map(({ member, text }) => (
            <div key={member}>
              <dt>{NAMES[member]}</dt>
              <dd>
                {member === 'deadLetterStream' ? (
                  <StreamLink stream={delivery.deadLetterStream ?? ''} />
                ) : (
                  text
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {isOpen && (
        <PolicyDialog target={target} policy={delivery} onDone={onDone} close={() => setOpen(false)} />
      )}
    </section>
  )
}

function StreamLink({ stream }: { stream: string }) {
  return (
    <>
      Dead entries move to <a href={addressOf({ view: 'stream', stream })}>{stream}</a>.
    </>
  )
}
