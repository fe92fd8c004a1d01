import { CONSUMERS, PRODUCERS } from '../flows/flow.ts'
import { measureFlows } from '../flows/measure.ts'
import { count } from '../results/table.ts'
import type { Scenario } from '../scenario.ts'

const BATCH = 100

/** How many entries a second go through append, read and ack, beside what one would write in front of Redis. */
export const batches: Scenario = {
  name: 'batches',
  about: `append ${BATCH}, read ${BATCH}, ack ${BATCH}; ${PRODUCERS} producers, ${CONSUMERS} consumers`,
  defaultSeconds: 10,
  contenders: ['weir', 'proxy', 'floor'],
  rows: {
    perSecond: {
      question: `L2 entries a second through append, read and ack in batches of ${BATCH}`,
      show: count,
      against: 'proxy',
      ratio: { atLeast: 8 },
      value: { above: 100_000 }
    }
  },
  async measure(options) {
    const { perSecond, notes } = await measureFlows(BATCH, options)
    return { figures: { perSecond }, notes }
  }
}
