import type { Contender, Measurement, Point } from '../scenario.ts'
import { type Axis, decades, nines, svgOf } from './plot.ts'
import type { PlotFile } from './report.ts'
import { median } from './summary.ts'

interface Kind extends PlotFile {
  readonly x: (values: readonly number[]) => Axis
  readonly y: (values: readonly number[]) => Axis
}

/** The percentiles that the plot of latencies has marks for. */
const MARKED = [50, 90, 99, 99.9, 99.99, 100]

/** What is plotted of which scenario. */
export const PLOTS: Readonly<Record<string, Kind>> = {
  'batch-sizes': {
    title: 'Entries a second through append, read and ack',
    file: 'throughput.svg',
    x: (values) => decades('entries in a batch', values, plain),
    y: (values) => decades('entries a second', values, plain)
  },
  paced: {
    title: 'From append to delivery at 10,000 entries a second',
    file: 'latency.svg',
    x: () => nines('percentile of entries', MARKED),
    y: (values) => decades('milliseconds', values, plain)
  }
}

/** The plot of a scenario as an SVG document, of the medians of its runs; undefined when it has none. */
export function plotOf(name: string, measurements: readonly Measurement[]): string | undefined {
  const kind = PLOTS[name]
  const curves = medians(measurements)
  const points = Object.values(curves).flat()
  if (kind === undefined || points.length === 0) return undefined
  return svgOf({
    title: kind.title,
    x: kind.x(points.map(([x]) => x)),
    y: kind.y(points.map(([, y]) => y)),
    curves
  })
}

function medians(measurements: readonly Measurement[]): Partial<Record<Contender, Point[]>> {
  const runs = measurements.map(({ curves }) => curves ?? {})
  const medianOf = (name: Contender, points: readonly Point[]): Point[] =>
    points.map(([x], i) => [x, median(runs.map((curves) => curves[name]?.[i]?.[1] ?? Number.NaN))])
  const names = Object.entries(runs[0] ?? {}) as [Contender, readonly Point[]][]
  return Object.fromEntries(names.map(([name, points]) => [name, medianOf(name, points)]))
}

function plain(value: number): string {
  return value.toLocaleString('en-US')
}
