import type { Contender } from '../contender.ts'
import type { Point } from '../scenario.ts'
import {
  type Axis,
  across,
  COLOURS,
  documentOf,
  type Frame,
  grid,
  names,
  type Position,
  path,
  text,
  up,
  upright
} from './svg.ts'

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly curves: Readonly<Partial<Record<Contender, readonly Point[]>>>
}

const WIDTH = 720
const HEIGHT = 400
const FRAME: Frame = { left: 78, right: WIDTH - 72, top: 44, bottom: HEIGHT - 56 }

/** Draws a plot as an SVG document. */
export function svgOf({ title, x, y, curves }: Plot): string {
  const placed = Object.entries(curves).map(([name, points]) => ({
    name: name as Contender,
    at: points.map(([px, py]) => ({ x: across(FRAME, x.place(px)), y: up(FRAME, y.place(py)) }))
  }))
  const ends = placed.map(({ name, at }) => ({ name, y: at.at(-1)?.y ?? FRAME.bottom }))
  return documentOf(WIDTH, HEIGHT, title, [
    text(FRAME.left, 24, title, 'font-size="15" font-weight="600"'),
    ...grid(FRAME, x, y),
    text((FRAME.left + FRAME.right) / 2, HEIGHT - 14, x.label, 'text-anchor="middle"'),
    upright(16, FRAME, y.label),
    ...placed.flatMap(({ name, at }) => curve(COLOURS[name], at)),
    ...names(FRAME.right + 8, ends)
  ])
}

/** A logarithmic axis. Over few decades it has marks at 1, 2 and 5 times each power of ten, otherwise at the powers. */
export function decades(label: string, values: readonly number[], show: (value: number) => string): Axis {
  const low = Math.log10(Math.min(...values))
  const high = Math.log10(Math.max(...values))
  const steps = high - low > 2.5 ? [1] : [1, 2, 5]
  const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 2 }, (_, i) => Math.floor(low) + i)
  const round = powers.flatMap((power) => steps.map((step) => step * 10 ** power))
  const first = round.findLast((value) => Math.log10(value) <= low) ?? 10 ** low
  const last = round.find((value) => Math.log10(value) >= high && value > first) ?? 10 * first
  const marks = round.filter((value) => value >= first && value <= last)
  return {
    label,
    marks: marks.map((value) => ({ value, text: show(value) })),
    place: (value) => Math.log10(value / first) / Math.log10(last / first)
  }
}

/** An axis of percentiles on which each additional nine takes the same space: 90, 99, 99.9. 100 is at the end. */
export function nines(label: string, percentiles: readonly number[]): Axis {
  const highest = Math.max(...percentiles.filter((percentile) => percentile < 100))
  const ninesOf = (percentile: number) => -Math.log10(1 - percentile / 100)
  const first = ninesOf(Math.min(...percentiles))
  const last = ninesOf(highest) + 0.5
  return {
    label,
    marks: percentiles.map((value) => ({ value, text: value === 100 ? 'max' : `p${value}` })),
    place: (value) => ((value === 100 ? last : ninesOf(value)) - first) / (last - first)
  }
}

/** A linear axis from 0 to `max`. */
export function linear(label: string, max: number, show: (value: number) => string): Axis {
  const step = STEPS.find((each) => max / each <= MAX_MARKS) ?? max
  const marks = Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step)
  return {
    label,
    marks: marks.map((value) => ({ value, text: show(value) })),
    place: (value) => value / max
  }
}

/** Formats a number for an axis. */
export function plain(value: number): string {
  return value.toLocaleString('en-US')
}

const MAX_MARKS = 12
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500]

function curve(colour: string, at: readonly Position[]): string[] {
  return [
    path(colour, 2.5, at),
    ...at.map(({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colour}"/>`)
  ]
}
