import type { Contender } from '../contender.ts'
import type { Measurement, Span, Timeline } from '../scenario.ts'
import { decades, linear, plain } from './plot.ts'
import {
  type Axis,
  across,
  COLOURS,
  documentOf,
  type Frame,
  grid,
  LINE_HEIGHT,
  names,
  path,
  text,
  up,
  upright
} from './svg.ts'

const WIDTH = 960
const LEFT = 116
const RIGHT = WIDTH - 60
const TITLE_HEIGHT = 40
const CURVES_HEIGHT = 200
/** One panel below the other. */
const PANEL_HEIGHT = 350
const BAR_HEIGHT = 10
/** The narrowest bar, because most collections are shorter than a pixel. */
const MIN_WIDTH = 0.8

/** The strips below the curves, which show what Weir did. */
const STRIPS = [
  { label: 'checkpoints', colour: '#1971c2', spans: ({ checkpoints }: Timeline) => checkpoints },
  { label: 'collections, all', colour: '#862e9c', spans: ({ oldCollections }: Timeline) => oldCollections },
  {
    label: 'collections, young',
    colour: '#868e96',
    spans: ({ youngCollections }: Timeline) => youngCollections
  }
] as const

/**
 * Draws a plot with a panel for each timeline of a scenario, as an SVG document. A panel shows the worst latencies over
 * time, and below them what Weir did. Of several runs, it shows the one with the median figure. Undefined without
 * timelines.
 */
export function timelinePlotOf(title: string, measurements: readonly Measurement[]): string | undefined {
  const all = measurements.flatMap(({ timelines = [] }) => timelines)
  const medians = [...new Set(all.map(({ name }) => name))].map((name) =>
    medianOf(all.filter((timeline) => timeline.name === name))
  )
  const shown = medians.filter((timeline) => timeline !== undefined)
  if (shown.length === 0) return undefined
  const latencies = shown.flatMap(({ worst }) =>
    Object.values(worst)
      .flat()
      .map(([, y]) => y)
  )
  const y = decades(
    'milliseconds',
    latencies.filter((latency) => latency > 0),
    plain
  )
  return documentOf(WIDTH, TITLE_HEIGHT + shown.length * PANEL_HEIGHT, title, [
    text(LEFT, 24, title, 'font-size="15" font-weight="600"'),
    ...shown.flatMap((timeline, i) => panel(timeline, TITLE_HEIGHT + i * PANEL_HEIGHT, y))
  ])
}

function medianOf(timelines: readonly Timeline[]): Timeline | undefined {
  return timelines.toSorted((a, b) => a.figure - b.figure)[(timelines.length - 1) >> 1]
}

function panel(timeline: Timeline, top: number, y: Axis): string[] {
  const { name, worst } = timeline
  const frame: Frame = { left: LEFT, right: RIGHT, top: top + 24, bottom: top + 24 + CURVES_HEIGHT }
  const end = Math.max(...Object.values(worst).flatMap((points) => points.map(([x]) => x)))
  const x = linear('seconds from the start of the load', end, plain)
  const curves = Object.entries(worst).map(([contender, points]) => ({
    name: contender as Contender,
    // A logarithmic axis cannot show a quarter of a second without deliveries, whose latency is 0.
    at: points
      .filter(([, latency]) => latency > 0)
      .map(([px, py]) => ({ x: across(frame, x.place(px)), y: up(frame, y.place(py)) }))
  }))
  const stripsTop = frame.bottom + 34
  return [
    text(LEFT, top + 12, name, 'font-weight="600"'),
    ...grid(frame, x, y),
    upright(16, frame, y.label),
    ...curves.map(({ name: contender, at }) => path(COLOURS[contender], 1.5, at)),
    ...names(
      RIGHT + 8,
      curves.map(({ name: contender, at }) => ({ name: contender, y: at.at(-1)?.y ?? frame.bottom }))
    ),
    ...STRIPS.flatMap(({ label, colour, spans }, i) =>
      strip(frame, x, stripsTop + i * LINE_HEIGHT, label, colour, spans(timeline))
    ),
    text((LEFT + RIGHT) / 2, stripsTop + STRIPS.length * LINE_HEIGHT + 16, x.label, 'text-anchor="middle"')
  ]
}

function strip(
  frame: Frame,
  x: Axis,
  top: number,
  label: string,
  colour: string,
  spans: readonly Span[]
): string[] {
  const within = (seconds: number): number => across(frame, Math.min(1, Math.max(0, x.place(seconds))))
  return [
    text(LEFT - 8, top + BAR_HEIGHT - 1, label, `text-anchor="end" font-size="10" fill="${colour}"`),
    ...spans.map(({ from, to }) => {
      const width = Math.max(MIN_WIDTH, within(to) - within(from))
      return `<rect x="${within(from).toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" fill="${colour}"/>`
    })
  ]
}
