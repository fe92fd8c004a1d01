import { agree, ask } from '../ask.ts'
import type { EventLoopReport } from '../event-loop.ts'
import { fieldsOf, STREAM_PATH } from '../fill.ts'
import { LeanClient } from '../lean-client.ts'
import { pace } from '../pace.ts'
import { Latencies, PERCENTILES } from '../percentiles.ts'
import { watchProcessors } from '../processors.ts'
import { progress, type Scenario } from '../scenario.ts'
import { startPeer } from '../server.ts'
import { count, ms, printTable } from '../table.ts'

const APPENDS_A_MS = 10
const WARM_UP_MS = 3000
const P99_9 = PERCENTILES.indexOf(99.9)

interface Measurement {
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
export const checkpoints: Scenario = {
  name: 'checkpoints',
  about: '10,000 appends a second, one entry each, with checkpoints and without',
  defaultSeconds: 30,
  async run({ seconds, runs }) {
    const without: Measurement[] = []
    const as: Measurement[] = []
    for (let run = 1; run <= runs; run++) {
      without.push(await measure(`run ${run} of ${runs}, without checkpoints`, 'never', seconds))
      as.push(await measure(`run ${run} of ${runs}, with checkpoints`, 'in time', seconds))
    }
    print(median(without), median(as), runs)
    const all = [...without, ...as]
    const total = all.reduce((sum, { sent }) => sum + sent, 0)
    const kept = all.reduce((sum, measurement) => sum + measurement.kept, 0)
    const length = all.reduce((sum, measurement) => sum + measurement.length, 0)
    const checkpointed = as.every(({ eventLoop }) => eventLoop.checkpointsMs.length > 0)
    return agree(
      'Every append was kept, and each run that was to have checkpoints had some, the others none.',
      { kept, length, checkpointed, never: without.flatMap(({ eventLoop }) => eventLoop.checkpointsMs) },
      { kept: total, length: total, checkpointed: true, never: [] }
    )
  }
}

async function measure(what: string, when: 'never' | 'in time', seconds: number): Promise<Measurement> {
  const weir = await startPeer('weir', when)
  const client = new LeanClient(weir.port)
  try {
    await appendSteadily(client, WARM_UP_MS)
    await ask(client, 'GET', '/load/event-loop')
    const processors = watchProcessors(weir.pid)
    const { latencies, sent, kept } = await appendSteadily(client, seconds * 1000)
    const eventLoop: EventLoopReport = await ask(client, 'GET', '/load/event-loop')
    const used = processors()
    const { length } = await ask(client, 'GET', STREAM_PATH)
    const took = latencies.percentiles()
    progress(`${what}: p99.9 ${ms(took[P99_9] ?? 0)} ms, ${eventLoop.checkpointsMs.length} checkpoints`)
    const measured = length - WARM_UP_MS * APPENDS_A_MS
    return { latencies: took, eventLoop, sent, kept, processors: used, length: measured }
  } finally {
    client.close()
    await weir.stop()
  }
}

async function appendSteadily(client: LeanClient, durationMs: number) {
  const latencies = new Latencies()
  const total = durationMs * APPENDS_A_MS
  let kept = 0
  await pace({ total, perMs: APPENDS_A_MS, startedAt: performance.now() }, async (number, dueAt) => {
    const body = `{"entries":[{"fields":${fieldsOf(number)}}]}`
    const { status } = await client.send('POST', `${STREAM_PATH}/entries`, body)
    if (status === 201) kept++
    latencies.add(performance.now() - dueAt)
  })
  return { latencies, sent: total, kept }
}

/** The measurement with the median of p99.9. */
function median(measurements: Measurement[]): Measurement {
  const sorted = measurements.toSorted((a, b) => (a.latencies[P99_9] ?? 0) - (b.latencies[P99_9] ?? 0))
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('There is nothing to take the median of')
  return middle
}

function print(without: Measurement, as: Measurement, runs: number): void {
  const head = ['ms', ...PERCENTILES.map((p) => (p === 100 ? 'max' : `p${p}`))]
  const ratio = as.latencies.map((took, i) => (took / (without.latencies[i] ?? 0)).toFixed(2))
  printTable(runs === 1 ? checkpoints.about : `${checkpoints.about}; median of ${runs} runs`, head, [
    ['append, without checkpoints', ...without.latencies.map(ms)],
    ['append, with checkpoints', ...as.latencies.map(ms)],
    ['ratio (p99.9: at most 2)', ...ratio],
    ['event-loop delay, without checkpoints', ...without.eventLoop.delays.map(ms)],
    ['event-loop delay, with checkpoints', ...as.eventLoop.delays.map(ms)],
    ['event-loop delay, during checkpoints', ...as.eventLoop.delaysInCheckpoints.map(ms)],
    ['slices of checkpoints (p99: at most 5)', ...as.eventLoop.slices.map(ms)]
  ])
  const { checkpointsMs } = as.eventLoop
  console.log(
    `${checkpointsMs.length} checkpoints, of ${checkpointsMs.map((took) => count(took)).join(', ')} ms`
  )
  console.log(`Without checkpoints ${without.processors}; with checkpoints ${as.processors}`)
}
