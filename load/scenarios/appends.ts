import autocannon from 'autocannon'
import { clientOf } from '../clients/client-of.ts'
import type { Contender } from '../contender.ts'
import { appendBody, PADDING, STREAM, STREAM_PATH } from '../orders.ts'
import { watchProcessors } from '../processor-time.ts'
import { count, ms } from '../results/table.ts'
import { type Figures, progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { type Server, startContender } from '../server.ts'
import { verify } from '../verify.ts'

const CONNECTIONS = 50
/** How often autocannon checks the time. */
const POLL_MS = 50

/**
 * Appends one entry per request in a closed loop: each connection sends the next one when the previous one is answered.
 */
export const appends: Scenario = {
  name: 'appends',
  about: `appends of one entry in a closed loop on ${CONNECTIONS} connections`,
  defaultSeconds: 8,
  contenders: ['floor', 'weir', 'proxy', 'webdis'],
  rows: {
    perSecond: {
      question: `L1 appends of one entry a second, ${CONNECTIONS} connections`,
      show: count,
      against: 'floor',
      ratio: { atLeast: 0.95 }
    },
    p99: { question: 'their latency, p99, ms', show: ms, against: 'floor' }
  },
  async measure(options) {
    const perSecond: Figures = {}
    const p99: Figures = {}
    const notes: string[] = []
    for (const contender of options.contenders) {
      const measured = await measure(contender, options)
      perSecond[contender] = measured.perSecond
      p99[contender] = measured.p99
      notes.push(measured.note)
    }
    return { figures: { perSecond, p99 }, notes }
  }
}

async function measure(contender: Contender, { seconds, warmUpSeconds, weir }: ScenarioOptions) {
  progress(`${contender} …`)
  const server = await startContender(contender, weir)
  try {
    const warmUp = await runAutocannon(contender, server, warmUpSeconds)
    const processors = watchProcessors(server.pids)
    const { latency, duration, ...result } = await runAutocannon(contender, server, seconds)
    const perSecond = result['2xx'] / duration
    const note = `${contender}: ${count(perSecond)} requests/s; ${processors()}`
    progress(note)
    const failed = result.non2xx + result.errors + result.timeouts
    verify('every append succeeded.', { failed }, { failed: 0 })
    if (contender !== 'floor') await checkLength(contender, server, warmUp['2xx'] + result['2xx'])
    return { perSecond, p99: latency.p99, note }
  } finally {
    await server.stop()
  }
}

/** When autocannon ends, which it does twice, requests are still in flight. Their entries may be stored as well. */
async function checkLength(contender: Contender, server: Server, answered: number): Promise<void> {
  const client = clientOf(contender, server)
  const length = await client.length().finally(() => client.close())
  const isPlausible = length >= answered && length <= answered + 2 * CONNECTIONS
  const claim = 'the stream has every entry whose append was answered.'
  verify(claim, { isPlausible, answered, length }, { isPlausible: true, answered, length })
}

function runAutocannon(contender: Contender, { port }: Server, seconds: number) {
  const url = `http://127.0.0.1:${port}`
  return autocannon({
    method: 'POST',
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: POLL_MS,
    ...(contender === 'webdis'
      ? { url, body: `XADD/${STREAM}/*/number/0/padding/${PADDING}` }
      : {
          url: `${url}${STREAM_PATH}/entries`,
          headers: { 'content-type': 'application/json' },
          body: appendBody(0, 1)
        })
  })
}
