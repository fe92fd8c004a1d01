import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { LeanClient } from '../clients/lean-client.ts'
import type { Contender } from '../contender.ts'
import { processMemory } from '../process-memory.ts'
import { secondsOf, watchProcessors } from '../processor-time.ts'
import { mustAgree } from '../request.ts'
import { count, ms } from '../results/table.ts'
import { type Figures, progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { type Server, startContender } from '../server.ts'

const CONNECTIONS = 50
/** Each sends its next request when it got its answer: so there are as many in Weir as there are connections. */
const CROWD = 4000
const FACTOR = 4
const PATH = '/v1/streams/orders/entries'
const BODY = JSON.stringify({ entries: [{ fields: { item: 'book', padding: 'x'.repeat(100) } }] })
const LOOK_MS = 200
/** What of its best throughput Weir must still reach. */
const REACH = 0.9
/** What of the floor's own share of its best. */
const REACH_OF_FLOOR = 0.95

/**
 * Sends as much as can be served, and then four times as much, while readers wait for what others append. So many
 * connections cost Node and Fastify something whatever stands behind them: that is what the floor is for.
 */
export const overload: Scenario = {
  name: 'overload',
  about: `Appends of one entry: as many as can be served, and ${FACTOR} times as many on ${CROWD} connections`,
  defaultSeconds: 10,
  contenders: ['weir', 'floor'],
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
    share: {
      question: 'appends served then as a share of the best, beside Fastify without work',
      show: (share) => share.toFixed(2),
      against: 'floor',
      ratio: { atLeast: REACH_OF_FLOOR }
    },
    memory: { question: 'resident memory then, at its peak, MiB', show: count, against: 'baseline' },
    delivery: { question: 'from append to a reader that waits then, p99, ms', show: ms, against: 'baseline' }
  },
  async measure(options) {
    const figures: Record<string, Figures> = {}
    const share: Figures = {}
    const notes: string[] = []
    for (const contender of options.contenders) {
      const { best, over, note } = await measure(contender, options)
      share[contender] = over.answeredPerSecond / best.answeredPerSecond
      notes.push(note)
      if (contender !== 'weir') continue
      const pair = (figure: (found: Found) => number) => ({ weir: figure(over), baseline: figure(best) })
      figures['served'] = pair((found) => found.answeredPerSecond)
      figures['servedPerCpu'] = pair((found) => found.answeredPerCpuSecond)
      figures['memory'] = pair((found) => found.peakBytes / 1024 ** 2)
      // A short run may see none.
      if (!Number.isNaN(over.deliveryP99)) figures['delivery'] = pair((found) => found.deliveryP99)
    }
    return { figures: { ...figures, share }, notes }
  }
}

interface Found {
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

async function measure(contender: Contender, { seconds, warmUpSeconds, weir }: ScenarioOptions) {
  const server = await startContender(contender, weir)
  try {
    await cannonade(server, CONNECTIONS, Math.ceil(warmUpSeconds))
    const best = await look(contender, server, CONNECTIONS, seconds)
    progress(`${contender}: at best ${count(best.answeredPerSecond)} requests/s`)
    const processors = watchProcessors(server.pids)
    const over = await look(contender, server, CROWD, seconds, FACTOR * best.answeredPerSecond)
    mustAgree('every request got an answer.', { failed: over.failed }, { failed: 0 })
    const refused = `${count(over.refusedPerSecond)} requests a second were refused`
    const note = `${contender}, overloaded: ${refused}; the others' p99 was ${ms(over.p99)} ms; ${processors()}`
    return { best, over, note }
  } finally {
    await server.stop()
  }
}

async function look(
  contender: Contender,
  server: Server,
  connections: number,
  seconds: number,
  rate?: number
): Promise<Found> {
  let isOver = false
  // The floor lets nobody wait.
  const probing = contender === 'weir' ? probe(server, () => isOver) : []
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
