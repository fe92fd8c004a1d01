import { httpFlow } from '../flows/http-flow.ts'
import { mustBeDone } from '../flows/throughput.ts'
import { pacedLoad } from '../paced-load.ts'
import { secondsOfAll } from '../processor-time.ts'
import { Schedule } from '../schedule.ts'
import { verify } from '../verify.ts'
import type { RunningSide } from './side.ts'
import type { Turn } from './turns.ts'

export interface WorkloadOptions {
  /** The duration of a turn. */
  readonly seconds: number
  /** Appends a second in "paced". */
  readonly rate: number
  /** The number of connections in "appends". */
  readonly connections: number
}

/** Runs one turn of a side. Rejects if an entry was refused, lost or delivered twice. */
export type Workload = (side: RunningSide) => Promise<Turn>

export const WORKLOADS: Readonly<Record<string, (options: WorkloadOptions) => Workload>> = {
  appends: ({ seconds, connections }) =>
    closedLoop(seconds, (side, isOver) => appends(side, connections, isOver)),
  batches,
  paced
}

/** The names of the figures of more than one workload. */
export const PROCESSOR = 'processor, µs'
export const PER_SECOND = 'a second'
/** The work between two checks of the time. */
const BATCHES = { batches: 40, batch: 100 }

/** Measures `run`, which works until `isOver` returns true and then returns the number of its operations. */
function closedLoop(
  seconds: number,
  run: (side: RunningSide, isOver: () => boolean) => Promise<number>
): Workload {
  return async (side) => {
    const usedBefore = secondsOfAll(side.pids)
    const startedAt = performance.now()
    const isOver = () => performance.now() - startedAt >= seconds * 1000
    const operations = await run(side, isOver)
    const took = (performance.now() - startedAt) / 1000
    const used = secondsOfAll(side.pids) - usedBefore
    return { [PROCESSOR]: (used / operations) * 1e6, [PER_SECOND]: operations / took }
  }
}

/** Appends single entries. Each connection sends the next request when the previous one is answered. */
async function appends({ client }: RunningSide, connections: number, isOver: () => boolean): Promise<number> {
  let operations = 0
  const work = async (): Promise<void> => {
    while (!isOver()) {
      await client.append(operations, 1)
      operations++
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  return operations
}

/** Appends, reads and acks entries in batches of 100. */
export function batches({ seconds }: Pick<WorkloadOptions, 'seconds'>): Workload {
  return closedLoop(seconds, flows)
}

async function flows({ client }: RunningSide, isOver: () => boolean): Promise<number> {
  const flow = httpFlow(client)
  let acked = 0
  while (!isOver()) {
    const done = await flow.run(BATCHES)
    mustBeDone(BATCHES, done)
    acked += done.acked
  }
  return acked
}

/** A steady load. Latencies are measured from when an append was due until a consumer had its entry. */
export function paced({ seconds, rate }: Pick<WorkloadOptions, 'seconds' | 'rate'>): Workload {
  return async (side) => {
    const schedule = new Schedule([{ perSecond: rate, seconds }])
    const { client, pids, appended } = side
    const load = await pacedLoad(client, { schedule, warmUpMs: 0, pids, before: appended })
    side.appended += load.sent
    verify('every append was sent in time.', { sent: load.sent }, { sent: schedule.total })
    const [p50 = 0, p99 = 0, p99_9 = 0, max = 0] = load.latencies.percentiles()
    return {
      [PROCESSOR]: load.processorUs,
      'p50, ms': p50,
      'p99, ms': p99,
      'p99.9, ms': p99_9,
      'max, ms': max
    }
  }
}
