import { CONSUMERS, PRODUCERS } from '../flows/flow.ts'
import { measureFlows } from '../flows/throughput.ts'
import { count } from '../results/table.ts'
import type { Scenario } from '../scenario.ts'

const BATCH = 100

/** The same work as that of `batches`, beside workers that speak to Redis themselves: no HTTP, no JSON. */
export const direct: Scenario = {
  name: 'direct',
  about: `the same beside workers on Redis itself; ${PRODUCERS} producers, ${CONSUMERS} consumers`,
  defaultSeconds: 10,
  contenders: ['weir', 'direct'],
  rows: {
    perSecond: {
      question: 'L3 the same, against workers on Redis',
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
