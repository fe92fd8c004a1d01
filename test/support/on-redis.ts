/** Whether the server under test keeps its streams in Redis, whose clock no test can set. */
export const IS_ON_REDIS = process.env['WEIR_ENGINE'] === 'redis'

const TIMES = /^(idleMs|inactiveMs|oldestPendingMs|deliveredAt|seenAt|activeAt)$/
const ESTIMATES = /^sizeBytes$/

/** On Redis without the values of moments, durations and estimates, which are never quite those of an example. */
export function timeless(value: unknown): unknown {
  if (!IS_ON_REDIS || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(timeless)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (ESTIMATES.test(name)) return [name, 'an estimate']
      return [name, TIMES.test(name) ? 'a time' : timeless(member)]
    })
  )
}
