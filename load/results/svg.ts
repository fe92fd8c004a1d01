import type { Contender } from '../contender.ts'

export const COLOURS: Readonly<Record<Contender, string>> = {
  weir: '#d9480f',
  floor: '#868e96',
  proxy: '#1971c2',
  direct: '#2b8a3e',
  webdis: '#862e9c'
}

/** The distance between two lines of text. */
export const LINE_HEIGHT = 16

/** One axis of a plot. */
export interface Axis {
  readonly label: string
  readonly marks: readonly { readonly value: number; readonly text: string }[]
  /** Returns the position of a value on the axis, from 0 to 1. */
  place(value: number): number
}

/** A position in the document. */
export interface Position {
  readonly x: number
  readonly y: number
}

/** The part of a plot in which the curves are drawn. */
export interface Frame {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Assembles an SVG document. It has a white background, because dark pages show it, too. */
export function documentOf(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#343a40">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    ''
  ].join('\n')
}

/** Converts a position on the horizontal axis to an x coordinate. */
export function across({ left, right }: Frame, position: number): number {
  return left + position * (right - left)
}

/** Converts a position on the vertical axis to a y coordinate. */
export function up({ top, bottom }: Frame, position: number): number {
  return bottom - position * (bottom - top)
}

/** Draws the marks of both axes, with a line for each. */
export function grid(frame: Frame, x: Axis, y: Axis): string[] {
  const { left, right, top, bottom } = frame
  return [
    ...x.marks.flatMap(({ value, text: mark }) => {
      const at = across(frame, x.place(value))
      return [line(at, top, at, bottom), text(at, bottom + 18, mark, 'text-anchor="middle"')]
    }),
    ...y.marks.flatMap(({ value, text: mark }) => {
      const at = up(frame, y.place(value))
      return [line(left, at, right, at), text(left - 8, at + 4, mark, 'text-anchor="end"')]
    })
  ]
}

/** Draws the label of the vertical axis, rotated, beside its middle. */
export function upright(x: number, { top, bottom }: Frame, label: string): string {
  return text(
    0,
    0,
    label,
    `text-anchor="middle" transform="translate(${x} ${(top + bottom) / 2}) rotate(-90)"`
  )
}

export function path(colour: string, width: number, at: readonly Position[]): string {
  const steps = at.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ')
  return `<path d="${steps}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`
}

/** Draws the names of curves beside their ends. Moves names down that would overlap. */
export function names(
  x: number,
  ends: readonly { readonly name: Contender; readonly y: number }[]
): string[] {
  let above = Number.NEGATIVE_INFINITY
  return ends
    .toSorted((a, b) => a.y - b.y)
    .map(({ name, y }) => {
      above = Math.max(y, above + LINE_HEIGHT)
      const shown = name === 'weir' ? 'Weir' : name
      return text(x, above + 4, shown, `fill="${COLOURS[name]}" font-weight="600"`)
    })
}

export function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content}</text>`
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map((at) => at.toFixed(1))
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="#dee2e6"/>`
}
