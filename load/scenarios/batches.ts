import { CONSUMERS, PRODUCERS } from '../flows/flow.ts'
import { measureFlows } from '../flows/throughput.ts'
import { count } from '../results/table.ts'
import type { Scenario } from '../scenario.ts'
import type { Setting } from '../setting.ts'

const BATCH = 100

/** Measures the entries a second through append, read and ack, compared with the proxy. */
export function batches({ engine }: Setting): Scenario {
  const targets =
    engine === 'redis'
      ? { ratio: { atLeast: 1.3 } }
      : { ratio: { atLeast: 3.5 }, value: { atLeast: 200_000 } }
  return {
    name: 'batches',
    about: `append ${BATCH}, read ${BATCH}, ack ${BATCH}; ${PRODUCERS} producers, ${CONSUMERS} consumers`,
    defaultSeconds: 10,
    contenders: ['weir', 'proxy', 'floor'],
    rows: {
      perSecond: {
        question: `L2 entries a second through append, read and ack in batches of ${BATCH}`,
        show: count,
        against: 'proxy',
        ...targets
      }
    },
    async measure(options) {
      const { perSecond, notes } = await measureFlows(BATCH, options)
      return { figures: { perSecond }, notes }
    }
  }
}
