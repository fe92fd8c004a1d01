import type { CheckpointSpan } from './checkpoint-watch.ts'
import type { Collection } from './collections.ts'
import type { PacedLoad } from './paced-load.ts'
import { QUARTER_MS } from './quarters.ts'
import type { Point, Span, Timeline } from './scenario.ts'

/** A load, and what Weir did during it. */
export interface Observed {
  readonly load: PacedLoad
  readonly checkpoints: readonly CheckpointSpan[]
  readonly collections: readonly Collection[]
}

/** Converts the load of Weir, and that of Redis if it was measured, to times from the start of each load. */
export function timelineOf(name: string, weir: Observed, direct?: Pick<Observed, 'load'>): Timeline {
  const { startedAt, worstMs, latencies } = weir.load
  const span = (from: number, to: number): Span => ({
    from: (from - startedAt) / 1000,
    to: (to - startedAt) / 1000
  })
  const end = (worstMs.length * QUARTER_MS) / 1000
  const during = (spans: readonly Span[]): Span[] => spans.filter(({ from, to }) => to >= 0 && from <= end)
  const collectionsOf = (wanted: Collection['kind']): Span[] =>
    weir.collections.filter(({ kind }) => kind === wanted).map(({ at, tookMs }) => span(at, at + tookMs))
  return {
    name,
    worst: { weir: points(worstMs), ...(direct && { direct: points(direct.load.worstMs) }) },
    checkpoints: during(weir.checkpoints.map(({ from, to }) => span(from, to))),
    youngCollections: during(collectionsOf('young')),
    oldCollections: during(collectionsOf('old')),
    figure: latencies.percentiles([99.9])[0] ?? 0
  }
}

/** Places each latency in the middle of its quarter of a second. */
function points(worstMs: readonly number[]): Point[] {
  return worstMs.map((took, quarter) => [((quarter + 0.5) * QUARTER_MS) / 1000, took])
}
