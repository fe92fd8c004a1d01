import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { invalidRequest } from '../problems/problem.ts'

/** Maximum number of entries or ids in a request, and of items on a page. */
export const MAX_ITEMS = 1000
/** Maximum number of fields of an entry. */
export const MAX_FIELDS = 1000
/** Maximum number of fields of all entries of a request. */
export const MAX_TOTAL_FIELDS = 100_000
/** In Unicode code points, as JSON Schema counts. */
export const MAX_NAME_LENGTH = 256

interface Described {
  readonly $id?: string
  readonly description: string
}

/** An object in a body, or a query. Unknown members and parameters are refused. */
export function Closed<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return Type.Object(properties, { ...options, additionalProperties: false })
}

/** Whether a request may have no body, or null as its body. */
export function isOptionalBody(body: TSchema): boolean {
  return body['required'] === undefined && body['minProperties'] === undefined
}

/**
 * A member that may be omitted. It is then `value` when the handler runs. The document shows it as optional,
 * which TypeBox alone would not do.
 */
export function Default<S extends TSchema>(schema: S, value: Static<S>): S {
  return Type.Optional({ ...schema, default: value }) as unknown as S
}

/** One of several strings, as an `enum` instead of the `anyOf` of TypeBox. */
export function OneOf<const V extends readonly string[]>(values: V, options: Described) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options })
}

/** Whether a keyword of a schema is only for the document: names, which may occur more than once, and extensions. */
export function isForDocument(keyword: string): boolean {
  return keyword === '$id' || keyword.startsWith('x-')
}

/** A value or null. */
export function Nullable<S extends TSchema>(schema: S, description?: string) {
  const here = description === undefined ? schema : Here(schema, description)
  return Type.Unsafe<Static<S> | null>({ ...here, nullable: true })
}

/**
 * A schema with a name, where it has a description of its own. In the document, a reference to the named schema
 * has this description.
 */
export function Here<S extends TSchema>(schema: S, description: string): S {
  return { ...schema, 'x-here': description }
}

/** The name of a stream, group or consumer. */
export function Name(description: string, example: string) {
  return Type.String({
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    pattern: '^[^\\x00-\\x1f\\x7f-\\x9f]*$',
    description: `${description}. 1 to ${MAX_NAME_LENGTH} characters without control characters.`,
    examples: [example]
  })
}

/**
 * Marks strings that are ids. Their pattern and length are only documentation: operations parse ids, because
 * an invalid id has a problem code of its own.
 */
export const ID_FORMAT = 'entry-id'

const ID = '(0|[1-9][0-9]{0,19})(-(0|[1-9][0-9]{0,19}))?'

/** An id in a request or an answer. */
const EntryId = Type.Unsafe<string>({
  ...IdString(
    `^${ID}$`,
    'The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response always contains it.'
  ),
  $id: 'EntryId'
})

/** An id in a request. */
export function Id(description: string) {
  return Here(EntryId, description)
}

/** An id at the upper end of a range. */
export function UpperId(description: string) {
  return Here(
    EntryId,
    `${description} If \`-<seq>\` is omitted, the sequence number is the highest possible one.`
  )
}

/** An id, or `last` for the last id of the stream. */
export function Position(description: string) {
  return IdString(`^(${ID}|last)$`, `${description} An id, or \`last\` for the last id of the stream.`)
}

/** The id of an entry to append: also `<ms>-*`. */
export function NewId(description: string) {
  return IdString(`^(${ID}|(0|[1-9][0-9]{0,19})-\\*)$`, description)
}

/** An id in an answer. */
export function AnswerId(description: string) {
  return Here(EntryId, description)
}

/** In an answer: where to continue. */
export function NextPosition(description: string) {
  return AnswerId(
    `${description} Continuing there neither skips nor repeats entries, whatever has been trimmed or deleted since. It is the id of the last entry in the response. If the response has no entries, it is the position from the request, or for "last" the stream's last id at the time of the request.`
  )
}

function IdString(pattern: string, description: string) {
  return Type.String({
    format: ID_FORMAT,
    pattern,
    maxLength: 41,
    description,
    examples: ['1767225600000-0']
  })
}

/** An integer from `minimum` to the highest one that a double represents exactly. */
export function Count(description: string, minimum = 0) {
  return Type.Integer({ format: 'int64', minimum, maximum: Number.MAX_SAFE_INTEGER, description })
}

/**
 * For the description of an operation whose answer may be shorter than requested without being the last one.
 */
export const ANSWER_LIMIT =
  'A response contains at most 16 MiB of entries, or a single larger entry, even if the request allows more. The next request returns the rest.'

/** For the description of an operation that may wait: the answer also needs time on its way. */
export const CLIENT_TIMEOUT = 'Set the time-out of the client for this request to `waitMs` + 5 seconds.'

/** Maximum number of items on a page or in a delivery. */
export function PageSize(description: string, value: number) {
  return Default(Type.Integer({ format: 'int32', minimum: 1, maximum: MAX_ITEMS, description }), value)
}

/** Where the next page continues, in a request and in an answer. */
export const Cursor = Type.String({ maxLength: 2048, description: 'The `cursor` of the previous page.' })
export const NextCursor = Type.Optional(
  Type.String({ description: 'Where the next page starts. Omitted on the last page.' })
)

/** The query of a list that has pages in the order of names. */
export function PageQuery(what: string) {
  return { limit: PageSize(`Maximum number of ${what} on the page.`, 100), cursor: Type.Optional(Cursor) }
}

export function Flag(description: string, value: boolean) {
  return Default(Type.Boolean({ description }), value)
}

/** What happens to the pending entries of a group that is deleted. */
export const PendingPolicy = Default(
  OneOf(['refuse', 'drop'], {
    $id: 'GroupPendingPolicy',
    description:
      'What to do if entries are pending: `refuse` the request, or `drop` the entries from the pending list.'
  }),
  'refuse'
)

/** How long a read waits for entries when there are none. */
export function WaitMs(maxWaitMs: number) {
  const description =
    'How long to wait if there are no entries, in milliseconds. With 0, the request does not wait.'
  return Default(Type.Integer({ format: 'int32', minimum: 0, maximum: maxWaitMs, description }), 0)
}

/** The ids that a request names. */
export function Ids(description: string) {
  return Type.Array(Id('The id of an entry.'), { minItems: 1, maxItems: MAX_ITEMS, description })
}

// Not a TypeBox record, which would match each name against a pattern.
const fields = {
  type: 'object',
  additionalProperties: { type: 'string' },
  minProperties: 1,
  description: 'The content of an entry: names and values, all strings.',
  examples: [{ order: '1001', total: '49.90' }]
}

/** The fields of an entry. */
export const Fields = Type.Unsafe<Record<string, string>>({ $id: 'Fields', ...fields })

/** The fields of an entry to append. An entry that a native Redis client appended may have more. */
export const NewFields = Type.Unsafe<Record<string, string>>({
  ...fields,
  maxProperties: MAX_FIELDS,
  description: `The content of the entry: names and values, all strings. At most ${MAX_FIELDS} fields per entry and ${MAX_TOTAL_FIELDS} per request.`
})

/** The members of an entry in an answer that name its base64 fields. */
export const encoded = {
  base64: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'The names of fields whose values are base64, because a native Redis client wrote bytes that are not valid UTF-8. Omitted if there are none.'
    })
  ),
  base64Names: Type.Optional(
    Type.Array(Type.String(), {
      description: 'The field names that are base64 themselves, for the same reason.'
    })
  )
}

export const StreamEntry = Type.Object(
  { id: AnswerId('The id of the entry.'), fields: Fields, ...encoded },
  { $id: 'StreamEntry', description: 'An entry of a stream.' }
)

export const StreamPath = Type.Object({ stream: Name('The name of the stream', 'orders') })
export const GroupPath = Type.Object({
  ...StreamPath.properties,
  group: Name('The name of the group', 'billing')
})
export const ConsumerPath = Type.Object({
  ...GroupPath.properties,
  consumer: Name('The name of the consumer', 'bob')
})

/** A range of ids in a query: `from` or `after`, and `to` or `before`. Operations refuse both of a pair. */
export const RangeQuery = {
  from: Type.Optional(Id('The first id of the range. If omitted, the range starts at the first entry.')),
  after: Type.Optional(Id('The range starts after this id. Cannot be combined with `from`.')),
  to: Type.Optional(UpperId('The last id of the range. If omitted, the range ends at the last entry.')),
  before: Type.Optional(UpperId('The range ends before this id. Cannot be combined with `to`.'))
}

/** The header of a request that creates something only if it does not exist. */
export const IfNoneMatch = Type.Object({
  'if-none-match': Type.Optional(
    Type.String({
      description:
        'With `*`, the request is refused if the stream or group already exists. No other value is allowed.'
    })
  )
})

/** Whether a request may only create something. Throws invalid-request for any value but `*`. */
export function isOnlyNew({ 'if-none-match': value }: Static<typeof IfNoneMatch>): boolean {
  if (value !== undefined && value !== '*')
    throw invalidRequest([{ pointer: '/headers/if-none-match', detail: 'Must be "*"' }])
  return value !== undefined
}
