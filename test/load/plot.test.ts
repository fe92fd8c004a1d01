import { describe, expect, it } from 'vitest'
import { PLOTS } from '../../load/results/all-plots.ts'
import { decades, linear, nines } from '../../load/results/plot.ts'
import type { Measurement, Timeline } from '../../load/scenario.ts'
import { read } from '../support/documents.ts'

describe('an axis of decades', () => {
  it('starts and ends at round values, and gives each decade the same length', () => {
    const axis = decades('entries', [1, 1000], String)
    expect(axis.marks.map(({ text }) => text)).toEqual(['1', '10', '100', '1000'])
    expect(axis.marks.map(({ value }) => axis.place(value).toFixed(2))).toEqual([
      '0.00',
      '0.33',
      '0.67',
      '1.00'
    ])
  })

  it('marks 1, 2 and 5 if it has few decades', () => {
    const axis = decades('entries', [30, 90], String)
    expect(axis.marks.map(({ text }) => text)).toEqual(['20', '50', '100'])
  })
})

describe('an axis of percentiles', () => {
  it('gives each further nine the same length, and ends at the maximum', () => {
    const axis = nines('percentile', [90, 99, 99.9, 100])
    const [p90 = 0, p99 = 0, p99_9 = 0, most = 0] = axis.marks.map(({ value }) => axis.place(value))
    expect(p90).toBe(0)
    expect(p99 - p90).toBeCloseTo(p99_9 - p99)
    expect(p99_9).toBeLessThan(most)
    expect(most).toBe(1)
  })
})

/** The plot in a file of this name. */
function draw(file: string, measurements: readonly Measurement[]): string | undefined {
  return PLOTS.find((plot) => plot.file === file)?.draw(measurements)
}

describe('a plot', () => {
  it('has a curve through the medians of the runs for each measured system', () => {
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
    const svg = draw('throughput.svg', measurements) ?? ''
    // Weir's curve begins where the other curve ends: at ten.
    const [weir, direct] = [...svg.matchAll(/<path d="M[\d.]+ ([\d.]+) L[\d.]+ ([\d.]+)"/g)]
    expect(weir?.[1]).toBe(direct?.[2])
    expect(svg).toContain('>Weir</text>')
    expect(svg).toContain('>direct</text>')
  })

  it('is not drawn for a scenario that failed or has no curves', () => {
    for (const { draw } of PLOTS) {
      expect(draw([])).toBeUndefined()
      expect(draw([{ figures: {} }])).toBeUndefined()
    }
  })

  it('shows the rate at which it was measured', () => {
    const curves = { weir: [[50, 1] as const, [100, 9] as const] }
    expect(draw('latency.svg', [{ figures: {}, rate: 3000, curves }])).toContain('at 3,000 a second')
  })

  it('is shown in docs/performance.md under its own title', () => {
    const page = read('docs/performance.md')
    for (const { title, file } of PLOTS) expect(page).toContain(`![${title}](../load/${file})`)
  })
})

describe('an axis of units', () => {
  it('starts at 0, and has a mark at every round number', () => {
    const axis = linear('seconds', 33, String)
    expect(axis.marks.map(({ text }) => text)).toEqual(['0', '5', '10', '15', '20', '25', '30'])
    expect(axis.place(0)).toBe(0)
    expect(axis.place(33)).toBe(1)
  })
})

describe('a plot over time', () => {
  const timeline = (name: string, figure: number, worst = [10, 100]): Timeline => ({
    name,
    figure,
    worst: {
      weir: worst.map((took, i) => [i * 4, took] as const),
      direct: [[0, 10] as const, [4, 20] as const]
    },
    checkpoints: [{ from: 1, to: 2 }],
    youngCollections: [{ from: 3, to: 3.001 }],
    oldCollections: []
  })

  it('has a panel for each timeline of a run, with checkpoints and collections under the curves', () => {
    const svg = draw('tail.svg', [
      { figures: {}, timelines: [timeline('on disk', 1), timeline('in memory', 1)] }
    ])
    expect(svg).toContain('>on disk</text>')
    expect(svg).toContain('>in memory</text>')
    expect(svg?.match(/>Weir<\/text>/g)).toHaveLength(2)
    // 4 s are 784 pixels wide, from 116 on.
    const bars = [...(svg ?? '').matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)"/g)]
    expect(bars.map(([, x, width]) => [x, width])).toEqual([
      ['312.0', '196.0'],
      ['704.0', '0.8'],
      ['312.0', '196.0'],
      ['704.0', '0.8']
    ])
  })

  it('shows the run with the median figure', () => {
    const runs = [
      timeline('on disk', 30, [1000, 1000]),
      timeline('on disk', 10, [10, 10]),
      timeline('on disk', 20, [100, 100])
    ]
    const drawn = (timelines: Timeline[]) =>
      draw(
        'tail.svg',
        timelines.map((one) => ({ figures: {}, timelines: [one] }))
      )
    expect(drawn(runs)).toBe(drawn(runs.slice(2)))
  })
})
