import autocannon from 'autocannon'
import { watchProcessors } from '../processors.ts'
import { progress, type Scenario } from '../scenario.ts'
import { type Server, startPeer, startWeir } from '../server.ts'
import { count, ms, printTable } from '../table.ts'

const CONNECTIONS = 50
const WARM_UP_SECONDS = 3
const PATH = '/v1/streams/orders/entries'
const BODY = JSON.stringify({ entries: [{ fields: { item: 'book', padding: 'x'.repeat(100) } }] })

interface Measurement {
  readonly requestsPerSecond: number
  readonly latency: {
    readonly p50: number
    readonly p99: number
    readonly p99_9: number
    readonly max: number
  }
  /** Answers other than 201, and requests without an answer. */
  readonly failed: number
}

/** Appends one entry a request as fast as they are answered, and does the same to a route that does no work. */
export const appends: Scenario = {
  name: 'appends',
  about: `Appends of one entry, ${CONNECTIONS} connections, each sending when it got its answer`,
  defaultSeconds: 8,
  async run({ seconds, runs }) {
    const bare: Measurement[] = []
    const weir: Measurement[] = []
    for (let run = 1; run <= runs; run++) {
      bare.push(
        await measure(`run ${run} of ${runs}, bare Fastify`, await startPeer('bare-fastify'), seconds)
      )
      weir.push(await measure(`run ${run} of ${runs}, Weir`, await startWeir(), seconds))
    }
    print(median(bare), median(weir), runs)
    return [...bare, ...weir].every(({ failed }) => failed === 0)
  }
}

async function measure(what: string, server: Server, seconds: number): Promise<Measurement> {
  try {
    await cannonade(server.port, WARM_UP_SECONDS)
    const processors = watchProcessors(server.pid)
    const { requests, latency, non2xx, errors, timeouts } = await cannonade(server.port, seconds)
    progress(`${what}: ${count(requests.average)} requests/s; ${processors()}`)
    return {
      requestsPerSecond: requests.average,
      latency: { p50: latency.p50, p99: latency.p99, p99_9: latency.p99_9, max: latency.max },
      failed: non2xx + errors + timeouts
    }
  } finally {
    await server.stop()
  }
}

function cannonade(port: number, seconds: number) {
  return autocannon({
    url: `http://127.0.0.1:${port}${PATH}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: BODY,
    connections: CONNECTIONS,
    duration: seconds
  })
}

/** The measurement with the median of requests per second. */
function median(measurements: Measurement[]): Measurement {
  const sorted = measurements.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('There is nothing to take the median of')
  return middle
}

function print(bare: Measurement, weir: Measurement, runs: number): void {
  const head = ['', 'requests/s', 'ratio', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'failed']
  const row = (name: string, { requestsPerSecond, latency, failed }: Measurement) => [
    name,
    count(requestsPerSecond),
    (requestsPerSecond / bare.requestsPerSecond).toFixed(2),
    ...[latency.p50, latency.p99, latency.p99_9, latency.max].map(ms),
    String(failed)
  ]
  const title = runs === 1 ? appends.about : `${appends.about}; median of ${runs} runs`
  printTable(title, head, [row('bare Fastify, same schema, no work', bare), row('Weir', weir)])
}
