import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type { GroupDescription } from '../../contract/streams.ts'
import { tokenOf } from '../access/guard.ts'
import { visibleStreams } from '../access/visible-streams.ts'
import { withIds } from '../ids.ts'
import { entriesJson, fieldBytesOf, sendBytes } from '../json-answer.ts'
import { visitOf } from '../limits/visit.ts'
import * as streams from '../operations/streams.ts'
import type { RouteOptions } from '../route-options.ts'
import { endBytesOf, streamJson, valueJson } from '../stream-answer.ts'

/** Making, looking at and removing streams. */
export const streamRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { engine, answerQueue }) => {
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

  app.put('/streams/:stream', { schema: streams.ensureStream }, async ({ params, headers }, reply) => {
    const onlyNew = headers['if-none-match'] !== undefined
    const ensured = await engine.ensureStream({ ...params, onlyNew })
    // One that was there before has changed nothing, and can be refused.
    return sendBytes(reply, endBytesOf(ensured), () => streamJson(ensured), ensured.created)
  })

  app.get('/streams/:stream', { schema: streams.getStream }, async ({ params }, reply) => {
    const found = await engine.getStream(params)
    return sendBytes(reply, endBytesOf(found), () => streamJson(found))
  })

  app.get('/streams/:stream/full', { schema: streams.describeStream }, async ({ params, query }, reply) => {
    const { entries, groups, truncated, ...info } = await engine.describeStream({ ...params, ...query })
    const described = valueJson(groups.map(groupDescriptionAnswer))
    const lists = () => `"entries":${entriesJson(entries)},"groups":${described},"truncated":${truncated}`
    const bytes = fieldBytesOf(entries) + endBytesOf(info) + described.length
    return sendBytes(reply, bytes, () => streamJson(info, `,${lists()}`))
  })

  app.patch('/streams/:stream', { schema: streams.setStreamId }, async ({ params, body }, reply) => {
    const { lastId, maxDeletedId, ...counters } = body
    const request = withIds((ids) => ({
      ...params,
      ...counters,
      lastId: ids.id(lastId, '/lastId'),
      ...(maxDeletedId !== undefined && { maxDeletedId: ids.id(maxDeletedId, '/maxDeletedId') })
    }))
    await answerQueue.enter(visitOf(reply.raw))
    const moved = await engine.setStreamId(request)
    return sendBytes(reply, endBytesOf(moved), () => streamJson(moved), true)
  })

  app.delete('/streams/:stream', { schema: streams.deleteStream }, async ({ params }) => {
    await engine.deleteStream(params)
    return { deleted: true }
  })
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
