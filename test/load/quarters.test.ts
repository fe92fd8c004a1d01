import { describe, expect, it } from 'vitest'
import { calmAfterMs, Quarters } from '../../load/quarters.ts'

describe('quarters of a second', () => {
  it('keep the worst latency of the requests that were due in each', () => {
    const quarters = new Quarters()
    quarters.add(0, 5)
    quarters.add(249.9, 7)
    quarters.add(100, 6)
    // Due in the second quarter, however late it was delivered.
    quarters.add(250, 900)
    quarters.add(800, 1)
    expect(quarters.worstMs).toEqual([7, 900, 0, 1])
  })
})

describe('calm', () => {
  const limits = { limitMs: 50, quarters: 2 }

  it('begins with the first quarter from which on the limit holds long enough', () => {
    expect(calmAfterMs([300, 200, 40, 60, 50, 10, 90], limits)).toBe(1000)
    expect(calmAfterMs([10, 20, 90], limits)).toBe(0)
  })

  it('is measured from the first quarter that is considered', () => {
    expect(calmAfterMs([10, 20, 300, 300, 10, 10], { ...limits, from: 2 })).toBe(500)
  })

  it('does not begin if too few quarters are left', () => {
    expect(calmAfterMs([300, 200, 10], limits)).toBeUndefined()
    expect(calmAfterMs([], limits)).toBeUndefined()
  })
})
