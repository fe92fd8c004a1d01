import { EngineError } from '../../contract/errors.ts'
import type { ListStreamsRequest, StreamPage } from '../../contract/streams.ts'
import { cursorAfter, pageStart } from '../../semantics/cursor.ts'
import type { Keys } from '../connection/keys.ts'
import type { Nodes } from '../connection/nodes.ts'
import { STREAM_SUMMARY } from '../scripts/generated.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'
import { namesOfPage, streamNames } from './stream-names.ts'

/** A page of streams. Rejects: invalid-request. */
export async function listStreams(
  commands: StreamCommands,
  nodes: Nodes,
  keys: Keys,
  request: ListStreamsRequest
): Promise<StreamPage> {
  const after = pageStart(request)
  const trouble = nodes.trouble()
  // Without this check, a cluster whose servers are all unknown would seem to have no streams.
  if (trouble !== undefined) throw new EngineError('engine-unavailable', trouble)
  const { prefix, limit } = request
  const { names, more } = await namesOfPage(streamNames(nodes, keys, prefix), after, limit)
  const streams = (await Promise.all(names.map((name) => summaryOf(commands, name)))).flat()
  const last = names.at(-1)
  return { streams, ...cursorAfter(more && last !== undefined ? last : null) }
}

/** Returns an empty list if the stream was deleted after it was listed. */
async function summaryOf(commands: StreamCommands, name: string): Promise<StreamPage['streams']> {
  try {
    const summary = await commands.script(STREAM_SUMMARY, { stream: name }, {})
    const [length, lastId, entriesAdded, groups, sizeBytes] = replies.list(summary)
    const counts = {
      length: replies.count(length),
      sizeBytes: replies.count(sizeBytes),
      entriesAdded: replies.count(entriesAdded),
      groups: replies.count(groups)
    }
    return [{ name, lastId: replies.id(lastId), ...counts }]
  } catch (error) {
    if (error instanceof EngineError && error.code === 'stream-not-found') return []
    throw error
  }
}
