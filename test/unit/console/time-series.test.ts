import { describe, expect, it } from 'vitest'
import { HISTORY_MS, TimeSeries } from '../../../src/console/live/time-series.ts'

/** A time series with a sample each second. */
function seriesOf(...values: (number | null)[]): TimeSeries {
  const series = new TimeSeries()
  for (const [second, appended] of values.entries()) series.add(second * 1000, { appended })
  return series
}

describe('a time series', () => {
  it('has no rate before its second sample', () => {
    expect(new TimeSeries().rate('appended')).toBeNull()
    expect(seriesOf(10).rate('appended')).toBeNull()
    expect(seriesOf(10, 15).rate('appended')).toBe(5)
  })

  it('averages rates over the last three intervals', () => {
    expect(seriesOf(0, 3, 9, 18, 18, 18, 18).rates('appended')).toEqual([null, 3, 4.5, 6, 5, 3, 0])
  })

  it('starts over after a counter decreased or was unknown', () => {
    expect(seriesOf(10, 20, 5, 6).rates('appended')).toEqual([null, 10, null, 1])
    expect(seriesOf(10, null, 30, 40).rates('appended')).toEqual([null, null, null, 10])
  })

  it('has no rate across a gap', () => {
    const series = new TimeSeries()
    for (const at of [0, 1000, 60_000, 61_000]) series.add(at, { appended: at })
    expect(series.rates('appended')).toEqual([null, 1000, null, 1000])
  })

  it('drops samples that are older than 15 minutes', () => {
    const series = new TimeSeries()
    for (const at of [0, 1000, HISTORY_MS + 500]) series.add(at, { appended: at })
    expect(series.values('appended')).toEqual([1000, HISTORY_MS + 500])
    expect(series.since).toBe(1000)
  })
})
