/**
 * Finds the first number from `low` up to `high` for which `probe` is not negative; `high` if there is none.
 */
export function lowerBound(low: number, high: number, probe: (number: number) => number): number {
  let from = low
  let to = high
  while (from < to) {
    const middle = (from + to) >>> 1
    if (probe(middle) < 0) from = middle + 1
    else to = middle
  }
  return from
}
