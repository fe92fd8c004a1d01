import { httpFlow } from '../flows/http-flow.ts'
import { mustBeDone } from '../flows/throughput.ts'
import { pacedLoad } from '../paced-load.ts'
import { secondsOf } from '../processor-time.ts'
import { mustAgree } from '../request.ts'
import { Schedule } from '../schedule.ts'
import type { RunningSide } from './side.ts'
import type { Turn } from './turns.ts'

export interface WorkloadOptions {
  /** How long a turn takes. */
  readonly seconds: number
  /** Appends a second of a steady load. */
  readonly rate: number
  /** Of a closed loop. */
  readonly connections: number
}

/** Gives a side one turn. Rejects when something was refused, lost or doubled. */
export type Workload = (side: RunningSide) => Promise<Turn>

export const WORKLOADS: Readonly<Record<string, (options: WorkloadOptions) => Workload>> = {
  appends: ({ seconds, connections }) =>
    closedLoop(seconds, (side, isOver) => appends(side, connections, isOver)),
  batches: ({ seconds }) => closedLoop(seconds, batches),
  paced
}

const PROCESSOR = 'processor, µs'
/** Between two looks at the clock. */
const BATCHES = { batches: 40, batch: 100 }

/** `run` works until `isOver` returns true, and returns the number of its operations. */
function closedLoop(
  seconds: number,
  run: (side: RunningSide, isOver: () => boolean) => Promise<number>
): Workload {
  return async (side) => {
    const usedBefore = secondsOf(side.pid)
    const startedAt = performance.now()
    const isOver = () => performance.now() - startedAt >= seconds * 1000
    const operations = await run(side, isOver)
    const took = (performance.now() - startedAt) / 1000
    const used = secondsOf(side.pid) - usedBefore
    return { [PROCESSOR]: (used / operations) * 1e6, 'a second': operations / took }
  }
}

/** Appends of one entry, on so many connections, each sending when it got its answer. */
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

/** Entries through append, read and ack in hundreds. */
async function batches({ client }: RunningSide, isOver: () => boolean): Promise<number> {
  const flow = httpFlow(client)
  let acked = 0
  while (!isOver()) {
    const done = await flow.run(BATCHES)
    mustBeDone(BATCHES, done)
    acked += done.acked
  }
  return acked
}

/** A steady load, whose latencies run from when an append was due until a consumer had its entry. */
function paced({ seconds, rate }: WorkloadOptions): Workload {
  return async (side) => {
    const schedule = new Schedule([{ perSecond: rate, seconds }])
    const { client, pid, appended } = side
    const load = await pacedLoad(client, { schedule, warmUpMs: 0, pids: [pid], before: appended })
    side.appended += load.sent
    mustAgree('all was sent in time.', { sent: load.sent }, { sent: schedule.total })
    const [p50 = 0, p99 = 0, p99_9 = 0, max = 0] = load.latencies.percentiles()
    return {
      [PROCESSOR]: load.processorUs,
      'p50, ms': p50,
      'p99, ms': p99,
      'p99.9, ms': p99_9,
      'longest, ms': max
    }
  }
}
