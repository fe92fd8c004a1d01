import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decades, nines } from '../../load/results/plot.ts'
import { PLOTS, plotOf } from '../../load/results/plots.ts'

describe('an axis of decades', () => {
  it('reaches from a round value to a round value, and every ten times is as far as the one before', () => {
    const axis = decades('entries', [1, 1000], String)
    expect(axis.marks.map(({ text }) => text)).toEqual(['1', '10', '100', '1000'])
    expect(axis.marks.map(({ value }) => axis.place(value).toFixed(2))).toEqual([
      '0.00',
      '0.33',
      '0.67',
      '1.00'
    ])
  })

  it('marks 1, 2 and 5 where there are few decades', () => {
    const axis = decades('entries', [30, 90], String)
    expect(axis.marks.map(({ text }) => text)).toEqual(['20', '50', '100'])
  })
})

describe('an axis of percentiles', () => {
  it('gives every nine as much room as the one before, and the longest the end', () => {
    const axis = nines('percentile', [90, 99, 99.9, 100])
    const [p90 = 0, p99 = 0, p99_9 = 0, most = 0] = axis.marks.map(({ value }) => axis.place(value))
    expect(p90).toBe(0)
    expect(p99 - p90).toBeCloseTo(p99_9 - p99)
    expect(p99_9).toBeLessThan(most)
    expect(most).toBe(1)
  })
})

describe('a plot', () => {
  it('has a curve through the medians of the runs for everyone who was measured', () => {
    const measurements = [1, 100, 10].map((perSecond) => ({
      figures: {},
      curves: {
        weir: [
          [1, perSecond],
          [10, 10 * perSecond]
        ] as const,
        direct: [
          [1, 1],
          [10, 10]
        ] as const
      }
    }))
    const svg = plotOf('batch-sizes', measurements) ?? ''
    // Weir's curve begins where that of the others ends: at ten.
    const [weir, direct] = [...svg.matchAll(/<path d="M[\d.]+ ([\d.]+) L[\d.]+ ([\d.]+)"/g)]
    expect(weir?.[1]).toBe(direct?.[2])
    expect(svg).toContain('>Weir</text>')
    expect(svg).toContain('>direct</text>')
  })

  it('is not made of a scenario that failed or that has none', () => {
    expect(plotOf('paced', [])).toBeUndefined()
    expect(plotOf('restart', [{ figures: {} }])).toBeUndefined()
  })

  it('is shown in the README under its own title', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    for (const { title, file } of Object.values(PLOTS)) expect(readme).toContain(`![${title}](load/${file})`)
  })
})
