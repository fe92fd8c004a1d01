import { type Static, Type } from '@sinclair/typebox'
import type { AppendEntry } from '../../contract/entries.ts'
import { requireScope } from '../access/guard.ts'
import { requireNearIds } from '../far-ids.ts'
import { type IdReader, refuseBoth, withIds } from '../ids.ts'
import { entryJson, fieldBytesOf, idsJson, pageJson, sendAscii, sendBytes } from '../json-answer.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { FIRST, MISSING_ID, SECOND } from './examples.ts'
import { CHANGE, GROWTH, operation, perMaxWait } from './operation.ts'
import {
  ANSWER_LIMIT,
  AnswerId,
  CLIENT_TIMEOUT,
  Closed,
  Count,
  Default,
  Flag,
  Id,
  Ids,
  MAX_ITEMS,
  NewFields,
  NewId,
  NextPosition,
  OneOf,
  PageSize,
  Position,
  RangeQuery,
  StreamEntry,
  StreamPath,
  WaitMs
} from './schemas.ts'
import type { Services } from './services.ts'
import { readTrim, Trim } from './trim.ts'

const NewEntry = Closed(
  {
    fields: NewFields,
    id: Type.Optional(
      NewId(
        'The id of the entry, greater than the last one. If omitted, the entry gets the next id. `<ms>-*` means the next id in that millisecond, and `<ms>` means `<ms>-0`.'
      )
    )
  },
  { $id: 'NewEntry', description: 'An entry to append.' }
)

type NewEntryBody = Static<typeof NewEntry>

const AppendEntriesRequest = Closed(
  {
    entries: Type.Array(NewEntry, {
      minItems: 1,
      maxItems: MAX_ITEMS,
      description: 'The entries, in the order in which to append them.'
    }),
    createStream: Flag('Create the stream if it does not exist.', true),
    trim: Type.Optional(Trim)
  },
  { $id: 'AppendEntriesRequest', description: 'Entries to append: all of them or none.' }
)

const appendEntries = operation(
  { method: 'POST', path: '/v1/streams/:stream/entries', params: StreamPath, body: AppendEntriesRequest },
  {
    operationId: 'appendEntries',
    summary: 'Append entries',
    description:
      'Appends all of the entries or none. A successful response means that they are stored. `trim` removes old entries ' +
      'in the same step. It requires the scope `manage`, and so does an id more than a day in the future.',
    redis: '`XADD`, with `NOMKSTREAM`, `MAXLEN` and `MINID`',
    tag: 'entries',
    scope: 'append',
    example: { entries: [{ fields: FIRST.fields }, { fields: SECOND.fields }] },
    answer: {
      status: 201,
      description: 'The ids of the new entries, in the order of the request.',
      schema: Type.Object(
        { ids: Type.Array(AnswerId('The id of an entry.'), { description: 'One id for each entry.' }) },
        { $id: 'AppendedIds', description: 'The ids of appended entries.' }
      ),
      example: { ids: [FIRST.id, SECOND.id] }
    },
    problems: [
      'stream-not-found',
      'stream-conflict',
      'invalid-id',
      'id-not-greater',
      'ids-exhausted',
      ...GROWTH
    ]
  },
  ({ engine, metrics }: Services) =>
    async (http, reply) => {
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
    }
)

const EntryList = Type.Object(
  {
    entries: Type.Array(StreamEntry, { description: 'The entries. Empty if there was nothing to read.' }),
    next: NextPosition('Where to continue: send it as `after`, or with `order=desc` as `before`.')
  },
  { $id: 'EntryList', description: 'Entries of a stream.' }
)

const listEntries = perMaxWait((maxWaitMs) =>
  operation(
    {
      method: 'GET',
      path: '/v1/streams/:stream/entries',
      params: StreamPath,
      querystring: Closed({
        ...RangeQuery,
        after: Type.Optional(
          Position(
            'The range starts after this position. Cannot be combined with `from`. With "last", it contains only entries appended from now on.'
          )
        ),
        order: Default(
          OneOf(['asc', 'desc'], { $id: 'EntryOrder', description: 'Oldest or newest first.' }),
          'asc'
        ),
        limit: PageSize('Maximum number of entries on the page.', 100),
        waitMs: WaitMs(maxWaitMs)
      })
    },
    {
      operationId: 'listEntries',
      summary: 'List the entries in a range',
      description:
        'Returns a page of entries. For the next page, send the `next` of this one as `after` (with `order=desc`, as ' +
        '`before`), even if this page is empty. A page may have fewer entries than `limit` without being the last one. ' +
        'With `waitMs`, the request waits for the first entry if the range is empty. ' +
        `To follow a stream, use \`tailEntries\`.\n\n${CLIENT_TIMEOUT} ${ANSWER_LIMIT}`,
      redis: '`XRANGE`, `XREVRANGE`, `XREAD`',
      tag: 'entries',
      scope: 'read',
      loadsEntries: true,
      answer: {
        description: 'The entries.',
        schema: EntryList,
        example: { entries: [FIRST, SECOND], next: SECOND.id }
      },
      problems: ['stream-not-found', 'invalid-id', 'entry-damaged', 'too-many-waiting']
    },
    ({ engine, hangUps }: Services) =>
      async ({ params, query }, reply) => {
        const { from, after, to, before, order, limit, waitMs } = query
        refuseBoth(query, '/query', 'from', 'after')
        refuseBoth(query, '/query', 'to', 'before')
        const range = withIds((ids) => ({
          from: after === 'last' ? ('next' as const) : ids.lower(from, after, 'place'),
          to: ids.upper(to, before)
        }))
        const request = { ...params, ...range, order, limit, waitMs }
        const taker = exchangeOf(reply.raw)
        const found = await hangUps.read(reply, waitMs, (signal) =>
          engine.listEntries(request, signal, taker)
        )
        if (found === null) return undefined
        return sendBytes(reply, fieldBytesOf(found.entries), () => `{${pageJson(found)}}`)
      }
  )
)

const EntryPath = Type.Object({ ...StreamPath.properties, id: Id('The id of the entry.') })

const getEntry = operation(
  { method: 'GET', path: '/v1/streams/:stream/entries/:id', params: EntryPath },
  {
    operationId: 'getEntry',
    summary: 'Get an entry',
    description: 'Returns the entry with this id.',
    redis: '`XRANGE id id`',
    tag: 'entries',
    scope: 'read',
    loadsEntries: true,
    answer: { description: 'The entry.', schema: StreamEntry, example: FIRST },
    problems: ['stream-not-found', 'entry-not-found', 'entry-damaged', 'invalid-id']
  },
  ({ engine }: Services) =>
    async ({ params }, reply) => {
      const request = withIds((ids) => ({ ...params, id: ids.id(params.id, '/path/id') }))
      const entry = await engine.getEntry(request)
      return sendBytes(reply, entry.fields.length, () => entryJson(entry))
    }
)

const deleteEntries = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/entries/delete',
    params: StreamPath,
    body: Closed(
      { ids: Ids('The ids of the entries to delete.') },
      { $id: 'DeleteEntriesRequest', description: 'Entries to delete.' }
    )
  },
  {
    operationId: 'deleteEntries',
    summary: 'Delete entries by id',
    description: 'A deleted entry that is pending stays pending, and is delivered again with `fields: null`.',
    redis: '`XDEL`',
    tag: 'entries',
    scope: 'manage',
    freesSpace: true,
    example: { ids: [FIRST.id, MISSING_ID] },
    answer: {
      description: 'How many entries were deleted, and which did not exist.',
      schema: Type.Object(
        {
          deleted: Count('Number of entries deleted.'),
          notFound: Type.Array(AnswerId('An id.'), {
            description: 'The ids in the request that did not exist.'
          })
        },
        { $id: 'DeletedEntries', description: 'The result of deleting entries.' }
      ),
      example: { deleted: 1, notFound: [MISSING_ID] }
    },
    problems: ['stream-not-found', 'invalid-id', 'entry-damaged', ...CHANGE]
  },
  ({ engine }: Services) =>
    async ({ params, body }, reply) => {
      const request = withIds((ids) => ({ ...params, ids: ids.ids(body.ids, '/ids') }))
      const { deleted, notFound } = await engine.deleteEntries(request)
      return sendAscii(reply, `{"deleted":${deleted},"notFound":${idsJson(notFound)}}`)
    }
)

/** Operations that append entries, and read and delete them without a group. */
export const ENTRY_OPERATIONS = [appendEntries, listEntries, getEntry, deleteEntries]

/** The hottest conversion of all, so it avoids spreading objects. */
function newEntries(bodies: readonly NewEntryBody[], ids: IdReader): AppendEntry[] {
  return bodies.map(({ id, fields: members }, index) => {
    const fields = Buffer.from(JSON.stringify(members))
    return id === undefined ? { fields } : { fields, ...ids.newId(id, `/entries/${index}/id`) }
  })
}
