import { Type } from '@sinclair/typebox'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type { GroupDescription } from '../../contract/streams.ts'
import { tokenOf } from '../access/guard.ts'
import { visibleStreams } from '../access/visible-streams.ts'
import { withIds } from '../ids.ts'
import { entriesJson, fieldBytesOf, sendBytes } from '../json-answer.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { endBytesOf, streamJson, valueJson } from '../stream-answer.ts'
import { DESCRIPTION, EMPTY_STREAM, SECOND, SIZE_BYTES, STREAM } from './examples.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  Closed,
  Count,
  Default,
  Id,
  IfNoneMatch,
  isOnlyNew,
  MAX_NAME_LENGTH,
  PageQuery,
  PageSize,
  StreamPath
} from './schemas.ts'
import type { Services } from './services.ts'
import { Deleted, EnsuredStream, StreamDescription, StreamInfo, StreamList } from './stream-schemas.ts'

const Prefix = Type.String({
  maxLength: MAX_NAME_LENGTH,
  description: 'Only streams whose names start with this.'
})
const listStreams = operation(
  {
    method: 'GET',
    path: '/v1/streams',
    querystring: Closed({
      prefix: Default(Prefix, ''),
      ...PageQuery('streams')
    })
  },
  {
    operationId: 'listStreams',
    summary: 'List streams',
    description: 'Returns a page of streams in the byte order of their names. The last page has no `cursor`.',
    redis: '`SCAN`',
    tag: 'streams',
    scope: 'read',
    answer: {
      description: 'A page of streams.',
      schema: StreamList,
      example: {
        streams: [
          { name: 'orders', length: 2, sizeBytes: SIZE_BYTES, lastId: SECOND.id, entriesAdded: 2, groups: 1 }
        ]
      }
    }
  },
  ({ engine }: Services) =>
    async (request) => {
      const visible = tokenOf(request)?.permissions.streams('read')
      const isRestricted = visible !== undefined && !visible.matchesAll
      const page = await (isRestricted
        ? visibleStreams(engine, request.query, visible)
        : engine.listStreams(request.query))
      return {
        ...page,
        streams: page.streams.map((stream) => ({ ...stream, lastId: formatId(stream.lastId) }))
      }
    }
)

const ensureStream = operation(
  {
    method: 'PUT',
    path: '/v1/streams/:stream',
    params: StreamPath,
    headers: IfNoneMatch,
    body: Closed(
      {},
      { $id: 'EnsureStreamRequest', description: 'An empty object: a stream has no settings yet.' }
    )
  },
  {
    operationId: 'ensureStream',
    summary: 'Create a stream if it does not exist',
    description:
      'An existing stream is not changed. With `If-None-Match: *`, the request is refused if the stream exists.',
    redis: '`XGROUP CREATE … MKSTREAM`',
    tag: 'streams',
    scope: 'manage',
    example: {},
    answer: {
      description: 'The stream, and whether the request created it.',
      schema: EnsuredStream,
      example: { created: true, ...EMPTY_STREAM }
    },
    problems: ['stream-exists', 'stream-conflict', ...GROWTH]
  },
  ({ engine }: Services) =>
    async ({ params, headers }, reply) => {
      const onlyNew = isOnlyNew(headers)
      const ensured = await engine.ensureStream({ ...params, onlyNew })
      // If the stream existed, nothing has changed, and the answer may be refused.
      return sendBytes(reply, endBytesOf(ensured), () => streamJson(ensured), ensured.created)
    }
)

const getStream = operation(
  { method: 'GET', path: '/v1/streams/:stream', params: StreamPath },
  {
    operationId: 'getStream',
    summary: 'Get a stream',
    description: 'Returns the length of the stream, its counters, and its first and last entry.',
    redis: '`XINFO STREAM`, `XLEN`',
    tag: 'streams',
    scope: 'read',
    loadsEntries: true,
    answer: { description: 'The stream.', schema: StreamInfo, example: STREAM },
    problems: ['stream-not-found']
  },
  ({ engine }: Services) =>
    async ({ params }, reply) => {
      const found = await engine.getStream(params)
      return sendBytes(reply, endBytesOf(found), () => streamJson(found))
    }
)

const describeStream = operation(
  {
    method: 'GET',
    path: '/v1/streams/:stream/full',
    params: StreamPath,
    querystring: Closed({ limit: PageSize('Maximum length of each list.', 10) })
  },
  {
    operationId: 'describeStream',
    summary: 'Get a stream with all its details',
    description:
      'Returns the stream with its entries, its groups, and their consumers and pending entries. Each list contains at ' +
      'most `limit` items. A response contains at most 5000 items in total and at most 16 MiB. `truncated` shows whether ' +
      'these limits shortened it further. The operations that list entries, groups, consumers and pending entries return pages.',
    redis: '`XINFO STREAM … FULL`',
    tag: 'streams',
    scope: 'read',
    loadsEntries: true,
    answer: {
      description: 'The stream, with at most `limit` items in each list.',
      schema: StreamDescription,
      example: DESCRIPTION
    },
    problems: ['stream-not-found', 'entry-damaged']
  },
  ({ engine }: Services) =>
    async ({ params, query }, reply) => {
      const { entries, groups, truncated, ...info } = await engine.describeStream({ ...params, ...query })
      const described = valueJson(groups.map(groupDescriptionAnswer))
      const lists = () => `"entries":${entriesJson(entries)},"groups":${described},"truncated":${truncated}`
      const bytes = fieldBytesOf(entries) + endBytesOf(info) + described.length
      return sendBytes(reply, bytes, () => streamJson(info, `,${lists()}`))
    }
)

const SetStreamIdRequest = Closed(
  {
    lastId: Id('The new last id. It cannot be less than the id of an entry that the stream contains.'),
    entriesAdded: Type.Optional(Count('The new number of entries ever appended.')),
    maxDeletedId: Type.Optional(Id('The new highest id ever deleted with `deleteEntries`.'))
  },
  { $id: 'SetStreamIdRequest', description: 'The new last id and counters of the stream.' }
)

const setStreamId = operation(
  { method: 'PATCH', path: '/v1/streams/:stream', params: StreamPath, body: SetStreamIdRequest },
  {
    operationId: 'setStreamId',
    summary: 'Set the last id of a stream',
    description: 'For a stream that was copied from another server: new entries get ids after `lastId`.',
    redis: '`XSETID`',
    tag: 'streams',
    scope: 'manage',
    example: { lastId: SECOND.id, entriesAdded: 2, maxDeletedId: '0-0' },
    answer: { description: 'The changed stream.', schema: StreamInfo, example: STREAM },
    problems: ['stream-not-found', 'invalid-id', 'id-not-greater', ...CHANGE]
  },
  ({ engine, answerQueue }: Services) =>
    async ({ params, body }, reply) => {
      const { lastId, maxDeletedId, ...counters } = body
      const request = withIds((ids) => ({
        ...params,
        ...counters,
        lastId: ids.id(lastId, '/lastId'),
        ...(maxDeletedId !== undefined && { maxDeletedId: ids.id(maxDeletedId, '/maxDeletedId') })
      }))
      await answerQueue.enter(exchangeOf(reply.raw))
      const moved = await engine.setStreamId(request)
      return sendBytes(reply, endBytesOf(moved), () => streamJson(moved), true)
    }
)

const deleteStream = operation(
  { method: 'DELETE', path: '/v1/streams/:stream', params: StreamPath, body: false },
  {
    operationId: 'deleteStream',
    summary: 'Delete a stream',
    description: 'Also deletes its entries and groups. Waiting readers are refused with `stream-not-found`.',
    redis: '`DEL`',
    tag: 'streams',
    scope: 'manage',
    freesSpace: true,
    answer: { description: 'The stream was deleted.', schema: Deleted, example: { deleted: true } },
    problems: ['stream-not-found', ...CHANGE]
  },
  ({ engine }: Services) =>
    async ({ params }) => {
      await engine.deleteStream(params)
      return { deleted: true }
    }
)

/** Operations that create, inspect and delete streams. */
export const STREAM_OPERATIONS = [
  listStreams,
  ensureStream,
  getStream,
  describeStream,
  setStreamId,
  deleteStream
]

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
