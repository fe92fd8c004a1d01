import { CONSUMERS, PRODUCERS } from '../flows/flow.ts'
import { measureFlows } from '../flows/throughput.ts'
import { count } from '../results/table.ts'
import type { Scenario } from '../scenario.ts'

const BATCH = 100

/** Measures the same as `batches`, compared with workers that speak to Redis themselves, without HTTP and JSON. */
export const direct: Scenario = {
  name: 'direct',
  about: `the same, compared with workers on Redis itself; ${PRODUCERS} producers, ${CONSUMERS} consumers`,
  defaultSeconds: 10,
  contenders: ['weir', 'direct'],
  rows: {
    perSecond: {
      question: 'L3 the same, compared with workers on Redis',
      show: count,
      against: 'direct',
      ratio: { atLeast: 3 }
    }
  },
  async measure(options) {
    const { perSecond, notes } = await measureFlows(BATCH, options)
    return { figures: { perSecond }, notes }
  }
}
