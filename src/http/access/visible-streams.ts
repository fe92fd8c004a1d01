import type { Engine } from '../../contract/engine.ts'
import type { ListStreamsRequest, StreamPage } from '../../contract/streams.ts'
import { invalidRequest } from '../problems/problem.ts'
import type { NameRange, StreamPatterns } from './stream-patterns.ts'

/**
 * A page of the streams that somebody may see, as if there were no others: neither an empty page nor a cursor tells of
 * those. The engine is asked range by range of names, so that it looks at no stream in vain.
 */
export async function visibleStreams(
  engine: Pick<Engine, 'listStreams'>,
  request: ListStreamsRequest,
  visible: StreamPatterns
): Promise<StreamPage> {
  const ranges = visible.ranges(request.prefix)
  let { index, cursor } = positionOf(request.cursor)
  const streams: StreamPage['streams'] = []
  for (; index < ranges.length; index++, cursor = undefined) {
    if (streams.length === request.limit) return { streams, cursor: `${index}.` }
    const limit = request.limit - streams.length
    const page = await pageOf(engine, ranges[index] as NameRange, limit, cursor)
    streams.push(...page.streams)
    if (page.cursor !== undefined) return { streams, cursor: `${index}.${page.cursor}` }
  }
  return { streams }
}

async function pageOf(
  engine: Pick<Engine, 'listStreams'>,
  { text, isPrefix }: NameRange,
  limit: number,
  cursor: string | undefined
): Promise<StreamPage> {
  if (isPrefix) return engine.listStreams({ prefix: text, limit, ...(cursor !== undefined && { cursor }) })
  // Of all names that begin with this one, it is the first.
  const { streams } = await engine.listStreams({ prefix: text, limit: 1 })
  return { streams: streams.filter(({ name }) => name === text) }
}

/** The range that a page begins in, and the engine's own cursor there. */
function positionOf(cursor: string | undefined): { index: number; cursor: string | undefined } {
  if (cursor === undefined) return { index: 0, cursor: undefined }
  const [, index, inner = ''] = /^(\d{1,6})\.(.*)$/s.exec(cursor) ?? []
  if (index === undefined) {
    const detail = "Invalid cursor: send back the previous page's `cursor` unchanged"
    throw invalidRequest([{ pointer: '/query/cursor', detail }])
  }
  return { index: Number(index), cursor: inner === '' ? undefined : inner }
}
