import type { Group } from '../api/answers.ts'
import type { Sight } from './time-series.ts'
import { Track } from './time-series.ts'

/** Tracks by what they are of. They last as long as the page, so that whoever comes back finds them. */
const tracks = new Map<string, Track>()
/** So many are kept; of more, the ones begun first are given up. */
const MAX_TRACKS = 200

export function trackOf(...names: string[]): Track {
  const key = JSON.stringify(names)
  const known = tracks.get(key)
  if (known !== undefined) return known
  if (tracks.size >= MAX_TRACKS) tracks.delete(tracks.keys().next().value ?? '')
  const track = new Track()
  tracks.set(key, track)
  return track
}

/** What of a group is worth following. What left the pending list was acked, or dropped with its consumer. */
export function groupSight({ entriesRead, pending, lag }: Group): Sight {
  return { delivered: entriesRead, acked: entriesRead === null ? null : entriesRead - pending, pending, lag }
}
