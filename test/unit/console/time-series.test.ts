import { describe, expect, it } from 'vitest'
import { TRACK_MS, Track } from '../../../src/console/live/time-series.ts'

/** A track with a look each second. */
function trackOf(...values: (number | null)[]): Track {
  const track = new Track()
  for (const [second, appended] of values.entries()) track.add(second * 1000, { appended })
  return track
}

describe('a track', () => {
  it('knows no rate before its second look', () => {
    expect(new Track().rate('appended')).toBeNull()
    expect(trackOf(10).rate('appended')).toBeNull()
    expect(trackOf(10, 15).rate('appended')).toBe(5)
  })

  it('gives rates over the last three looks', () => {
    expect(trackOf(0, 3, 9, 18, 18, 18, 18).rates('appended')).toEqual([null, 3, 4.5, 6, 5, 3, 0])
  })

  it('begins anew where a counter went back or was not known', () => {
    expect(trackOf(10, 20, 5, 6).rates('appended')).toEqual([null, 10, null, 1])
    expect(trackOf(10, null, 30, 40).rates('appended')).toEqual([null, null, null, 10])
  })

  it('invents no rate for a time in which nobody looked', () => {
    const track = new Track()
    for (const at of [0, 1000, 60_000, 61_000]) track.add(at, { appended: at })
    expect(track.rates('appended')).toEqual([null, 1000, null, 1000])
  })

  it('forgets what is older than 15 minutes', () => {
    const track = new Track()
    for (const at of [0, 1000, TRACK_MS + 500]) track.add(at, { appended: at })
    expect(track.values('appended')).toEqual([1000, TRACK_MS + 500])
    expect(track.since).toBe(1000)
  })
})
