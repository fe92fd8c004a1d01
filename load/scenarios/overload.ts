import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { LeanClient } from '../lean-client.ts'
import { processMemory } from '../process-memory.ts'
import { secondsOf } from '../processors.ts'
import { progress, type Scenario } from '../scenario.ts'
import { type Server, startWeir } from '../server.ts'
import { count, ms, printTable } from '../table.ts'

const CONNECTIONS = 50
/** Each sends its next request when it got its answer: so there are as many in Weir as there are connections. */
const CROWD = 4000
const FACTOR = 4
const WARM_UP_SECONDS = 10
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
  readonly deliveries: number
}

/** Sends as much as Weir can serve, and then four times as much, while readers wait for what others append. */
export const overload: Scenario = {
  name: 'overload',
  about: `Appends of one entry: as many as Weir can serve, and ${FACTOR} times as many on ${CROWD} connections`,
  defaultSeconds: 10,
  async run({ seconds }) {
    const server = await startWeir()
    try {
      await cannonade(server, CONNECTIONS, WARM_UP_SECONDS)
      const best = await measure(server, CONNECTIONS, seconds)
      progress(`at best ${count(best.answeredPerSecond)} requests/s`)
      const over = await measure(server, CROWD, seconds, FACTOR * best.answeredPerSecond)
      const after = await measure(server, CONNECTIONS, seconds)
      print({ 'as many as it can serve': best, [`${FACTOR} times as many`]: over, 'as before': after }, best)
      const isServed = over.answeredPerSecond >= REACH * best.answeredPerSecond
      return isServed && over.failed === 0 && over.deliveries > 0
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
    deliveryP99: delays.toSorted((a, b) => a - b)[Math.floor(0.99 * delays.length)] ?? Number.NaN,
    deliveries: delays.length
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

function print(measurements: Readonly<Record<string, Measurement>>, best: Measurement): void {
  const head = [
    '',
    'served/s',
    'ratio',
    'a CPU second',
    'ratio',
    'refused/s',
    'failed',
    'p99 ms',
    'delivery p99 ms',
    'peak MiB'
  ]
  const rows = Object.entries(measurements).map(([name, found]) => [
    name,
    count(found.answeredPerSecond),
    (found.answeredPerSecond / best.answeredPerSecond).toFixed(2),
    count(found.answeredPerCpuSecond),
    (found.answeredPerCpuSecond / best.answeredPerCpuSecond).toFixed(2),
    count(found.refusedPerSecond),
    String(found.failed),
    ms(found.p99),
    ms(found.deliveryP99),
    count(found.peakBytes / 1024 ** 2)
  ])
  printTable(overload.about, head, rows)
}
