import type { TSchema } from '@sinclair/typebox'
import leven from 'leven'
import { ID_FORMAT } from '../operations/schemas.ts'
import { jsonPointer } from '../problems/json-pointer.ts'
import type { Fault } from '../problems/problem.ts'
import { shown } from '../problems/shown.ts'
import { MALFORMED, REPEATED } from './query.ts'

/**
 * Like `explain`, for the parameters of a path or a query, or for headers, whose values are texts without
 * quotes.
 */
export function* explainTexts(schema: TSchema, values: unknown, path: readonly string[]): Generator<Fault> {
  for (const fault of explain(schema, values, path)) {
    const name = fault.pointer.slice(fault.pointer.lastIndexOf('/') + 1)
    const text = Object.hasOwn(values as object, name) ? (values as Record<string, unknown>)[name] : undefined
    const type: unknown = schema['properties'][name]?.type
    if (type !== 'integer' || typeof text !== 'string') yield fault
    else yield { ...fault, detail: notAnInteger(text) }
  }
}

function notAnInteger(text: string): string {
  if (text === '') return 'Expected an integer, got nothing: leave out the parameter to use its default'
  return `Expected an integer, got ${shown(text, MAX_SHOWN)}`
}

const MAX_SHOWN = 50

/**
 * Yields what is wrong with a value. It finds the faults one by one, because a body may contain millions. It
 * knows the part of JSON Schema that the requests use, and describes each fault in a helpful sentence.
 */
export function* explain(schema: TSchema, value: unknown, path: readonly string[]): Generator<Fault> {
  const fault = (detail: string): Fault => ({ pointer: jsonPointer(path), detail })
  if (!isOfType(schema['type'], value)) {
    yield fault(wrongType(schema['type'], value))
    return
  }
  if (Array.isArray(value)) {
    yield* explainItems(schema, value, path)
  } else if (typeof value === 'object' && value !== null) {
    yield* explainMembers(schema, value as Record<string, unknown>, path)
  } else if (typeof value === 'string') {
    for (const detail of textFaults(schema, value)) yield fault(detail)
  } else if (typeof value === 'number') {
    const { minimum = value, maximum = value } = schema
    if (value < minimum) yield fault(`Must be at least ${minimum}, got ${value}`)
    if (value > maximum) yield fault(`Must be at most ${maximum}, got ${value}`)
  }
}

function* explainItems(schema: TSchema, items: unknown[], path: readonly string[]): Generator<Fault> {
  const { length } = items
  const { minItems = 0, maxItems = length } = schema
  if (length < minItems)
    yield {
      pointer: jsonPointer(path),
      detail: `Must have at least ${minItems} item${minItems === 1 ? '' : 's'}`
    }
  if (length > maxItems) {
    yield { pointer: jsonPointer(path), detail: `Must have at most ${maxItems} items, got ${length}` }
  }
  // The rest of a list that is too long may contain millions of faults.
  for (const [index, item] of items.slice(0, maxItems).entries()) {
    yield* explain(schema['items'], item, [...path, `${index}`])
  }
}

function* explainMembers(
  schema: TSchema,
  members: Record<string, unknown>,
  path: readonly string[]
): Generator<Fault> {
  const { properties = {}, required = [], additionalProperties: others, minProperties = 0 } = schema
  const names = Object.keys(members)
  const { maxProperties = names.length } = schema
  if (names.length < minProperties)
    yield { pointer: jsonPointer(path), detail: 'Must have at least one member' }
  if (names.length > maxProperties) {
    yield {
      pointer: jsonPointer(path),
      detail: `Must have at most ${maxProperties} members, got ${names.length}`
    }
    return
  }
  for (const name of required as string[]) {
    if (!Object.hasOwn(members, name))
      yield { pointer: jsonPointer([...path, name]), detail: 'Required, but missing' }
  }
  for (const name of names) {
    const memberPath = [...path, name]
    if (Object.hasOwn(properties, name)) yield* explain(properties[name], members[name], memberPath)
    else if (others === false)
      yield { pointer: jsonPointer(memberPath), detail: noSuchMember(Object.keys(properties), name) }
    else if (typeof others === 'object') yield* explain(others, members[name], memberPath)
  }
}

function* textFaults(schema: TSchema, text: string): Generator<string> {
  // Ids are checked where they are parsed.
  if (schema['format'] === ID_FORMAT) return
  const { minLength = 0, maxLength, pattern } = schema
  const allowed: unknown = schema['enum']
  const length = codePoints(text)
  if (length < minLength) yield 'Must not be empty'
  if (length > maxLength) yield `Must have at most ${maxLength} characters, got ${length}`
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text))
    yield 'Must not contain control characters'
  if (Array.isArray(allowed) && !allowed.includes(text)) yield `Must be ${allowed.map(quoted).join(' or ')}`
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function isOfType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  integer: 'an integer',
  object: 'an object',
  string: 'a string'
}

function wrongType(type: string, value: unknown): string {
  if (value === MALFORMED) return 'Not valid percent-encoded UTF-8'
  if (value === REPEATED) return 'Given more than once'
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `Expected a string, got ${value}: put it in quotes`
  }
  const isQuoted = typeof value === 'string' && UNQUOTED[type]?.test(value) === true
  return `Expected ${NOUNS[type]}, got ${nounOf(value)}${isQuoted ? ': leave out the quotes' : ''}`
}

/** Texts that would be values of the type without their quotes. */
const UNQUOTED: Readonly<Record<string, RegExp>> = { integer: /^-?\d+$/, boolean: /^(?:true|false)$/ }

function nounOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a string' : `${value}`
}

function noSuchMember(allowed: readonly string[], name: string): string {
  if (allowed.length === 0) return 'Unknown name. Allowed: none'
  const nearestFirst = allowed.toSorted((a, b) => distance(name, a) - distance(name, b))
  return `Unknown name. Allowed: ${nearestFirst.map(quoted).join(', ')}`
}

function quoted(text: string): string {
  return `"${text}"`
}

/** The edit distance between two names, ignoring case. Of a long `a`, only the first 32 characters count. */
function distance(a: string, b: string): number {
  return leven(a.slice(0, 32).toLowerCase(), b.toLowerCase())
}
