import autocannon from 'autocannon'
import { clientOf } from '../clients/client-of.ts'
import type { Contender } from '../contender.ts'
import { appendBody, PADDING, STREAM, STREAM_PATH } from '../orders.ts'
import { watchProcessors } from '../processor-time.ts'
import { mustAgree } from '../request.ts'
import { count, ms } from '../results/table.ts'
import { type Figures, progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { type Server, startContender } from '../server.ts'

const CONNECTIONS = 50
/** How often autocannon looks whether it is over. */
const LOOK_MS = 50

/** Appends one entry a request as fast as they are answered. */
export const appends: Scenario = {
  name: 'appends',
  about: `appends of one entry, ${CONNECTIONS} connections, each sending when it got its answer`,
  defaultSeconds: 8,
  contenders: ['floor', 'weir', 'proxy', 'webdis'],
  rows: {
    perSecond: {
      question: `L1 appends of one entry a second, ${CONNECTIONS} connections`,
      show: count,
      against: 'floor',
      ratio: { atLeast: 0.95 }
    },
    p99: { question: 'their p99, ms', show: ms, against: 'floor' }
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
    const warmUp = await cannonade(contender, server, warmUpSeconds)
    const processors = watchProcessors(server.pids)
    const { latency, duration, ...found } = await cannonade(contender, server, seconds)
    const perSecond = found['2xx'] / duration
    const note = `${contender}: ${count(perSecond)} requests/s; ${processors()}`
    progress(note)
    const failed = found.non2xx + found.errors + found.timeouts
    mustAgree('every append was answered with success.', { failed }, { failed: 0 })
    if (contender !== 'floor') await checkLength(contender, server, warmUp['2xx'] + found['2xx'])
    return { perSecond, p99: latency.p99, note }
  } finally {
    await server.stop()
  }
}

/** At each of its two ends autocannon leaves requests on their way, whose entries may be kept as well. */
async function checkLength(contender: Contender, server: Server, answered: number): Promise<void> {
  const client = clientOf(contender, server)
  const length = await client.length().finally(() => client.close())
  const has = length >= answered && length <= answered + 2 * CONNECTIONS
  const sentence = 'the stream has every entry whose append was answered.'
  mustAgree(sentence, { has, answered, length }, { has: true, answered, length })
}

function cannonade(contender: Contender, { port }: Server, seconds: number) {
  const url = `http://127.0.0.1:${port}`
  return autocannon({
    method: 'POST',
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: LOOK_MS,
    ...(contender === 'webdis'
      ? { url, body: `XADD/${STREAM}/*/number/0/padding/${PADDING}` }
      : {
          url: `${url}${STREAM_PATH}/entries`,
          headers: { 'content-type': 'application/json' },
          body: appendBody(0, 1)
        })
  })
}
