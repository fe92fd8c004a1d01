import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AppendEntry, Trim } from '../../contract/entries.ts'
import { requireScope } from '../access/guard.ts'
import { requireNearIds } from '../far-ids.ts'
import { type IdReader, refuseBoth, withIds } from '../ids.ts'
import { entryJson, fieldBytesOf, idsJson, pageJson, sendAscii, sendBytes } from '../json-answer.ts'
import { visitOf } from '../limits/visit.ts'
import * as entries from '../operations/entries.ts'
import { invalidRequest } from '../problems/problem.ts'
import type { RouteOptions } from '../route-options.ts'

/** Appending entries, and reading and removing them without a group. */
export const entryRoutes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, options) => {
  const { engine, metrics, hangUps } = options

  app.post('/streams/:stream/entries', { schema: entries.appendEntries }, async (http, reply) => {
    const { trim, createStream, entries: bodies } = http.body
    const { stream } = http.params
    if (trim !== undefined) requireScope(http, 'manage', stream)
    const request = withIds((ids) => {
      const append = { stream, createStream, entries: newEntries(bodies, ids) }
      return trim === undefined ? append : { ...append, trim: readTrim(trim, '/trim', ids) }
    })
    requireNearIds(http, stream, request.entries)
    const appended = await engine.appendEntries(request)
    metrics.appended(appended.length)
    return sendAscii(reply.code(201), `{"ids":${idsJson(appended)}}`)
  })

  const listEntries = entries.listEntries(options.maxWaitMs)
  app.get('/streams/:stream/entries', { schema: listEntries }, async ({ params, query }, reply) => {
    const { from, after, to, before, order, limit, waitMs } = query
    refuseBoth(query, '/query', 'from', 'after')
    refuseBoth(query, '/query', 'to', 'before')
    const range = withIds((ids) => ({
      from: after === 'last' ? ('next' as const) : ids.lower(from, after, 'place'),
      to: ids.upper(to, before)
    }))
    const request = { ...params, ...range, order, limit, waitMs }
    const taker = visitOf(reply.raw)
    const found = await hangUps.read(reply, waitMs, (signal) => engine.listEntries(request, signal, taker))
    if (found === null) return undefined
    return sendBytes(reply, fieldBytesOf(found.entries), () => `{${pageJson(found)}}`)
  })

  app.get('/streams/:stream/entries/:id', { schema: entries.getEntry }, async ({ params }, reply) => {
    const request = withIds((ids) => ({ ...params, id: ids.id(params.id, '/path/id') }))
    const entry = await engine.getEntry(request)
    return sendBytes(reply, entry.fields.length, () => entryJson(entry))
  })

  app.post(
    '/streams/:stream/entries/delete',
    { schema: entries.deleteEntries },
    async ({ params, body }, reply) => {
      const request = withIds((ids) => ({ ...params, ids: ids.ids(body.ids, '/ids') }))
      const { deleted, notFound } = await engine.deleteEntries(request)
      return sendAscii(reply, `{"deleted":${deleted},"notFound":${idsJson(notFound)}}`)
    }
  )

  app.post('/streams/:stream/trim', { schema: entries.trimStream }, async ({ params, body }) => {
    const request = withIds((ids) => ({ ...params, trim: readTrim(body, '', ids) }))
    return { trimmed: await engine.trimStream(request) }
  })
}

/** The hottest of all translations, and so without spreading what need not be spread. */
function newEntries(bodies: readonly entries.NewEntryBody[], ids: IdReader): AppendEntry[] {
  return bodies.map(({ id, fields: members }, index) => {
    const fields = Buffer.from(JSON.stringify(members))
    return id === undefined ? { fields } : { fields, ...ids.newId(id, `/entries/${index}/id`) }
  })
}

function readTrim(trim: entries.TrimBody, pointer: '' | '/trim', ids: IdReader): Trim {
  const { maxLength, minId, approximate, limit } = trim
  refuseBoth(trim, pointer, 'maxLength', 'minId')
  if (maxLength === undefined && minId === undefined) {
    throw invalidRequest([{ pointer, detail: 'Either "maxLength" or "minId" is required' }])
  }
  if (limit !== undefined && !approximate) {
    throw invalidRequest([{ pointer: `${pointer}/limit`, detail: 'Only allowed with "approximate": true' }])
  }
  return {
    approximate,
    ...(maxLength !== undefined && { maxLength }),
    ...(minId !== undefined && { minId: ids.id(minId, `${pointer}/minId`) }),
    ...(limit !== undefined && { limit })
  }
}
