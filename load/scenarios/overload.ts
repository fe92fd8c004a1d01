import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { LeanClient } from '../clients/lean-client.ts'
import type { Contender } from '../contender.ts'
import { processMemory } from '../process-memory.ts'
import { secondsOf, watchProcessors } from '../processor-time.ts'
import { count, ms } from '../results/table.ts'
import { type Figures, progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { type Server, startContender } from '../server.ts'
import { verify } from '../verify.ts'

const CONNECTIONS = 50
/** Each connection sends its next request when the previous one is answered. So each has one request in Weir. */
const OVERLOAD_CONNECTIONS = 4000
const FACTOR = 4
const PATH = '/v1/streams/orders/entries'
const BODY = JSON.stringify({ entries: [{ fields: { item: 'book', padding: 'x'.repeat(100) } }] })
const POLL_MS = 200
/** The fraction of its maximum throughput that Weir must reach under overload. */
const MIN_SHARE = 0.9
/** The fraction of the floor's own such share. */
const MIN_SHARE_OF_FLOOR = 0.95

/**
 * Sends as many appends as the server can serve, and then four times as many. At the same time, a reader waits for
 * entries of another stream. So many connections cost Node and Fastify something, whatever the handlers do: the floor
 * shows how much.
 */
export const overload: Scenario = {
  name: 'overload',
  about: `appends of one entry at the maximum, and at ${FACTOR} times that on ${OVERLOAD_CONNECTIONS} connections`,
  defaultSeconds: 10,
  contenders: ['weir', 'floor'],
  rows: {
    served: {
      question: `appends served a second at ${FACTOR} times the maximum load`,
      show: count,
      against: 'baseline',
      ratio: { atLeast: MIN_SHARE }
    },
    servedPerCpu: {
      question: 'the same per second of processor time',
      show: count,
      against: 'baseline'
    },
    share: {
      question: 'the same as a fraction of the maximum, compared with the floor',
      show: (share) => share.toFixed(2),
      against: 'floor',
      ratio: { atLeast: MIN_SHARE_OF_FLOOR }
    },
    memory: { question: 'peak resident memory meanwhile, MiB', show: count, against: 'baseline' },
    delivery: {
      question: 'append to delivery to a waiting reader meanwhile, p99, ms',
      show: ms,
      against: 'baseline'
    }
  },
  async measure(options) {
    const figures: Record<string, Figures> = {}
    const share: Figures = {}
    const notes: string[] = []
    for (const contender of options.contenders) {
      const { maximum, overload, note } = await measure(contender, options)
      share[contender] = overload.answeredPerSecond / maximum.answeredPerSecond
      notes.push(note)
      if (contender !== 'weir') continue
      const pair = (figureOf: (measured: Measured) => number) => ({
        weir: figureOf(overload),
        baseline: figureOf(maximum)
      })
      figures['served'] = pair(({ answeredPerSecond }) => answeredPerSecond)
      figures['servedPerCpu'] = pair(({ answeredPerCpuSecond }) => answeredPerCpuSecond)
      figures['memory'] = pair(({ peakBytes }) => peakBytes / 1024 ** 2)
      // A short run may have no delivery.
      if (!Number.isNaN(overload.deliveryP99)) figures['delivery'] = pair(({ deliveryP99 }) => deliveryP99)
    }
    return { figures: { ...figures, share }, notes }
  }
}

interface Measured {
  readonly answeredPerSecond: number
  /** Answers per second of the server's processor time, which other work on the machine hardly affects. */
  readonly answeredPerCpuSecond: number
  readonly refusedPerSecond: number
  /** The number of requests that got no answer. */
  readonly failed: number
  readonly p99: number
  readonly peakBytes: number
  /** The time from an append to another stream until a waiting reader has its entry. NaN if there was none. */
  readonly deliveryP99: number
}

async function measure(contender: Contender, { seconds, warmUpSeconds, weir }: ScenarioOptions) {
  const server = await startContender(contender, weir)
  try {
    await runAutocannon(server, CONNECTIONS, Math.ceil(warmUpSeconds))
    const maximum = await measureLoad(contender, server, CONNECTIONS, seconds)
    progress(`${contender}: at most ${count(maximum.answeredPerSecond)} requests/s`)
    const processors = watchProcessors(server.pids)
    const rate = FACTOR * maximum.answeredPerSecond
    const overload = await measureLoad(contender, server, OVERLOAD_CONNECTIONS, seconds, rate)
    verify('every request got an answer.', { failed: overload.failed }, { failed: 0 })
    const refused = `${count(overload.refusedPerSecond)} requests a second were refused`
    const note = `${contender}, overloaded: ${refused}; the others' p99 was ${ms(overload.p99)} ms; ${processors()}`
    return { maximum, overload, note }
  } finally {
    await server.stop()
  }
}

async function measureLoad(
  contender: Contender,
  server: Server,
  connections: number,
  seconds: number,
  rate?: number
): Promise<Measured> {
  let isOver = false
  // On the floor, reads do not wait.
  const deliveries = contender === 'weir' ? measureDeliveries(server, () => isOver) : []
  const peak = peakMemory(server, () => isOver)
  const usedBefore = secondsOf(server.pid)
  const result = await runAutocannon(server, connections, seconds, rate)
  const used = secondsOf(server.pid) - usedBefore
  isOver = true
  const [delays, peakBytes] = await Promise.all([deliveries, peak])
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

function runAutocannon({ port }: Server, connections: number, duration: number, rate?: number) {
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
 * Appends entries to another stream, one at a time, each with a reader that waits for it. Returns the times from the
 * answer to each append until its delivery, in milliseconds.
 */
async function measureDeliveries({ port }: Server, isOver: () => boolean): Promise<number[]> {
  const client = new LeanClient(port)
  const group = '/v1/streams/probe/groups/probe'
  const read = JSON.stringify({ consumer: 'ann', waitMs: 60_000, noAck: true })
  // Repeats a request until it succeeds. Returns the time of the answer.
  const sendUntilAnswered = async (method: string, path: string, body: string): Promise<number> => {
    while ((await client.send(method, path, body)).status >= 300) await sleep(1)
    return performance.now()
  }
  const delays: number[] = []
  await sendUntilAnswered('PUT', group, '{"createStream":true}')
  while (!isOver()) {
    const delivery = sendUntilAnswered('POST', `${group}/read`, read)
    await sleep(POLL_MS)
    const answeredAt = await sendUntilAnswered('POST', '/v1/streams/probe/entries', BODY)
    delays.push(Math.max(0, (await delivery) - answeredAt))
  }
  client.close()
  return delays
}

async function peakMemory({ pid }: Server, isOver: () => boolean): Promise<number> {
  let peak = 0
  while (!isOver()) {
    peak = Math.max(peak, (await processMemory(pid)).resident)
    await sleep(POLL_MS)
  }
  return peak
}
