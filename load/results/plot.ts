import type { Contender, Point } from '../scenario.ts'

/** One of a plot's two directions: its marks, and where between them a value is, from 0 to 1. */
export interface Axis {
  readonly label: string
  readonly marks: readonly { readonly value: number; readonly text: string }[]
  place(value: number): number
}

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly curves: Readonly<Partial<Record<Contender, readonly Point[]>>>
}

const COLOURS: Record<Contender, string> = {
  weir: '#d9480f',
  floor: '#868e96',
  proxy: '#1971c2',
  direct: '#2b8a3e',
  webdis: '#862e9c'
}

const WIDTH = 720
const HEIGHT = 400
const LEFT = 78
const RIGHT = WIDTH - 72
const TOP = 44
const BOTTOM = HEIGHT - 56
/** Between the names at the ends of two curves. */
const LINE_HEIGHT = 16

/** A plot as an SVG document, on a white ground because it is also read on dark pages. */
export function svgOf({ title, x, y, curves }: Plot): string {
  const placed = Object.entries(curves).map(([name, points]) => ({
    name: name as Contender,
    at: points.map(([px, py]) => ({ x: across(x.place(px)), y: up(y.place(py)) }))
  }))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#343a40">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 24, title, 'font-size="15" font-weight="600"'),
    ...x.marks.flatMap(({ value, text: mark }) => {
      const at = across(x.place(value))
      return [line(at, TOP, at, BOTTOM), text(at, BOTTOM + 18, mark, 'text-anchor="middle"')]
    }),
    ...y.marks.flatMap(({ value, text: mark }) => {
      const at = up(y.place(value))
      return [line(LEFT, at, RIGHT, at), text(LEFT - 8, at + 4, mark, 'text-anchor="end"')]
    }),
    text((LEFT + RIGHT) / 2, HEIGHT - 14, x.label, 'text-anchor="middle"'),
    text(0, 0, y.label, `text-anchor="middle" transform="translate(16 ${(TOP + BOTTOM) / 2}) rotate(-90)"`),
    ...placed.flatMap(({ name, at }) => curve(COLOURS[name], at)),
    ...names(placed),
    '</svg>',
    ''
  ].join('\n')
}

/** An axis on which every step is ten times the one before, with marks at 1, 2 and 5 where there is room. */
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

/** An axis of percentiles, on which each further nine takes as much room as the one before; 100 comes last. */
export function nines(label: string, percentiles: readonly number[]): Axis {
  const most = Math.max(...percentiles.filter((percentile) => percentile < 100))
  const beyond = (percentile: number) => -Math.log10(1 - percentile / 100)
  const first = beyond(Math.min(...percentiles))
  const last = beyond(most) + 0.5
  return {
    label,
    marks: percentiles.map((value) => ({ value, text: value === 100 ? 'max' : `p${value}` })),
    place: (value) => ((value === 100 ? last : beyond(value)) - first) / (last - first)
  }
}

interface Place {
  readonly x: number
  readonly y: number
}

function across(place: number): number {
  return LEFT + place * (RIGHT - LEFT)
}

function up(place: number): number {
  return BOTTOM - place * (BOTTOM - TOP)
}

function curve(colour: string, at: readonly Place[]): string[] {
  const path = at.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ')
  return [
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round"/>`,
    ...at.map(({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colour}"/>`)
  ]
}

/** At the end of each curve, moved down where two would be on top of each other. */
function names(placed: readonly { readonly name: Contender; readonly at: readonly Place[] }[]): string[] {
  let above = Number.NEGATIVE_INFINITY
  const ends = placed
    .map(({ name, at }) => ({ name, y: at.at(-1)?.y ?? BOTTOM }))
    .toSorted((a, b) => a.y - b.y)
  return ends.map(({ name, y }) => {
    above = Math.max(y, above + LINE_HEIGHT)
    const shown = name === 'weir' ? 'Weir' : name
    return text(RIGHT + 8, above + 4, shown, `fill="${COLOURS[name]}" font-weight="600"`)
  })
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map((at) => at.toFixed(1))
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="#dee2e6"/>`
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content}</text>`
}
