import type { Engine } from '../../contract/engine.ts'
import type { ListStreamsRequest, StreamPage } from '../../contract/streams.ts'
import { invalidRequest } from '../problems/problem.ts'
import type { NameRange, StreamPatterns } from './stream-patterns.ts'

/**
 * Returns a page of the streams that a token may see, as if no others existed: neither an empty page nor a
 * cursor reveals them. It lists one range of names after the other, so that the engine reads no stream in
 * vain.
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
  // Of all names that start with this one, it comes first.
  const { streams } = await engine.listStreams({ prefix: text, limit: 1 })
  return { streams: streams.filter(({ name }) => name === text) }
}

/** The range in which a page starts, and the engine's own cursor within it. */
function positionOf(cursor: string | undefined): { index: number; cursor: string | undefined } {
  if (cursor === undefined) return { index: 0, cursor: undefined }
  const [, index, inner = ''] = /^(\d{1,6})\.(.*)$/s.exec(cursor) ?? []
  if (index === undefined) {
    const detail = "Invalid cursor: send back the previous page's `cursor` unchanged"
    throw invalidRequest([{ pointer: '/query/cursor', detail }])
  }
  return { index: Number(index), cursor: inner === '' ? undefined : inner }
}
