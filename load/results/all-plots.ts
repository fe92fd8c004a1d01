import type { Contender } from '../contender.ts'
import type { Measurement, Point } from '../scenario.ts'
import { decades, nines, plain, svgOf } from './plot.ts'
import type { PlotFile } from './report.ts'
import { median } from './summary.ts'
import type { Axis } from './svg.ts'
import { count } from './table.ts'
import { timelinePlotOf } from './timeline-plot.ts'

/** A plot of a scenario. */
interface ScenarioPlot extends PlotFile {
  readonly scenario: string
  /** Returns an SVG document, or undefined if the runs have nothing to plot. */
  draw(measurements: readonly Measurement[]): string | undefined
}

/** The marks of the percentile axis. */
const MARKED = [50, 90, 99, 99.9, 99.99, 100]

/** All plots, in the order of RESULTS.md. */
export const PLOTS: readonly ScenarioPlot[] = [
  medianPlot('paced', 'From append to delivery at a steady rate', 'latency.svg', {
    x: (_, rate) =>
      nines(`percentile of entries${rate === undefined ? '' : `, at ${count(rate)} a second`}`, MARKED),
    y: (values) => decades('milliseconds', values, plain)
  }),
  timelinePlot('paced', 'Worst delivery of each quarter of a second at a steady rate', 'tail.svg'),
  medianPlot('batch-sizes', 'Entries a second through append, read and ack', 'throughput.svg', {
    x: (values) => decades('entries in a batch', values, plain),
    y: (values) => decades('entries a second', values, plain)
  })
]

interface Axes {
  x(values: readonly number[], rate: number | undefined): Axis
  y(values: readonly number[]): Axis
}

/** A plot with curves through the medians of all runs. */
function medianPlot(scenario: string, title: string, file: string, { x, y }: Axes): ScenarioPlot {
  const draw = (measurements: readonly Measurement[]): string | undefined => {
    const curves = medians(measurements)
    const points = Object.values(curves).flat()
    if (points.length === 0) return undefined
    const xAxis = x(
      points.map(([value]) => value),
      measurements[0]?.rate
    )
    return svgOf({ title, x: xAxis, y: y(points.map(([, value]) => value)), curves })
  }
  return { scenario, title, file, draw }
}

function timelinePlot(scenario: string, title: string, file: string): ScenarioPlot {
  return { scenario, title, file, draw: (measurements) => timelinePlotOf(title, measurements) }
}

function medians(measurements: readonly Measurement[]): Partial<Record<Contender, Point[]>> {
  const runs = measurements.map(({ curves }) => curves ?? {})
  const medianOf = (name: Contender, points: readonly Point[]): Point[] =>
    points.map(([x], i) => [x, median(runs.map((curves) => curves[name]?.[i]?.[1] ?? Number.NaN))])
  const names = Object.entries(runs[0] ?? {}) as [Contender, readonly Point[]][]
  return Object.fromEntries(names.map(([name, points]) => [name, medianOf(name, points)]))
}
