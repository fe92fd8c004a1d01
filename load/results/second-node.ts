import type { Figures, Measurement } from '../scenario.ts'

/**
 * Adds Weir's figures on a second Node to a measurement, as a column of their own. The plots show only the first Node.
 * `version`: the version of the second Node.
 */
export function withSecondNode(first: Measurement, second: Measurement, version: string): Measurement {
  const figures: Record<string, Figures> = { ...first.figures }
  for (const [name, { weir }] of Object.entries(second.figures))
    if (weir !== undefined) figures[name] = { ...figures[name], otherNode: weir }
  const notes = (second.notes ?? []).map((note) => `Node ${version}, ${note}`)
  return { ...first, figures, notes: [...(first.notes ?? []), ...notes] }
}
