import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type EntryId, MAX_ID } from '../../contract/entry-id.ts'
import { refuseBoth, withIds } from '../ids.ts'
import { tailEntries } from '../operations/tail.ts'
import type { RouteOptions } from '../route-options.ts'
import { PAGE_BYTES } from '../waiting/event-stream.ts'

/** Following a stream. */
export const tailRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { engine, eventStreams }) => {
  app.get('/streams/:stream/tail', { schema: tailEntries }, async (http, reply) => {
    const { params, query, headers } = http
    const { from, after, limit } = query
    refuseBoth(query, '/query', 'from', 'after')
    const place = withIds(
      (ids) =>
        // Clients send them empty before the first event.
        ids.behind(headers['last-event-id'] || undefined, '/headers/last-event-id') ??
        ids.behind(query.lastEventId || undefined, '/query/lastEventId') ??
        (after === 'last' ? after : ids.lower(from, after, 'place'))
    )
    if (http.method === 'HEAD') {
      await engine.getStream(params)
      return eventStreams.sendHead(reply)
    }
    const page = {
      ...params,
      to: MAX_ID,
      order: 'asc' as const,
      limit,
      roomBytes: PAGE_BYTES,
      hasPlace: true
    }
    const read = (from: EntryId | 'next', waitMs: number, signal: AbortSignal) =>
      engine.listEntries({ ...page, from, waitMs }, signal)
    // What "last" means must not change between two reads.
    const first = place === 'last' ? (await read('next', 0, NEVER)).next + 1n : place
    return eventStreams.send(reply, { from: first, isNews: place === 'last' }, read)
  })
}

/** For a read that does not wait. */
const NEVER = new AbortController().signal
