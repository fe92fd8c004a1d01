import type { CheckpointSpan } from './checkpoint-watch.ts'
import type { Collection } from './collections.ts'
import type { PacedLoad } from './paced-load.ts'
import { QUARTER_MS } from './quarters.ts'
import type { Point, Span, Timeline } from './scenario.ts'

/** What Weir did during a load, by Unix time. */
export interface Observed {
  readonly load: PacedLoad
  readonly checkpoints: readonly CheckpointSpan[]
  readonly collections: readonly Collection[]
}

/** The load of Weir, and that of Redis if it was measured, over the time from the start of each. */
export function timelineOf(name: string, weir: Observed, direct?: Pick<Observed, 'load'>): Timeline {
  const { startedAt, worstMs, latencies } = weir.load
  const span = (from: number, to: number): Span => ({
    from: (from - startedAt) / 1000,
    to: (to - startedAt) / 1000
  })
  const end = (worstMs.length * QUARTER_MS) / 1000
  const during = (spans: readonly Span[]): Span[] => spans.filter(({ from, to }) => to >= 0 && from <= end)
  const ofKind = (asked: Collection['kind']): Span[] =>
    weir.collections.filter(({ kind }) => kind === asked).map(({ at, tookMs }) => span(at, at + tookMs))
  return {
    name,
    worst: { weir: points(worstMs), ...(direct && { direct: points(direct.load.worstMs) }) },
    checkpoints: during(weir.checkpoints.map(({ from, to }) => span(from, to))),
    youngCollections: during(ofKind('young')),
    oldCollections: during(ofKind('old')),
    figure: latencies.percentiles([99.9])[0] ?? 0
  }
}

/** In the middle of each quarter. */
function points(worstMs: readonly number[]): Point[] {
  return worstMs.map((took, quarter) => [((quarter + 0.5) * QUARTER_MS) / 1000, took])
}
