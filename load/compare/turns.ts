import { median } from '../results/summary.ts'

/** The figures of one turn of one side, by name. All turns have the same names. */
export type Turn = Readonly<Record<string, number>>

export interface TurnsOptions {
  readonly rounds: number
  /** Is called before each round, with its number, from 1. */
  readonly onRound?: (round: number) => void
}

/**
 * Each round runs one turn of each side, one after the other. Every second round reverses the order. Returns the turns
 * of each side, in the order of the sides.
 */
export async function takeTurns<Side>(
  sides: readonly Side[],
  turn: (side: Side) => Promise<Turn>,
  { rounds, onRound }: TurnsOptions
): Promise<Turn[][]> {
  const results: Turn[][] = sides.map(() => [])
  for (let round = 0; round < rounds; round++) {
    onRound?.(round + 1)
    const order = [...sides.entries()]
    for (const [index, side] of round % 2 === 0 ? order : order.reverse()) {
      results[index]?.push(await turn(side))
    }
  }
  return results
}

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
