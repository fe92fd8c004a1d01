import { type Static, Type } from '@sinclair/typebox'
import { FIRST, MISSING_ID, SECOND } from './examples.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  ANSWER_ROOM,
  AnsweredId,
  BodyObject,
  Closed,
  Count,
  Default,
  Entry,
  Flag,
  Id,
  Ids,
  MAX_ITEMS,
  NewFields,
  NewId,
  NextPlace,
  OneOf,
  PageSize,
  Place,
  RangeQuery,
  StreamPath,
  WaitMs
} from './schemas.ts'

const trimMembers = {
  maxLength: Type.Optional(
    Count('Keep at most this many of the newest entries. Cannot be combined with `minId`.')
  ),
  minId: Type.Optional(Id('Keep only entries from this id on. Cannot be combined with `maxLength`.')),
  approximate: Flag('Remove only whole blocks. This is cheaper, but may keep some more entries.', false),
  limit: Type.Optional(Count('Remove at most this many entries. Only allowed with `approximate`.', 1))
}
const Trim = BodyObject(trimMembers, {
  $id: 'Trim',
  description: 'What to keep of a stream: set `maxLength` or `minId`.'
})
export type TrimBody = Static<typeof Trim>

const NewEntry = BodyObject(
  {
    fields: NewFields,
    id: Type.Optional(
      NewId(
        'The id of the entry, greater than the last one. Left out: the next id. "<ms>-*" means the next id in that millisecond, and "<ms>" means "<ms>-0".'
      )
    )
  },
  { $id: 'NewEntry', description: 'An entry to append.' }
)

export type NewEntryBody = Static<typeof NewEntry>

const AppendEntriesRequest = BodyObject(
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

export const appendEntries = operation(
  { params: StreamPath, body: AppendEntriesRequest },
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
        { ids: Type.Array(AnsweredId('The id of an entry.'), { description: 'One id for each entry.' }) },
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
  }
)

const EntryList = Type.Object(
  {
    entries: Type.Array(Entry, { description: 'The entries. Empty if there was nothing to read.' }),
    next: NextPlace('Where to continue: send it as `after`, or with `order=desc` as `before`.')
  },
  { $id: 'EntryList', description: 'Entries of a stream.' }
)

export const listEntries = (maxWaitMs: number) =>
  operation(
    {
      params: StreamPath,
      querystring: Closed({
        ...RangeQuery,
        after: Type.Optional(
          Place(
            'The range starts after this position. Cannot be combined with `from`. With "last", it contains only entries appended from now on.'
          )
        ),
        order: Default(OneOf(['asc', 'desc'], { description: 'Oldest or newest first.' }), 'asc'),
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
        `To follow a stream, use \`tailEntries\`. ${ANSWER_ROOM}`,
      redis: '`XRANGE`, `XREVRANGE`, `XREAD`',
      tag: 'entries',
      scope: 'read',
      answer: {
        description: 'The entries.',
        schema: EntryList,
        example: { entries: [FIRST, SECOND], next: SECOND.id }
      },
      problems: ['stream-not-found', 'invalid-id', 'entry-damaged', 'too-many-waiting']
    }
  )

const EntryPath = Type.Object({ ...StreamPath.properties, id: Id('The id of the entry.') })

export const getEntry = operation(
  { params: EntryPath },
  {
    operationId: 'getEntry',
    summary: 'Get an entry',
    description: 'Returns the entry with this id.',
    redis: '`XRANGE id id`',
    tag: 'entries',
    scope: 'read',
    answer: { description: 'The entry.', schema: Entry, example: FIRST },
    problems: ['stream-not-found', 'entry-not-found', 'entry-damaged', 'invalid-id']
  }
)

export const deleteEntries = operation(
  {
    params: StreamPath,
    body: BodyObject(
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
    example: { ids: [FIRST.id, MISSING_ID] },
    answer: {
      description: 'How many entries were deleted, and which did not exist.',
      schema: Type.Object(
        {
          deleted: Count('Number of entries deleted.'),
          notFound: Type.Array(AnsweredId('An id.'), {
            description: 'The ids in the request that did not exist.'
          })
        },
        { $id: 'DeletedEntries', description: 'The result of deleting entries.' }
      ),
      example: { deleted: 1, notFound: [MISSING_ID] }
    },
    problems: ['stream-not-found', 'invalid-id', 'entry-damaged', ...CHANGE]
  }
)

export const trimStream = operation(
  {
    params: StreamPath,
    body: BodyObject(trimMembers, {
      $id: 'TrimStreamRequest',
      description: 'What to keep: set either `maxLength` or `minId`.',
      minProperties: 1
    })
  },
  {
    operationId: 'trimStream',
    summary: 'Remove old entries',
    description:
      'Removes the oldest entries and keeps those that `maxLength` or `minId` selects. Pending entries stay pending.',
    redis: '`XTRIM`',
    tag: 'entries',
    scope: 'manage',
    example: { maxLength: 1 },
    answer: {
      description: 'The number of entries removed.',
      schema: Type.Object(
        { trimmed: Count('Number of entries removed.') },
        { $id: 'Trimmed', description: 'The result of trimming a stream.' }
      ),
      example: { trimmed: 1 }
    },
    problems: ['stream-not-found', 'invalid-id', ...CHANGE]
  }
)
