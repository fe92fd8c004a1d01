/** Thrown when Weir and Redis behave differently. */
export class Disagreement extends Error {}

/** Two different values at the same place of two answers. */
export interface Mismatch {
  /** The names of the members that lead from the answer to the values. */
  readonly path: readonly string[]
  readonly weir: unknown
  readonly redis: unknown
  /** The object that contains Weir's value. */
  readonly weirParent: Readonly<Record<string, unknown>>
}

/** Members that are times or durations. */
const TIMES = new Set(['idleMs', 'inactiveMs', 'oldestPendingMs', 'seenAt', 'activeAt', 'deliveredAt'])

/** Where two answers differ. Times and durations may differ by up to `toleranceMs`. */
export function mismatches(weir: unknown, redis: unknown, toleranceMs: number): Mismatch[] {
  const found: Mismatch[] = []
  const compare = (weir: unknown, redis: unknown, path: string[], weirParent: Mismatch['weirParent']) => {
    if (Object.is(weir, redis)) return
    const name = path.at(-1) ?? ''
    if (isObject(weir) && isObject(redis) && Array.isArray(weir) === Array.isArray(redis)) {
      for (const key of new Set([...Object.keys(weir), ...Object.keys(redis)])) {
        compare(weir[key], redis[key], [...path, key], weir)
      }
    } else if (!(TIMES.has(name) && isNear(weir, redis, toleranceMs))) {
      found.push({ path, weir, redis, weirParent })
    }
  }
  compare(weir, redis, [], {})
  return found
}

function isNear(a: unknown, b: unknown, toleranceMs: number): boolean {
  return typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= toleranceMs
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
