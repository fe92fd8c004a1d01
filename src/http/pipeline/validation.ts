import type { TSchema } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyRequest, preValidationHookHandler } from 'fastify'
import { exchangeOf } from '../limits/exchange.ts'
import { ID_FORMAT, isForDocument, isOptionalBody } from '../operations/schemas.ts'
import { type Fault, invalidRequest, MAX_FAULTS, Problem } from '../problems/problem.ts'
import { isEmptyBody, parseBody, withoutMark } from './body.ts'
import { explain, explainTexts } from './explain.ts'
import { dropNulls } from './nulls.ts'

/** The schemas of the requests of a route. `body: false` allows no body. */
interface RequestSchema {
  readonly params?: TSchema
  readonly querystring?: TSchema
  readonly headers?: TSchema
  readonly body?: TSchema | false
}

const ajv = new Ajv({ strict: true, useDefaults: true, validateFormats: false })
const compiled = new WeakMap<TSchema, ValidateFunction>()

/** All servers of the process share compiled schemas, so that the warm-up of one warms up the others. */
function compile(schema: TSchema): ValidateFunction {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const validate = ajv.compile(forValidation(schema))
  compiled.set(schema, validate)
  return validate
}

/** Checks one part of a request, and adds its faults to the list. */
type PartCheck = (request: FastifyRequest, faults: Fault[]) => void

/**
 * Validates a whole request, and fills in defaults. Reports all faults at once, each with a pointer.
 * Fastify's own validation would stop at the first part. Parses integers in paths, queries and headers, which
 * are text, but converts nothing in bodies.
 */
export function checkRequest(schema: RequestSchema): preValidationHookHandler {
  const checks: PartCheck[] = []
  const { params, querystring, headers, body } = schema
  if (params !== undefined) checks.push(textCheck('params', 'path', params, compile(params)))
  if (querystring !== undefined) checks.push(textCheck('query', 'query', querystring, compile(querystring)))
  if (headers !== undefined) checks.push(textCheck('headers', 'headers', headers, compile(headers)))
  if (body === false) checks.push(refuseBody)
  else if (body !== undefined) checks.push(bodyCheck(body, compile(body)))
  return (request, reply, done) => {
    const faults: Fault[] = []
    for (const check of checks) check(request, faults)
    exchangeOf(reply.raw).bodyParsed()
    if (faults.length === 0) done()
    else done(invalidRequest(faults))
  }
}

function textCheck(
  part: 'params' | 'query' | 'headers',
  name: string,
  schema: TSchema,
  validate: ValidateFunction
): PartCheck {
  const integers = Object.entries<TSchema>(schema['properties'])
    .filter(([, { type }]) => type === 'integer')
    .map(([property]) => property)
  return (request, faults) => {
    const values = request[part] as Record<string, unknown>
    for (const property of integers) {
      const value = values[property]
      if (typeof value === 'string' && INTEGER.test(value)) values[property] = Number(value)
    }
    if (!validate(values)) collect(faults, explainTexts(schema, values, [name]), validate)
  }
}

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/

function bodyCheck(schema: TSchema, validate: ValidateFunction): PartCheck {
  const isOptional = isOptionalBody(schema)
  return (request, faults) => {
    const bytes = request.body as Buffer | undefined
    if (isMissing(bytes)) {
      request.body = null
      if (!isOptional) {
        faults.push({ pointer: '', detail: 'The body is empty, but must be a JSON object' })
        return
      }
    } else {
      request.body = tryParsing(bytes, faults)
    }
    if (request.body === undefined) return
    if (request.body === null && isOptional) request.body = {}
    if (!validate(request.body) && !isValidWithoutNulls(schema, request.body, validate))
      collect(faults, explain(schema, request.body, []), validate)
  }
}

function isMissing(bytes: Buffer | undefined): bytes is undefined {
  return bytes === undefined || isEmptyBody(bytes)
}

/** Removes nulls only from bodies that are invalid with them, so that other bodies cost nothing more. */
function isValidWithoutNulls(schema: TSchema, body: unknown, validate: ValidateFunction): boolean {
  return dropNulls(schema, body) && validate(body)
}

/** Undefined if the bytes cannot be accepted as JSON. Then it has added faults. */
function tryParsing(bytes: Buffer, faults: Fault[]): unknown {
  try {
    return parseBody(bytes)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    faults.push(...error.faults)
    return undefined
  }
}

function refuseBody(request: FastifyRequest, faults: Fault[]): void {
  const bytes = request.body as Buffer | undefined
  if (isMissing(bytes) || isNull(bytes)) return
  faults.push({ pointer: '', detail: 'This operation takes no body' })
}

/** Some clients send `null` instead of no body. */
function isNull(bytes: Buffer): boolean {
  return bytes.length < 10 && withoutMark(bytes.toString('utf8')).trim() === 'null'
}

function collect(faults: Fault[], explained: Iterable<Fault>, { errors }: ValidateFunction): void {
  const before = faults.length
  for (const fault of explained) {
    if (faults.length >= MAX_FAULTS) return
    faults.push(fault)
  }
  if (faults.length > before) return
  // The schema uses more than `explain` knows.
  for (const { message = 'Invalid', instancePath } of errors ?? [])
    faults.push({ pointer: instancePath, detail: message })
}

/** The schema without what is only documentation: names, descriptions of places, and the pattern and length of ids. */
function forValidation(schema: TSchema): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => {
      if (isForDocument(key)) return undefined
      return value?.format === ID_FORMAT ? { type: 'string', default: value.default } : value
    })
  )
}
