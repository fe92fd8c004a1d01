import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { formatId } from '../../contract/entry-id.ts'
import { requireScope } from '../access/guard.ts'
import { refuseBoth, withIds } from '../ids.ts'
import { claimedJson, fieldBytesOf, sendBytes } from '../json-answer.ts'
import { visitOf } from '../limits/visit.ts'
import * as pending from '../operations/pending.ts'
import type { RouteOptions } from '../route-options.ts'
import { idOrNull } from '../stream-answer.ts'

/** What was delivered and is not acked yet, and claiming it. */
export const pendingRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { engine, metrics, answerQueue } = options
  const url = '/streams/:stream/groups/:group'

  app.get(`${url}/pending`, { schema: pending.listPending }, async ({ params, query }) => {
    const { from, after, to, before, ...filter } = query
    refuseBoth(query, '/query', 'from', 'after')
    refuseBoth(query, '/query', 'to', 'before')
    const range = withIds((ids) => ({ from: ids.lower(from, after), to: ids.upper(to, before) }))
    const found = await engine.listPending({ ...params, ...range, ...filter })
    return { pending: found.map((entry) => ({ ...entry, id: formatId(entry.id) })) }
  })

  app.get(`${url}/pending/summary`, { schema: pending.getPendingSummary }, async ({ params, query }) => {
    const summary = await engine.getPendingSummary({ ...params, ...query })
    return { ...summary, firstId: idOrNull(summary.firstId), lastId: idOrNull(summary.lastId) }
  })

  app.post(`${url}/claim`, { schema: pending.claim }, async (http, reply) => {
    const { params, body } = http
    const { lastId, ...how } = body
    if (lastId !== undefined) {
      const detail = 'Moving the group requires the scope "manage"'
      requireScope(http, 'manage', params.stream, { pointer: '/lastId', detail })
    }
    refuseBoth(body, '', 'idleMs', 'deliveredAt')
    const request = withIds((ids) => ({
      ...params,
      ...how,
      ids: ids.ids(body.ids, '/ids'),
      ...(lastId !== undefined && { lastId: ids.id(lastId, '/lastId') })
    }))
    if (!how.justIds) await answerQueue.enter(visitOf(reply.raw))
    const claimed = await engine.claim(request)
    metrics.delivered(claimed.entries.length)
    return sendBytes(reply, fieldBytesOf(claimed.entries), () => `{${claimedJson(claimed)}}`, true)
  })

  app.post(`${url}/autoclaim`, { schema: pending.autoClaim }, async ({ params, body }, reply) => {
    const request = withIds((ids) => ({ ...params, ...body, from: ids.id(body.from, '/from') }))
    if (!body.justIds) await answerQueue.enter(visitOf(reply.raw))
    const claimed = await engine.autoClaim(request)
    metrics.delivered(claimed.entries.length)
    const json = () => `{"next":"${formatId(claimed.next)}",${claimedJson(claimed)}}`
    return sendBytes(reply, fieldBytesOf(claimed.entries), json, true)
  })
}
