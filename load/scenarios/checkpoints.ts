import { LeanClient } from '../clients/lean-client.ts'
import type { EventLoopReport } from '../event-loop.ts'
import { appendBody, STREAM_PATH } from '../orders.ts'
import { MAX_BEHIND_SECONDS, pace } from '../pace.ts'
import { Latencies, PERCENTILES } from '../percentiles.ts'
import { watchProcessors } from '../processor-time.ts'
import { requestJson } from '../request-json.ts'
import { count, ms } from '../results/table.ts'
import { progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { Schedule } from '../schedule.ts'
import { startWatchedWeir } from '../server.ts'
import type { Setting } from '../setting.ts'
import { verify } from '../verify.ts'

/** Every run of this length has a checkpoint. Weir starts one at most 10 seconds after a change. */
const SECONDS_WITH_CHECKPOINT = 15
const P99 = PERCENTILES.indexOf(99)
const P99_9 = PERCENTILES.indexOf(99.9)
const MAX = PERCENTILES.indexOf(100)

interface Measured {
  /** Percentiles of the latency, from when an append was due. */
  readonly latencies: number[]
  readonly eventLoop: EventLoopReport
  readonly sent: number
  readonly stored: number
  readonly processors: string
  /** How many entries the stream has at the end, without those of the warm-up. */
  readonly length: number
}

/** Measures steady appends, first to a Weir that runs no checkpoints, then to a normal one. */
export function checkpoints({ rate }: Setting): Scenario {
  return {
    name: 'checkpoints',
    about: `${count(rate)} appends a second, one entry each, with checkpoints and without`,
    defaultSeconds: 30,
    contenders: ['weir'],
    embeddedOnly: true,
    rows: {
      p99_9: {
        question: `append at ${count(rate)} a second with checkpoints, compared with none: p99.9, ms`,
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
      const normal = await measure('in time', rate, options)
      check(without, normal, rate)
      const { delays, delaysInCheckpoints, slices, checkpointsMs } = normal.eventLoop
      // A short run has no checkpoints.
      const inCheckpoints = (percentiles: number[], index = P99) =>
        checkpointsMs.length === 0 ? {} : { weir: percentiles[index] ?? Number.NaN }
      return {
        figures: {
          p99_9: { weir: normal.latencies[P99_9] ?? 0, baseline: without.latencies[P99_9] ?? 0 },
          delay: { weir: delays[P99] ?? 0, baseline: without.eventLoop.delays[P99] ?? 0 },
          delayMax: { weir: delays[MAX] ?? 0, baseline: without.eventLoop.delays[MAX] ?? 0 },
          delayDuring: inCheckpoints(delaysInCheckpoints),
          delayDuringMax: inCheckpoints(delaysInCheckpoints, MAX),
          slices: inCheckpoints(slices)
        },
        notes: [
          `checkpoints: ${checkpointsMs.length} checkpoints took ${checkpointsMs.map((took) => count(took)).join(', ')} ms`,
          `checkpoints: without them ${without.processors}`,
          `checkpoints: with them ${normal.processors}`
        ]
      }
    }
  }
}

function check(without: Measured, normal: Measured, rate: number): void {
  const { sent, stored, length, eventLoop } = normal
  const isLongEnough = sent >= SECONDS_WITH_CHECKPOINT * rate
  const checkpointed = eventLoop.checkpointsMs.length > 0 || !isLongEnough
  verify(
    'every append was stored, and checkpoints ran only when they should.',
    {
      stored: without.stored + stored,
      length: without.length + length,
      checkpointed,
      never: without.eventLoop.checkpointsMs
    },
    { stored: without.sent + sent, length: without.sent + sent, checkpointed: true, never: [] }
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
    await requestJson(client, 'GET', '/load/event-loop')
    const processors = watchProcessors([weir.pid])
    const { latencies, sent, stored } = await appendSteadily(client, rate, seconds)
    const eventLoop: EventLoopReport = await requestJson(client, 'GET', '/load/event-loop')
    const used = processors()
    const { length } = await requestJson(client, 'GET', STREAM_PATH)
    const took = latencies.percentiles()
    progress(
      `checkpoints ${when}: p99.9 ${ms(took[P99_9] ?? 0)} ms, ${eventLoop.checkpointsMs.length} checkpoints`
    )
    return { latencies: took, eventLoop, sent, stored, processors: used, length: length - warmUp.sent }
  } finally {
    client.close()
    await weir.stop()
  }
}

async function appendSteadily(client: LeanClient, rate: number, seconds: number) {
  const latencies = new Latencies()
  let stored = 0
  const options = {
    schedule: new Schedule([{ perSecond: rate, seconds }]),
    startedAt: performance.now(),
    maxUnanswered: MAX_BEHIND_SECONDS * rate
  }
  const sent = await pace(options, async (number, dueAt) => {
    const { status } = await client.send('POST', `${STREAM_PATH}/entries`, appendBody(number, 1))
    if (status === 201) stored++
    latencies.add(performance.now() - dueAt)
  })
  return { latencies, sent, stored }
}
