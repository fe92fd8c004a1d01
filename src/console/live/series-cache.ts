import type { Group } from '../api/answers.ts'
import { type Sample, TimeSeries } from './time-series.ts'

/** Time series by what they describe. They outlive the views, so that a reopened view still has its charts. */
const cache = new Map<string, TimeSeries>()
/** The size limit of the cache. The oldest series is dropped to make space for a new one. */
const MAX_SERIES = 200

export function seriesOf(...names: string[]): TimeSeries {
  const key = JSON.stringify(names)
  const known = cache.get(key)
  if (known !== undefined) return known
  if (cache.size >= MAX_SERIES) cache.delete(cache.keys().next().value ?? '')
  const series = new TimeSeries()
  cache.set(key, series)
  return series
}

/**
 * The values of a group that charts show. An entry that was dropped with its consumer, or moved to a dead-letter stream,
 * counts as acked.
 */
export function groupSample({ entriesRead, pending, dead, lag }: Group): Sample {
  const acked = entriesRead === null ? null : entriesRead - pending - dead
  return { delivered: entriesRead, acked, pending, lag }
}
