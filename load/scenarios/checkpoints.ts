import { LeanClient } from '../clients/lean-client.ts'
import type { EventLoopReport } from '../event-loop.ts'
import { appendBody, STREAM_PATH } from '../orders.ts'
import { MOST_BEHIND_SECONDS, pace } from '../pace.ts'
import { Latencies, PERCENTILES } from '../percentiles.ts'
import { watchProcessors } from '../processor-time.ts'
import { ask, mustAgree } from '../request.ts'
import { count, ms } from '../results/table.ts'
import { progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { Schedule } from '../schedule.ts'
import { startWatchedWeir } from '../server.ts'
import type { Setting } from '../setting.ts'

/** A checkpoint comes 10 seconds after a change at the latest. */
const ONE_COMES_WITHIN_SECONDS = 15
const P99 = PERCENTILES.indexOf(99)
const P99_9 = PERCENTILES.indexOf(99.9)
const MOST = PERCENTILES.indexOf(100)

interface Measured {
  /** Percentiles, from when the append was due. */
  readonly latencies: number[]
  readonly eventLoop: EventLoopReport
  readonly sent: number
  readonly kept: number
  readonly processors: string
  /** How many entries the stream has in the end. */
  readonly length: number
}

/** Steady appends, to a Weir as it is and to one whose checkpoints never come due, in turn. */
export function checkpoints({ rate }: Setting): Scenario {
  return {
    name: 'checkpoints',
    about: `${count(rate)} appends a second, one entry each, with checkpoints and without`,
    defaultSeconds: 30,
    contenders: ['weir'],
    embeddedOnly: true,
    rows: {
      p99_9: {
        question: `append at ${count(rate)} a second with checkpoints, against one without: p99.9, ms`,
        show: ms,
        against: 'baseline',
        ratio: { atMost: 2 }
      },
      delay: { question: 'event-loop delay, p99, ms', show: ms, against: 'baseline' },
      delayMax: { question: 'event-loop delay, max, ms', show: ms, against: 'baseline' },
      delayDuring: { question: 'event-loop delay during checkpoints, p99, ms', show: ms },
      delayDuringMax: { question: 'event-loop delay during checkpoints, max, ms', show: ms },
      slices: { question: 'slices of checkpoints, p99, ms', show: ms, value: { atMost: 5 } }
    },
    async measure(options) {
      const without = await measure('never', rate, options)
      const as = await measure('in time', rate, options)
      check(without, as, rate)
      const { delays, delaysInCheckpoints, slices, checkpointsMs } = as.eventLoop
      // A short run has none.
      const inCheckpoints = (percentiles: number[], of = P99) =>
        checkpointsMs.length === 0 ? {} : { weir: percentiles[of] ?? Number.NaN }
      return {
        figures: {
          p99_9: { weir: as.latencies[P99_9] ?? 0, baseline: without.latencies[P99_9] ?? 0 },
          delay: { weir: delays[P99] ?? 0, baseline: without.eventLoop.delays[P99] ?? 0 },
          delayMax: { weir: delays[MOST] ?? 0, baseline: without.eventLoop.delays[MOST] ?? 0 },
          delayDuring: inCheckpoints(delaysInCheckpoints),
          delayDuringMax: inCheckpoints(delaysInCheckpoints, MOST),
          slices: inCheckpoints(slices)
        },
        notes: [
          `checkpoints: ${checkpointsMs.length} of them, of ${checkpointsMs.map((took) => count(took)).join(', ')} ms`,
          `checkpoints: without them ${without.processors}`,
          `checkpoints: with them ${as.processors}`
        ]
      }
    }
  }
}

function check(without: Measured, as: Measured, rate: number): void {
  const { sent, kept, length, eventLoop } = as
  const isLongEnough = sent >= ONE_COMES_WITHIN_SECONDS * rate
  const checkpointed = eventLoop.checkpointsMs.length > 0 || !isLongEnough
  mustAgree(
    'every append was kept, and the Weir that was to have checkpoints had some, the other one none.',
    {
      kept: without.kept + kept,
      length: without.length + length,
      checkpointed,
      never: without.eventLoop.checkpointsMs
    },
    { kept: without.sent + sent, length: without.sent + sent, checkpointed: true, never: [] }
  )
}

async function measure(
  when: 'never' | 'in time',
  rate: number,
  { seconds, warmUpSeconds, weir: options }: ScenarioOptions
): Promise<Measured> {
  const weir = await startWatchedWeir(when, options)
  const client = new LeanClient(weir.port)
  try {
    const warmUp = await appendSteadily(client, rate, warmUpSeconds)
    await ask(client, 'GET', '/load/event-loop')
    const processors = watchProcessors([weir.pid])
    const { latencies, sent, kept } = await appendSteadily(client, rate, seconds)
    const eventLoop: EventLoopReport = await ask(client, 'GET', '/load/event-loop')
    const used = processors()
    const { length } = await ask(client, 'GET', STREAM_PATH)
    const took = latencies.percentiles()
    progress(
      `checkpoints ${when}: p99.9 ${ms(took[P99_9] ?? 0)} ms, ${eventLoop.checkpointsMs.length} checkpoints`
    )
    return { latencies: took, eventLoop, sent, kept, processors: used, length: length - warmUp.sent }
  } finally {
    client.close()
    await weir.stop()
  }
}

async function appendSteadily(client: LeanClient, rate: number, seconds: number) {
  const latencies = new Latencies()
  let kept = 0
  const asked = {
    schedule: new Schedule([{ perSecond: rate, seconds }]),
    startedAt: performance.now(),
    mostUnanswered: MOST_BEHIND_SECONDS * rate
  }
  const sent = await pace(asked, async (number, dueAt) => {
    const { status } = await client.send('POST', `${STREAM_PATH}/entries`, appendBody(number, 1))
    if (status === 201) kept++
    latencies.add(performance.now() - dueAt)
  })
  return { latencies, sent, kept }
}
