import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { MAX_ID } from '../../entry-id.ts'
import { refuseBoth, withIds } from '../ids.ts'
import { tailEntries } from '../operations/tail.ts'
import type { RouteOptions } from '../route-options.ts'
import { PAGE_BYTES } from '../tail.ts'

/** Following a stream. */
export const tailRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { engine, tails }) => {
  app.get('/streams/:stream/tail', { schema: tailEntries }, async (http, reply) => {
    const { params, query, headers } = http
    const { from, after, limit } = query
    refuseBoth(query, '/query', 'from', 'after')
    const place = withIds(
      (ids) =>
        // Clients send them empty before the first event.
        ids.behind(headers['last-event-id'] || undefined, '/headers/last-event-id') ??
        ids.behind(query.lastEventId || undefined, '/query/lastEventId') ??
        (after === 'last' ? after : ids.lower(from, after))
    )
    if (http.method === 'HEAD') {
      await engine.getStream(params)
      return tails.sendHead(reply)
    }
    // What "last" means must not change between two reads.
    const first = place === 'last' ? (await engine.getStream(params)).lastId + 1n : place
    const page = {
      ...params,
      to: MAX_ID,
      order: 'asc' as const,
      limit,
      roomBytes: PAGE_BYTES,
      hasPlace: true
    }
    return tails.send(reply, first, (id, ms, signal) =>
      engine.listEntries({ ...page, from: id, waitMs: ms }, signal)
    )
  })
}
