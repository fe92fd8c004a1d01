import type { Contender } from '../contender.ts'
import { measureFlows } from '../flows/throughput.ts'
import { count } from '../results/table.ts'
import type { Figures, Point, Row, Scenario } from '../scenario.ts'

/** `batches` and `direct` measure 100, too. It is here for the plot. */
const BATCHES = [1, 10, 100, 1000]

/** Measures how throughput grows with the size of a batch, which shows the cost of a request and of an entry. */
export const batchSizes: Scenario = {
  name: 'batch-sizes',
  about: `entries a second through append, read and ack in batches of ${BATCHES.join(', ')}`,
  defaultSeconds: 4,
  contenders: ['weir', 'proxy', 'direct'],
  rows: Object.fromEntries(BATCHES.map((batch) => [`of${batch}`, rowOf(batch)])),
  async measure(options) {
    const curves: Partial<Record<Contender, Point[]>> = {}
    const figures: Record<string, Figures> = {}
    for (const batch of BATCHES) {
      const { perSecond } = await measureFlows(batch, options)
      figures[`of${batch}`] = perSecond
      for (const contender of options.contenders)
        curves[contender] = [...(curves[contender] ?? []), [batch, perSecond[contender] ?? 0]]
    }
    return { figures, curves }
  }
}

function rowOf(batch: number): Row {
  return { question: `entries a second in batches of ${batch}`, show: count, against: 'direct' }
}
