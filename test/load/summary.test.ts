import { describe, expect, it } from 'vitest'
import { median, summarize } from '../../load/results/summary.ts'
import type { Figures, Row } from '../../load/scenario.ts'

const row: Row = {
  question: 'appends',
  show: String,
  against: 'floor',
  ratio: { atLeast: 0.8 },
  value: { above: 100 }
}

function resultOf(runs: readonly Figures[], tested: Row = row) {
  const [result] = summarize(
    { perSecond: tested },
    runs.map((perSecond) => ({ figures: { perSecond } }))
  )
  return result
}

describe('summarize', () => {
  it('returns the median, the minimum and the maximum of the runs', () => {
    const result = resultOf([{ weir: 3 }, { weir: 1 }, { weir: 2 }])
    expect(result?.columns).toEqual({ weir: { median: 2, min: 1, max: 3 } })
  })

  it('divides values that were measured in the same run', () => {
    const result = resultOf([
      { weir: 100, floor: 100 },
      { weir: 300, floor: 600 },
      { weir: 200, floor: 800 }
    ])
    expect(result?.ratio).toEqual({ median: 0.5, min: 0.25, max: 1 })
  })

  it('uses the ratios that a run computed itself', () => {
    const [result] = summarize({ perSecond: row }, [
      { figures: { perSecond: { weir: 100, floor: 100 } }, ratios: { perSecond: 0.9 } },
      { figures: { perSecond: { weir: 100, floor: 200 } } }
    ])
    expect(result?.ratio).toEqual({ median: 0.7, min: 0.5, max: 0.9 })
  })

  it('requires every bound of a row', () => {
    expect(resultOf([{ weir: 200, floor: 200 }])?.reached).toBe(true)
    expect(resultOf([{ weir: 200, floor: 400 }])?.reached).toBe(false)
    expect(resultOf([{ weir: 100, floor: 100 }])?.reached).toBe(false)
  })

  it('accepts the bound itself, except for `above`', () => {
    expect(resultOf([{ weir: 80, floor: 100 }], { ...row, value: { atMost: 80 } })?.reached).toBe(true)
    expect(resultOf([{ weir: 100, floor: 100 }], { ...row, value: { above: 100 } })?.reached).toBe(false)
  })

  it('does not judge a ratio to a peer that was left out', () => {
    const result = resultOf([{ weir: 200 }])
    expect(result).not.toHaveProperty('ratio')
    expect(result).not.toHaveProperty('reached')
  })

  it('does not judge a row without a target', () => {
    expect(resultOf([{ weir: 1 }], { question: 'p50', show: String })).not.toHaveProperty('reached')
  })
})

describe('median', () => {
  it('is the middle value, or the mean of the two middle values', () => {
    expect(median([5])).toBe(5)
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 3, 10])).toBe(3.5)
  })
})
