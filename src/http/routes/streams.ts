import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Entry, GroupDescription, StreamInfo } from '../../engine.ts'
import { type EntryId, formatId } from '../../entry-id.ts'
import { tokenOf } from '../access/guard.ts'
import { visibleStreams } from '../access/visible-streams.ts'
import { withIds } from '../ids.ts'
import * as streams from '../operations/streams.ts'
import type { RouteOptions } from '../route-options.ts'

/** Making, looking at and removing streams. */
export const streamRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { engine }) => {
  app.get('/streams', { schema: streams.listStreams }, async (request) => {
    const visible = tokenOf(request)?.permissions.reach('read')
    const isPart = visible !== undefined && !visible.isEverything
    const page = await (isPart
      ? visibleStreams(engine, request.query, visible)
      : engine.listStreams(request.query))
    return {
      ...page,
      streams: page.streams.map((stream) => ({ ...stream, lastId: formatId(stream.lastId) }))
    }
  })

  app.put('/streams/:stream', { schema: streams.ensureStream }, async ({ params, headers }) => {
    const onlyNew = headers['if-none-match'] !== undefined
    return streamAnswer(await engine.ensureStream({ ...params, onlyNew }))
  })

  app.get('/streams/:stream', { schema: streams.getStream }, async ({ params }) =>
    streamAnswer(await engine.getStream(params))
  )

  app.get('/streams/:stream/full', { schema: streams.describeStream }, async ({ params, query }) => {
    const description = await engine.describeStream({ ...params, ...query })
    const { entries, groups } = description
    return {
      ...streamAnswer(description),
      entries: entries.map(entryAnswer),
      groups: groups.map(groupDescriptionAnswer)
    }
  })

  app.patch('/streams/:stream', { schema: streams.setStreamId }, async ({ params, body }) => {
    const { lastId, maxDeletedId, ...counters } = body
    const request = withIds((ids) => ({
      ...params,
      ...counters,
      lastId: ids.id(lastId, '/lastId'),
      ...(maxDeletedId !== undefined && { maxDeletedId: ids.id(maxDeletedId, '/maxDeletedId') })
    }))
    return streamAnswer(await engine.setStreamId(request))
  })

  app.delete('/streams/:stream', { schema: streams.deleteStream }, async ({ params }) => {
    await engine.deleteStream(params)
    return { deleted: true }
  })
}

/** A stream, or more about it, as it is sent. */
function streamAnswer<I extends Omit<StreamInfo, 'groups'>>(info: I) {
  return {
    ...info,
    firstId: idOrNull(info.firstId),
    lastId: formatId(info.lastId),
    maxDeletedId: formatId(info.maxDeletedId),
    firstEntry: info.firstEntry === null ? null : entryAnswer(info.firstEntry),
    lastEntry: info.lastEntry === null ? null : entryAnswer(info.lastEntry)
  }
}

/** For answers that are not worth being put together out of bytes. */
export function entryAnswer({ id, fields }: Entry) {
  return { id: formatId(id), fields: JSON.parse(Buffer.from(fields).toString()) as Record<string, string> }
}

export function idOrNull(id: EntryId | null): string | null {
  return id === null ? null : formatId(id)
}

function groupDescriptionAnswer(group: GroupDescription) {
  const withId = <P extends { id: EntryId }>(pending: P) => ({ ...pending, id: formatId(pending.id) })
  return {
    ...group,
    lastDeliveredId: formatId(group.lastDeliveredId),
    pendingEntries: group.pendingEntries.map(withId),
    consumers: group.consumers.map((consumer) => ({
      ...consumer,
      pendingEntries: consumer.pendingEntries.map(withId)
    }))
  }
}
