/** Whether the server under test uses the Redis engine. A test cannot set the clock of Redis. */
export const IS_ON_REDIS = process.env['WEIR_ENGINE'] === 'redis'

const TIMES = /^(idleMs|inactiveMs|oldestPendingMs|deliveredAt|seenAt|activeAt|deadAt|ackBeforeMs|dueInMs)$/
const ESTIMATES = /^sizeBytes$/

/** On Redis, replaces times, durations and estimates, which differ from those of an example. */
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
