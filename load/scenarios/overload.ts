import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { mustAgree } from '../ask.ts'
import { LeanClient } from '../clients/lean-client.ts'
import { processMemory } from '../process-memory.ts'
import { secondsOf } from '../processors.ts'
import { count, ms } from '../results/table.ts'
import { progress, type Scenario } from '../scenario.ts'
import { type Server, startWeir } from '../server.ts'

const CONNECTIONS = 50
/** Each sends its next request when it got its answer: so there are as many in Weir as there are connections. */
const CROWD = 4000
const FACTOR = 4
const PATH = '/v1/streams/orders/entries'
const BODY = JSON.stringify({ entries: [{ fields: { item: 'book', padding: 'x'.repeat(100) } }] })
const LOOK_MS = 200
/** What of its best throughput Weir must still reach. */
const REACH = 0.9

interface Measurement {
  readonly answeredPerSecond: number
  /** What a busy machine cannot hide: answers for a second of the server's processor time. */
  readonly answeredPerCpuSecond: number
  readonly refusedPerSecond: number
  /** Requests that got no answer at all. */
  readonly failed: number
  readonly p99: number
  readonly peakBytes: number
  /** From the append of an entry to its delivery to a reader that waits, while all this goes on. */
  readonly deliveryP99: number
}

/** Sends as much as Weir can serve, and then four times as much, while readers wait for what others append. */
export const overload: Scenario = {
  name: 'overload',
  about: `Appends of one entry: as many as Weir can serve, and ${FACTOR} times as many on ${CROWD} connections`,
  defaultSeconds: 10,
  contenders: ['weir'],
  rows: {
    served: {
      question: `appends served a second, of ${FACTOR} times as many as can be`,
      show: count,
      against: 'baseline',
      ratio: { atLeast: REACH }
    },
    servedPerCpu: {
      question: 'the same for a second of its processor time',
      show: count,
      against: 'baseline'
    },
    memory: { question: 'resident memory then, at its peak, MiB', show: count, against: 'baseline' },
    delivery: { question: 'from append to a reader that waits then, p99, ms', show: ms, against: 'baseline' }
  },
  async measure({ seconds, warmUpSeconds, weir }) {
    const server = await startWeir(weir)
    try {
      await cannonade(server, CONNECTIONS, Math.ceil(warmUpSeconds))
      const best = await measure(server, CONNECTIONS, seconds)
      progress(`overload: at best ${count(best.answeredPerSecond)} requests/s`)
      const over = await measure(server, CROWD, seconds, FACTOR * best.answeredPerSecond)
      mustAgree('every request got an answer.', { failed: over.failed }, { failed: 0 })
      return {
        figures: {
          served: { weir: over.answeredPerSecond, baseline: best.answeredPerSecond },
          servedPerCpu: { weir: over.answeredPerCpuSecond, baseline: best.answeredPerCpuSecond },
          memory: { weir: over.peakBytes / 1024 ** 2, baseline: best.peakBytes / 1024 ** 2 },
          // A short run may see none.
          delivery: Number.isNaN(over.deliveryP99)
            ? {}
            : { weir: over.deliveryP99, baseline: best.deliveryP99 }
        },
        notes: [
          `overload: ${count(over.refusedPerSecond)} requests a second were refused; the others' p99 was ${ms(over.p99)} ms`
        ]
      }
    } finally {
      await server.stop()
    }
  }
}

async function measure(
  server: Server,
  connections: number,
  seconds: number,
  rate?: number
): Promise<Measurement> {
  let isOver = false
  const probing = probe(server, () => isOver)
  const watching = peakMemory(server, () => isOver)
  const usedBefore = secondsOf(server.pid)
  const result = await cannonade(server, connections, seconds, rate)
  const used = secondsOf(server.pid) - usedBefore
  isOver = true
  const [delays, peakBytes] = await Promise.all([probing, watching])
  return {
    answeredPerSecond: result['2xx'] / result.duration,
    answeredPerCpuSecond: result['2xx'] / used,
    refusedPerSecond: result.non2xx / result.duration,
    failed: result.errors + result.timeouts,
    p99: result.latency.p99,
    peakBytes,
    deliveryP99: delays.toSorted((a, b) => a - b)[Math.floor(0.99 * delays.length)] ?? Number.NaN
  }
}

function cannonade({ port }: Server, connections: number, duration: number, rate?: number) {
  return autocannon({
    url: `http://127.0.0.1:${port}${PATH}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: BODY,
    connections,
    duration,
    timeout: 60,
    ...(rate !== undefined && { overallRate: Math.round(rate) })
  })
}

/**
 * How long after their appends were answered entries of another stream come to the reader that waits for them, one after
 * the other, in milliseconds.
 */
async function probe({ port }: Server, isOver: () => boolean): Promise<number[]> {
  const client = new LeanClient(port)
  const group = '/v1/streams/probe/groups/probe'
  const read = JSON.stringify({ consumer: 'ann', waitMs: 60_000, noAck: true })
  const insist = async (method: string, path: string, body: string): Promise<number> => {
    while ((await client.send(method, path, body)).status >= 300) await sleep(1)
    return performance.now()
  }
  const delays: number[] = []
  await insist('PUT', group, '{"createStream":true}')
  while (!isOver()) {
    const delivery = insist('POST', `${group}/read`, read)
    await sleep(LOOK_MS)
    const answeredAt = await insist('POST', '/v1/streams/probe/entries', BODY)
    delays.push(Math.max(0, (await delivery) - answeredAt))
  }
  client.close()
  return delays
}

async function peakMemory({ pid }: Server, isOver: () => boolean): Promise<number> {
  let peak = 0
  while (!isOver()) {
    peak = Math.max(peak, (await processMemory(pid)).resident)
    await sleep(LOOK_MS)
  }
  return peak
}
