import { describe, expect, it } from 'vitest'
import { sustainedRate } from '../../load/sustained-rate.ts'

/** A server that sustains rates up to its limit, except in attempts that fail. `tried` lists the tried rates. */
function server(limit: number, fails: (attempt: number) => boolean = () => false) {
  const tried: number[] = []
  const sustains = async (perSecond: number) => {
    tried.push(perSecond)
    return perSecond <= limit && !fails(tried.length)
  }
  return { tried, sustains }
}

describe('the search for the sustained rate', () => {
  it.each([1100, 2500, 9999, 14_000])('comes close to %i from below', async (limit) => {
    const { sustains } = server(limit)
    const found = await sustainedRate({ from: 1000, below: 50_000, sustains })
    expect(found).toBeLessThanOrEqual(limit)
    expect(found).toBeGreaterThan(0.93 * limit)
  })

  it('tries a failed rate a second time', async () => {
    const steady = server(5000)
    const found = await sustainedRate({ from: 1000, below: 50_000, sustains: steady.sustains })
    const faltering = server(5000, (attempt) => attempt === 2)
    expect(await sustainedRate({ from: 1000, below: 50_000, sustains: faltering.sustains })).toBe(found)
    expect(faltering.tried.slice(0, 3)).toEqual([1500, 2250, 2250])
  })

  it('ends below the upper bound if every rate is sustained, and at the first rate if none is', async () => {
    const { sustains } = server(Number.POSITIVE_INFINITY)
    const found = await sustainedRate({ from: 1000, below: 4000, sustains })
    expect(found).toBeGreaterThan(3700)
    expect(found).toBeLessThan(4000)
    expect(await sustainedRate({ from: 1000, below: 4000, sustains: server(0).sustains })).toBe(1000)
  })
})
