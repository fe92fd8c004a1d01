import { useEffect, useState } from 'preact/hooks'
import { count, counted, duration } from '../../console/format.ts'
import { Code, Coloured, pretty } from '../parts/code.tsx'
import { type Exchange, type Head, KEPT_EVENTS } from '../try/send.ts'
import { ProblemSummary } from './problem-summary.tsx'

/** What came of a request: its wait, its answer, or its events as they arrive. */
export function AnswerView({ exchange }: { exchange: Exchange }) {
  const { state, head, body, events, eventCount, failure, lastedMs } = exchange
  const isProblem = head?.type === 'application/problem+json'
  return (
    <div class="answer" aria-live="off">
      <p class="unseen" role="status">
        {announcement(exchange)}
      </p>
      {state === 'waiting' && head === undefined && <Waiting exchange={exchange} />}
      {state === 'stopped' && head === undefined && (
        <p>Stopped after {duration(lastedMs)}. The request was aborted.</p>
      )}
      {state === 'failed' && (
        <p class="failure">
          No answer after {duration(lastedMs)}: {failure}. The action may have taken effect anyway.
        </p>
      )}
      {head !== undefined && <HeadView head={head} />}
      {isProblem && body !== undefined && <ProblemSummary body={body} />}
      {head?.type === 'text/event-stream' && (
        <p class="events-state">
          {state === 'streaming' ? 'Open: ' : state === 'stopped' ? 'Stopped: ' : 'Ended: '}
          {counted(eventCount, 'event')}
          {eventCount > KEPT_EVENTS && `, showing the latest ${count(KEPT_EVENTS)}`}
        </p>
      )}
      {events.length > 0 && <Events exchange={exchange} />}
      {body !== undefined && body !== '' && <Code code={pretty(body)} label="The body of the response" />}
    </div>
  )
}

function announcement({ state, head, lastedMs, failure, request }: Exchange): string {
  if (state === 'waiting') return request.waitMs > 0 ? 'Waiting for the answer' : 'Sending the request'
  if (state === 'streaming') return 'The event stream is open'
  if (state === 'stopped') return `Stopped after ${duration(lastedMs)}`
  if (state === 'failed') return `No answer: ${failure}`
  return `Answered with status ${head?.status}`
}

/** How long the request has been waiting, and how long it may. */
function Waiting({ exchange: { startedAt, request } }: { exchange: Exchange }) {
  const [now, setNow] = useState(performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100)
    return () => clearInterval(timer)
  }, [])
  const waited = Math.max(0, now - startedAt)
  const { waitMs } = request
  return (
    <div class="waiting">
      <p role="timer">
        Waiting {seconds(waited)}
        {waitMs > 0 && ` of up to ${duration(waitMs)}`}
      </p>
      {waitMs > 0 && <progress aria-label="Time waited" max={waitMs} value={Math.min(waited, waitMs)} />}
    </div>
  )
}

/** In steps of a tenth of a second. */
function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function HeadView({ head }: { head: Head }) {
  const { status, statusText, isOk, headers, tookMs } = head
  return (
    <>
      <p class="answer-line">
        <span class="status" data-tone={isOk ? 'good' : 'danger'}>
          {status} {statusText}
        </span>{' '}
        <span class="soft">after {duration(tookMs)}</span>
      </p>
      <dl class="headers">
        {headers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** The latest events first, so that a new one is visible at once. */
function Events({ exchange: { events } }: { exchange: Exchange }) {
  return (
    <ol class="events" aria-label="Events">
      {[...events].reverse().map(({ number, name, data }) => (
        <li key={number} data-name={name}>
          <span class="soft">{count(number)}</span>
          <code>
            {name !== 'message' && <b>{name} </b>}
            <Coloured code={data} />
          </code>
        </li>
      ))}
    </ol>
  )
}
