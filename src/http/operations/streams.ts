import { Type } from '@sinclair/typebox'
import { DESCRIPTION, EMPTY_STREAM, SECOND, SIZE_BYTES, STREAM } from './examples.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  BodyObject,
  Closed,
  Count,
  Default,
  Id,
  IfNoneMatch,
  MAX_NAME_LENGTH,
  PageQuery,
  PageSize,
  StreamPath
} from './schemas.ts'
import { Deleted, EnsuredStream, Stream, StreamDescription, StreamPage } from './stream-schemas.ts'

const Prefix = Type.String({
  maxLength: MAX_NAME_LENGTH,
  description: 'Only streams whose names start with this.'
})
export const listStreams = operation(
  {
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
      schema: StreamPage,
      example: {
        streams: [
          { name: 'orders', length: 2, sizeBytes: SIZE_BYTES, lastId: SECOND.id, entriesAdded: 2, groups: 1 }
        ]
      }
    }
  }
)

export const ensureStream = operation(
  {
    params: StreamPath,
    headers: IfNoneMatch,
    body: BodyObject(
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
  }
)

export const getStream = operation(
  { params: StreamPath },
  {
    operationId: 'getStream',
    summary: 'Get a stream',
    description: 'Returns the length of the stream, its counters, and its first and last entry.',
    redis: '`XINFO STREAM`, `XLEN`',
    tag: 'streams',
    scope: 'read',
    answer: { description: 'The stream.', schema: Stream, example: STREAM },
    problems: ['stream-not-found']
  }
)

export const describeStream = operation(
  { params: StreamPath, querystring: Closed({ limit: PageSize('Maximum length of each list.', 10) }) },
  {
    operationId: 'describeStream',
    summary: 'Get a stream with all its details',
    description:
      'Returns the stream with its entries, its groups, and their consumers and pending entries. Each list contains at ' +
      'most `limit` items. A response contains at most 5000 items in total and at most 16 MiB: `truncated` shows whether ' +
      'that shortened it further. The operations that list entries, groups, consumers and pending entries return pages.',
    redis: '`XINFO STREAM … FULL`',
    tag: 'streams',
    scope: 'read',
    answer: {
      description: 'The stream, with at most `limit` items in each list.',
      schema: StreamDescription,
      example: DESCRIPTION
    },
    problems: ['stream-not-found', 'entry-damaged']
  }
)

const SetStreamIdRequest = BodyObject(
  {
    lastId: Id('The new last id. It cannot be less than the id of an entry that the stream contains.'),
    entriesAdded: Type.Optional(Count('The new number of entries ever appended.')),
    maxDeletedId: Type.Optional(Id('The new highest id ever deleted with `deleteEntries`.'))
  },
  { $id: 'SetStreamIdRequest', description: 'The new last id and counters of the stream.' }
)

export const setStreamId = operation(
  { params: StreamPath, body: SetStreamIdRequest },
  {
    operationId: 'setStreamId',
    summary: 'Set the last id of a stream',
    description: 'For streams that were copied from elsewhere: new entries get ids after `lastId`.',
    redis: '`XSETID`',
    tag: 'streams',
    scope: 'manage',
    example: { lastId: SECOND.id, entriesAdded: 2, maxDeletedId: '0-0' },
    answer: { description: 'The changed stream.', schema: Stream, example: STREAM },
    problems: ['stream-not-found', 'invalid-id', 'id-not-greater', ...CHANGE]
  }
)

export const deleteStream = operation(
  { params: StreamPath, body: false },
  {
    operationId: 'deleteStream',
    summary: 'Delete a stream',
    description: 'Also deletes its entries and groups. Waiting readers are refused with `stream-not-found`.',
    redis: '`DEL`',
    tag: 'streams',
    scope: 'manage',
    answer: { description: 'The stream was deleted.', schema: Deleted, example: { deleted: true } },
    problems: ['stream-not-found', ...CHANGE]
  }
)
