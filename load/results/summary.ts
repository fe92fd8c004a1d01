import { type Bound, COLUMNS, type Column, type Measurement, type Row } from '../scenario.ts'

/** A figure over several runs. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** The results of all runs for a row. */
export interface Result {
  readonly row: Row
  readonly columns: Readonly<Partial<Record<Column, Summary>>>
  /**
   * Weir's figure divided by that of the column `row.against`. Computed per run, because each run measured both
   * together.
   */
  readonly ratio?: Summary
  /** Whether the medians reach the row's targets. Left out if the row has no target or was not measured. */
  readonly reached?: boolean
}

export function summarize(
  rows: Readonly<Record<string, Row>>,
  measurements: readonly Measurement[]
): Result[] {
  return Object.entries(rows).map(([name, row]) => {
    const runs = measurements.map(({ figures }) => figures[name] ?? {})
    const columns: Partial<Record<Column, Summary>> = {}
    for (const column of COLUMNS) {
      const summary = summaryOf(runs.map((figures) => figures[column]))
      if (summary !== undefined) columns[column] = summary
    }
    const { against } = row
    const ratioOf = ({ ratios, figures }: Measurement): number | undefined =>
      ratios?.[name] ?? (against && quotient(figures[name]?.weir, figures[name]?.[against]))
    const ratio = against && summaryOf(measurements.map(ratioOf))
    const reached = isReached(row, columns.weir, ratio)
    return { row, columns, ...(ratio && { ratio }), ...(reached !== undefined && { reached }) }
  })
}

/** The median. For an even number of values, the mean of the middle two. NaN if there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = Number.NaN, high = low] = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1)
  return (low + high) / 2
}

function summaryOf(values: readonly (number | undefined)[]): Summary | undefined {
  const measured = values.filter((value) => value !== undefined)
  if (measured.length === 0) return undefined
  return { median: median(measured), min: Math.min(...measured), max: Math.max(...measured) }
}

function quotient(dividend: number | undefined, divisor: number | undefined): number | undefined {
  return dividend === undefined || divisor === undefined ? undefined : dividend / divisor
}

function isReached(row: Row, weir: Summary | undefined, ratio: Summary | undefined): boolean | undefined {
  const judged = [
    [row.ratio, ratio],
    [row.value, weir]
  ] as const
  const bounds = judged.filter(([bound]) => bound !== undefined)
  if (bounds.length === 0 || bounds.some(([, summary]) => summary === undefined)) return undefined
  return bounds.every(([bound, summary]) => isWithin(summary?.median ?? Number.NaN, bound ?? {}))
}

function isWithin(value: number, { atLeast, above, atMost }: Bound): boolean {
  return (
    (atLeast === undefined || value >= atLeast) &&
    (above === undefined || value > above) &&
    (atMost === undefined || value <= atMost)
  )
}
