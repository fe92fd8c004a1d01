import { describe, expect, it } from 'vitest'
import { HISTORY_MS, TimeSeries } from '../../../src/console/live/time-series.ts'

/** A track with a look each second. */
function seriesOf(...values: (number | null)[]): TimeSeries {
  const series = new TimeSeries()
  for (const [second, appended] of values.entries()) series.add(second * 1000, { appended })
  return series
}

describe('a track', () => {
  it('knows no rate before its second look', () => {
    expect(new TimeSeries().rate('appended')).toBeNull()
    expect(seriesOf(10).rate('appended')).toBeNull()
    expect(seriesOf(10, 15).rate('appended')).toBe(5)
  })

  it('gives rates over the last three looks', () => {
    expect(seriesOf(0, 3, 9, 18, 18, 18, 18).rates('appended')).toEqual([null, 3, 4.5, 6, 5, 3, 0])
  })

  it('begins anew where a counter went back or was not known', () => {
    expect(seriesOf(10, 20, 5, 6).rates('appended')).toEqual([null, 10, null, 1])
    expect(seriesOf(10, null, 30, 40).rates('appended')).toEqual([null, null, null, 10])
  })

  it('invents no rate for a time in which nobody looked', () => {
    const series = new TimeSeries()
    for (const at of [0, 1000, 60_000, 61_000]) series.add(at, { appended: at })
    expect(series.rates('appended')).toEqual([null, 1000, null, 1000])
  })

  it('forgets what is older than 15 minutes', () => {
    const series = new TimeSeries()
    for (const at of [0, 1000, HISTORY_MS + 500]) series.add(at, { appended: at })
    expect(series.values('appended')).toEqual([1000, HISTORY_MS + 500])
    expect(series.since).toBe(1000)
  })
})
