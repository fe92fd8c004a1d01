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

const Prefix = Type.String({ maxLength: MAX_NAME_LENGTH, description: 'Only streams whose name begins so.' })
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
    description: 'A page of streams in the byte order of their names. The last page has no `cursor`.',
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
    body: BodyObject({}, { $id: 'EnsureStreamRequest', description: 'Nothing yet: settings come later.' })
  },
  {
    operationId: 'ensureStream',
    summary: 'Make a stream unless it exists',
    description: 'An existing stream is left as it is. With `If-None-Match: *` it is refused instead.',
    redis: '`XGROUP CREATE … MKSTREAM`',
    tag: 'streams',
    scope: 'manage',
    example: {},
    answer: {
      description: 'The stream, and whether the request made it.',
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
    summary: 'Look at a stream',
    description: 'Its length, its counters, and its first and last entry.',
    redis: '`XINFO STREAM`, `XLEN`',
    tag: 'streams',
    scope: 'read',
    answer: { description: 'The stream.', schema: Stream, example: STREAM },
    problems: ['stream-not-found']
  }
)

export const describeStream = operation(
  { params: StreamPath, querystring: Closed({ limit: PageSize('How long each list may be.', 10) }) },
  {
    operationId: 'describeStream',
    summary: 'Look at everything about a stream',
    description:
      'The stream with its entries, its groups, and their consumers and pending entries. Each list is cut at `limit`. ' +
      'An answer holds at most 5000 of them all together, and 16 MiB: `truncated` shows whether that cut it further. ' +
      'The lists of entries, groups, consumers and pending entries have pages.',
    redis: '`XINFO STREAM … FULL`',
    tag: 'streams',
    scope: 'read',
    answer: {
      description: 'The stream, each list cut at the limit.',
      schema: StreamDescription,
      example: DESCRIPTION
    },
    problems: ['stream-not-found', 'entry-damaged']
  }
)

const SetStreamIdRequest = BodyObject(
  {
    lastId: Id('The highest id ever given, from now on; never below what the stream holds.'),
    entriesAdded: Type.Optional(Count('How many entries were ever appended, from now on.')),
    maxDeletedId: Type.Optional(Id('The highest id ever deleted by name, from now on.'))
  },
  { $id: 'SetStreamIdRequest', description: 'What the stream is to say of its past.' }
)

export const setStreamId = operation(
  { params: StreamPath, body: SetStreamIdRequest },
  {
    operationId: 'setStreamId',
    summary: 'Move the last id of a stream',
    description: 'For streams that are copied from elsewhere: appends go on behind `lastId`.',
    redis: '`XSETID`',
    tag: 'streams',
    scope: 'manage',
    example: { lastId: SECOND.id, entriesAdded: 2, maxDeletedId: '0-0' },
    answer: { description: 'The stream as it is now.', schema: Stream, example: STREAM },
    problems: ['stream-not-found', 'invalid-id', 'id-not-greater', ...CHANGE]
  }
)

export const deleteStream = operation(
  { params: StreamPath, body: false },
  {
    operationId: 'deleteStream',
    summary: 'Remove a stream',
    description: 'With its entries and groups. Readers that wait on it are refused with `stream-not-found`.',
    redis: '`DEL`',
    tag: 'streams',
    scope: 'manage',
    answer: { description: 'The stream is gone.', schema: Deleted, example: { deleted: true } },
    problems: ['stream-not-found', ...CHANGE]
  }
)
