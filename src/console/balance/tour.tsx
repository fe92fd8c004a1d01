import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, Unreachable } from '../api/client.ts'
import { note } from '../parts/notes.tsx'
import type { Balance } from './balance.ts'
import type { Step } from './tour-steps.ts'

interface TourProps {
  readonly balance: Balance
  readonly steps: readonly Step[]
  onLeave(): void
}

/** The text and the buttons of a tour. The rest of the view shows what happens. */
export function Tour({ balance, steps, onLeave }: TourProps) {
  const [index, setIndex] = useState(0)
  const [state, setState] = useState<'before' | 'acting' | 'after'>('before')
  const title = useRef<HTMLHeadingElement>(null)
  const step = steps[index]
  const isDone = step?.isDone(balance) === true
  useEffect(() => {
    if (state === 'acting' && isDone) setState('after')
  }, [state, isDone])
  useEffect(() => title.current?.focus(), [index])
  if (step === undefined) return null
  const act = async () => {
    setState('acting')
    try {
      await step.act(balance)
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      note(error.message)
      setState('before')
    }
  }
  const next = () => {
    setIndex(index + 1)
    setState('before')
  }
  const isLast = index === steps.length - 1
  return (
    <section class="panel tour" aria-labelledby="tour-title">
      <p class="tour-progress">
        Step {index + 1} of {steps.length}
        <span aria-hidden="true">
          {steps.map(({ title: of }, i) => (
            <i key={of} data-done={i < index || (i === index && state === 'after')} data-here={i === index} />
          ))}
        </span>
      </p>
      <h2 id="tour-title" ref={title} tabIndex={-1}>
        {step.title}
      </h2>
      <p>{step.before}</p>
      <p class="tour-after" role="status">
        {state === 'after' ? step.after : ''}
      </p>
      <div class="actions">
        {state === 'after' ? (
          <button type="button" class="primary" onClick={isLast ? onLeave : next}>
            {isLast ? 'Explore on your own' : 'Next step'}
          </button>
        ) : (
          <button type="button" class="primary" disabled={state === 'acting'} onClick={() => void act()}>
            {step.action}
          </button>
        )}
        <button type="button" class="quiet" onClick={onLeave}>
          Exit the tour
        </button>
      </div>
    </section>
  )
}
