import { resolve, type Schema } from './openapi-document.ts'

/** A value that a schema refuses, and the refusal. */
export interface BadValue {
  /** A description that completes "refuses …". */
  readonly what: string
  readonly value: unknown
  readonly code: 'invalid-request' | 'invalid-id'
  /** The pointer from the value to the fault. Undefined if the value itself is at fault. */
  readonly below?: string
}

/** Texts that are not valid as any kind of id. */
export const MALFORMED_IDS: readonly string[] = [
  '',
  '1-',
  '-1',
  '-',
  '01-1',
  '1-01',
  '+1',
  ' 1',
  '1 ',
  '1-2-3',
  '1.5',
  '0x1',
  '1e3',
  'first',
  '١-١',
  '*',
  '18446744073709551616',
  '1-18446744073709551616',
  '9'.repeat(1000)
]

const OF_TYPE = {
  string: { what: 'a string', value: 'nonsense' },
  integer: { what: 'a number', value: 7 },
  boolean: { what: 'a boolean', value: true },
  array: { what: 'an array', value: [] },
  object: { what: 'an object', value: {} }
} as const

/** One bad value for each kind of mistake that a value in a body can have, except null. */
export function* badValues(schema: Schema): Generator<BadValue> {
  for (const [type, other] of Object.entries(OF_TYPE)) {
    if (type !== schema.type) yield { ...other, code: 'invalid-request' }
  }
  switch (schema.type) {
    case 'string':
      yield { what: 'half of a surrogate pair', value: 'a\ud800b', code: 'invalid-request' }
      yield* badTexts(schema)
      return
    case 'integer':
      yield { what: 'a fraction', value: 1.5, code: 'invalid-request' }
      yield* badIntegers(schema)
      return
    case 'array':
      yield* badArrays(schema)
      return
    case 'object':
      yield* badObjects(schema)
  }
}

/** The bad values that are also possible in a path or a query. */
export function* badTexts(schema: Schema): Generator<BadValue> {
  const { format, minLength, maxLength = 0, pattern, enum: allowed } = schema
  if (format === 'entry-id') {
    for (const value of badIds(schema)) {
      yield { what: JSON.stringify(value.slice(0, 40)), value, code: 'invalid-id' }
    }
    return
  }
  if (minLength !== undefined) yield { what: 'an empty string', value: '', code: 'invalid-request' }
  if (maxLength > 0) {
    const length = maxLength + 1
    yield { what: `${length} letters`, value: 'x'.repeat(length), code: 'invalid-request' }
    yield { what: `${length} emoji`, value: '😀'.repeat(length), code: 'invalid-request' }
  }
  if (pattern !== undefined) {
    for (const character of ['\u0000', '\n', '\u001f', '\u007f', '\u0085', '\u009f']) {
      const what = `the control character U+00${character.charCodeAt(0).toString(16).padStart(2, '0')}`
      yield { what, value: `a${character}b`, code: 'invalid-request' }
    }
  }
  if (allowed !== undefined)
    yield { what: 'a word that is not allowed', value: 'nonsense', code: 'invalid-request' }
}

/** Malformed ids, and texts that only other members accept in place of an id. */
function badIds({ pattern = '' }: Schema): string[] {
  const notAllowed = ['last', '1-*'].filter((text) => !new RegExp(pattern).test(text))
  return [...MALFORMED_IDS, ...notAllowed]
}

export function* badIntegers({ minimum, maximum }: Schema): Generator<BadValue> {
  if (minimum !== undefined)
    yield { what: 'one below the minimum', value: minimum - 1, code: 'invalid-request' }
  if (maximum !== undefined)
    yield { what: 'one above the maximum', value: maximum + 1, code: 'invalid-request' }
}

function* badArrays({ items = {}, minItems, maxItems }: Schema): Generator<BadValue> {
  if (minItems !== undefined) yield { what: 'an empty array', value: [], code: 'invalid-request' }
  if (maxItems !== undefined) {
    const value = Array.from({ length: maxItems + 1 }, () => sample(items))
    yield { what: `${maxItems + 1} items`, value, code: 'invalid-request' }
  }
}

function* badObjects(schema: Schema): Generator<BadValue> {
  const good = sample(schema) as object
  const isMap = schema.additionalProperties !== false
  if (schema.minProperties !== undefined)
    yield { what: 'an empty object', value: {}, code: 'invalid-request' }
  const { maxProperties } = schema
  if (maxProperties !== undefined) {
    const value = Object.fromEntries(Array.from({ length: maxProperties + 1 }, (_, n) => [`f${n}`, 'x']))
    yield { what: `${maxProperties + 1} members`, value, code: 'invalid-request' }
  }
  if (!isMap) {
    const value = { ...good, nonsense: 'x' }
    yield { what: 'an unknown member', value, code: 'invalid-request', below: '/nonsense' }
  }
  // The computed name creates a member. Written as a literal, it would set the prototype.
  const trapped = { ...good, ['__proto__']: 'x' }
  yield { what: 'a member __proto__', value: trapped, code: 'invalid-request', below: '/__proto__' }
  const halved = { ...good, 'a\udc00': 'x' }
  yield { what: 'a name with half of a surrogate pair', value: halved, code: 'invalid-request' }
}

/** The smallest value that the schema accepts, or its example. */
export function sample(reference: Schema): unknown {
  const schema = resolve(reference)
  if (schema.example !== undefined) return schema.example
  switch (schema.type) {
    case 'string':
      return schema.enum?.[0] ?? 'x'
    case 'integer':
      return schema.minimum ?? 0
    case 'boolean':
      return false
    case 'array':
      return [sample(schema.items ?? {})]
    default:
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {})])
      )
  }
}
