import { median } from '../results/summary.ts'

/** The figures of one turn of one side, by name. All turns have the same names. */
export type Turn = Readonly<Record<string, number>>

export interface Compared {
  /** The median of all turns. */
  readonly median: number
  /** The median of the ratios to the first side in the same round. */
  readonly ratio: number
}

/**
 * Returns the figures of each side, in the order of `names`. All sides must have the same number of turns, at least
 * one.
 */
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
