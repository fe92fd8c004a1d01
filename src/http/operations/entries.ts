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
  maxLength: Type.Optional(Count('Keep so many of the last entries; not together with `minId`.')),
  minId: Type.Optional(Id('Keep the entries from this id on; not together with `maxLength`.')),
  approximate: Flag('Remove whole blocks only, which is cheaper, and keep a little more for it.', false),
  limit: Type.Optional(Count('Remove at most so many entries; only with `approximate`.', 1))
}
const Trim = BodyObject(trimMembers, {
  $id: 'Trim',
  description: 'What to keep of a stream: `maxLength` or `minId` says it.'
})
export type TrimBody = Static<typeof Trim>

const NewEntry = BodyObject(
  {
    fields: NewFields,
    id: Type.Optional(
      NewId(
        'Its id, above the last one. Left out, the next id; "<ms>-*" for the next one of that ms; "<ms>" means "<ms>-0".'
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
      description: 'What to append, in order.'
    }),
    createStream: Flag('Make the stream if it does not exist.', true),
    trim: Type.Optional(Trim)
  },
  { $id: 'AppendEntriesRequest', description: 'Entries to append, all of them or none.' }
)

export const appendEntries = operation(
  { params: StreamPath, body: AppendEntriesRequest },
  {
    operationId: 'appendEntries',
    summary: 'Append entries',
    description:
      'All of them or none. What is answered here is kept. `trim` removes old entries in the same step. It needs the ' +
      'scope `manage`, and so does an id that lies more than a day ahead.',
    redis: '`XADD`, with `NOMKSTREAM`, `MAXLEN` and `MINID`',
    tag: 'entries',
    scope: 'append',
    example: { entries: [{ fields: FIRST.fields }, { fields: SECOND.fields }] },
    answer: {
      status: 201,
      description: 'The ids that the entries got, in the order of the request.',
      schema: Type.Object(
        { ids: Type.Array(AnsweredId('The id of an entry.'), { description: 'One for each entry.' }) },
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
    entries: Type.Array(Entry, { description: 'The entries; none when there was nothing to read.' }),
    next: NextPlace('Where to continue: send it as `after`, with `order=desc` as `before`.')
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
            'The range begins behind it; not together with `from`. With "last", only what is appended from now on.'
          )
        ),
        order: Default(OneOf(['asc', 'desc'], { description: 'Oldest or newest first.' }), 'asc'),
        limit: PageSize('How many entries the page may have.', 100),
        waitMs: WaitMs(maxWaitMs)
      })
    },
    {
      operationId: 'listEntries',
      summary: 'List the entries of a range',
      description:
        'A page of entries. The next one begins `after` the `next` of this one (with `order=desc`, `before` it), whether ' +
        'this one has entries or not. A page may have fewer entries than `limit` and not be the last one. With `waitMs` ' +
        `an empty page waits for the first entry of the range. \`tailEntries\` follows the stream. ${ANSWER_ROOM}`,
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
    summary: 'Look at one entry',
    description: 'The entry with this id.',
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
      { ids: Ids('The entries to delete.') },
      { $id: 'DeleteEntriesRequest', description: 'Entries to delete.' }
    )
  },
  {
    operationId: 'deleteEntries',
    summary: 'Delete entries by id',
    description: 'Pending entries stay pending: a deleted one is delivered again with `fields: null`.',
    redis: '`XDEL`',
    tag: 'entries',
    scope: 'manage',
    example: { ids: [FIRST.id, MISSING_ID] },
    answer: {
      description: 'How many there were, and which were not there.',
      schema: Type.Object(
        {
          deleted: Count('How many entries were deleted.'),
          notFound: Type.Array(AnsweredId('An id.'), { description: 'Those named that did not exist.' })
        },
        { $id: 'DeletedEntries', description: 'What became of the entries to delete.' }
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
      description: 'What to keep: exactly one of `maxLength` and `minId` says it.',
      minProperties: 1
    })
  },
  {
    operationId: 'trimStream',
    summary: 'Remove old entries',
    description:
      'The oldest ones, until the stream is as short or as young as asked. Pending entries stay pending.',
    redis: '`XTRIM`',
    tag: 'entries',
    scope: 'manage',
    example: { maxLength: 1 },
    answer: {
      description: 'How many entries were removed.',
      schema: Type.Object(
        { trimmed: Count('How many entries were removed.') },
        { $id: 'Trimmed', description: 'How many entries a trim removed.' }
      ),
      example: { trimmed: 1 }
    },
    problems: ['stream-not-found', 'invalid-id', ...CHANGE]
  }
)
