import { describe, expect, it } from 'vitest'
import type { RunningSide } from '../../load/compare/side.ts'
import type { Workload } from '../../load/compare/workloads.ts'
import { POLICY } from '../../load/orders.ts'
import { compareSides, loadsOf, policy } from '../../load/scenarios/policy.ts'
import { DEFAULT_SETTING } from '../../load/setting.ts'
import { loadClient } from '../support/load-client.ts'

const SHORT = { seconds: 0.2, warmUpSeconds: 0.1 }

/** A side that is never started, with this many microseconds per request. */
interface FakeSide extends RunningSide {
  readonly us: number
}

async function sideFor(delivery: typeof POLICY | undefined): Promise<RunningSide> {
  const client = await loadClient({ ...(delivery && { delivery }) })
  await client.open()
  return { client, pids: [process.pid], appended: 0, stop: async () => undefined }
}

describe('the comparison of a group with a delivery policy with one without', () => {
  it.each(Object.entries(loadsOf({ ...DEFAULT_SETTING, rate: 100 })))(
    'measures a figure of both for each row of %s',
    async (load, loadOf) => {
      const sides = [await sideFor(undefined), await sideFor(POLICY)]
      const { figures, ratios } = await compareSides(load, sides, loadOf, SHORT)
      const rows = Object.keys(policy(DEFAULT_SETTING).rows).filter((name) => name.startsWith(load))
      expect(Object.keys(figures).toSorted()).toEqual(rows.toSorted())
      expect(Object.keys(ratios).toSorted()).toEqual(rows.toSorted())
      for (const pair of Object.values(figures))
        expect(pair).toEqual({ weir: expect.any(Number), baseline: expect.any(Number) })
    }
  )

  it('divides the time into turns of two seconds, and leaves out the warm-up', async () => {
    const turns: number[] = []
    const loadOf = (seconds: number): Workload => {
      return async (side) => {
        turns.push(seconds)
        return { us: seconds === 3 ? 1000 : (side as FakeSide).us }
      }
    }
    const sides = [{ us: 10 }, { us: 11 }] as FakeSide[]
    const compared = await compareSides('paced', sides, loadOf, { seconds: 4, warmUpSeconds: 3 })
    expect(turns).toEqual([3, 3, 2, 2, 2, 2])
    expect(compared.figures).toEqual({ 'paced us': { weir: 11, baseline: 10 } })
    expect(compared.ratios).toEqual({ 'paced us': 1.1 })
  })

  it('has no ratio without the other side', async () => {
    const loadOf = (): Workload => async () => ({ us: 11 })
    const compared = await compareSides('paced', [{} as RunningSide], loadOf, SHORT)
    expect(compared).toEqual({ figures: { 'paced us': { weir: 11 } }, ratios: {} })
  })
})
