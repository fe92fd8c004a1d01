import { median } from '../results/summary.ts'

/** What one turn of one side came to: figures by their names, the same for all sides. */
export type Turn = Readonly<Record<string, number>>

export interface Compared {
  /** Of the turns. */
  readonly median: number
  /** The median of the ratios to the first side in the same round. */
  readonly ratio: number
}

/** The figures of each side, in the order of `names`. Each side has had as many turns as the first one, at least one. */
export function turnsOf(sides: readonly (readonly Turn[])[]): { names: string[]; rows: Compared[][] } {
  const [first = []] = sides
  const names = Object.keys(first[0] ?? {})
  const rows = sides.map((turns) =>
    names.map((name) => ({
      median: median(turns.map((turn) => turn[name] ?? Number.NaN)),
      ratio: median(
        turns.map((turn, round) => (turn[name] ?? Number.NaN) / (first[round]?.[name] ?? Number.NaN))
      )
    }))
  )
  return { names, rows }
}
