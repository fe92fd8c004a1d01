/** Weir and Redis do not do the same. */
export class Disagreement extends Error {}

/** Two values at the same place of two answers that are not the same. */
export interface Mismatch {
  /** The names of members on the way there, from the answer on. */
  readonly path: readonly string[]
  readonly weir: unknown
  readonly redis: unknown
  /** What the values are members of. */
  readonly weirParent: Readonly<Record<string, unknown>>
}

/** Members that are moments or durations. */
const TIMES = new Set(['idleMs', 'inactiveMs', 'oldestPendingMs', 'seenAt', 'activeAt', 'deliveredAt'])

/** Where two answers differ; moments and durations by more than `toleranceMs`. */
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
