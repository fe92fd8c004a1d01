import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { formatId } from '../../contract/entry-id.ts'
import type { GroupInfo } from '../../contract/groups.ts'
import { requireScope } from '../access/guard.ts'
import { requireKnownPlace } from '../far-ids.ts'
import { withIds } from '../ids.ts'
import * as groups from '../operations/groups.ts'
import type { RouteOptions } from '../route-options.ts'

/** Consumer groups and their place in a stream. */
export const groupRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { engine }) => {
  app.get('/streams/:stream/groups', { schema: groups.listGroups }, async ({ params, query }) => {
    const page = await engine.listGroups({ ...params, ...query })
    return { ...page, groups: page.groups.map(groupAnswer) }
  })

  const url = '/streams/:stream/groups/:group'
  app.put(url, { schema: groups.ensureGroup }, async (http) => {
    const { params, headers, body } = http
    if (body.createStream) requireScope(http, 'manage', params.stream)
    const request = withIds((ids) => ({
      ...params,
      ...body,
      after: ids.place(body.after, '/after'),
      onlyNew: headers['if-none-match'] !== undefined
    }))
    await requireKnownPlace(http, engine, params, request.after)
    return groupAnswer(await engine.ensureGroup(request))
  })

  app.get(url, { schema: groups.getGroup }, async ({ params }) => groupAnswer(await engine.getGroup(params)))

  app.patch(url, { schema: groups.updateGroup }, async ({ params, body }) => {
    const { after, ...counters } = body
    const request = withIds((ids) => ({
      ...params,
      ...counters,
      ...(after !== undefined && { after: ids.place(after, '/after') })
    }))
    return groupAnswer(await engine.updateGroup(request))
  })

  app.delete(url, { schema: groups.deleteGroup }, async ({ params, query }) => {
    await engine.deleteGroup({ ...params, dropPending: query.pending === 'drop' })
    return { deleted: true }
  })
}

function groupAnswer<I extends GroupInfo>(info: I) {
  return { ...info, lastDeliveredId: formatId(info.lastDeliveredId) }
}
