import type { TSchema } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyInstance, FastifyRequest, preValidationHookHandler } from 'fastify'
import { parseBody } from './body.ts'
import { explain } from './explain.ts'
import { jsonPointer } from './json-pointer.ts'
import { ID_FORMAT } from './operations/schemas.ts'
import { type Fault, invalidRequest, MAX_FAULTS, Problem } from './problem.ts'
import { addHook } from './route-hooks.ts'
import { visitOf } from './visit.ts'

/** What a route says about the requests that it takes. `body: false` takes none. */
interface RequestSchema {
  readonly params?: TSchema
  readonly querystring?: TSchema
  readonly headers?: TSchema
  readonly body?: TSchema | false
}

/**
 * Checks every request of an operation as a whole before its handler runs, and fills in defaults. All that is wrong
 * with it is told at once, with a pointer to each spot; Fastify's own validation would stop at the first part.
 * Bodies are taken as they are; of a query, which is text, integers are read.
 */
export function checkRequests(app: FastifyInstance): void {
  const ajv = new Ajv({ strict: true, useDefaults: true, validateFormats: false })
  const compiled = new Map<TSchema, ValidateFunction>()
  const compile = (schema: TSchema): ValidateFunction => {
    const known = compiled.get(schema)
    if (known !== undefined) return known
    const validate = ajv.compile(forValidation(schema))
    compiled.set(schema, validate)
    return validate
  }
  app.addHook('onRoute', (route) => {
    if (route.schema?.operationId === undefined) return
    route.validatorCompiler = () => () => true
    addHook(route, 'preValidation', requestCheck(route.schema as RequestSchema, compile))
  })
}

/** Puts the faults that one part of a request has into the list. */
type PartCheck = (request: FastifyRequest, faults: Fault[]) => void

function requestCheck(
  schema: RequestSchema,
  compile: (schema: TSchema) => ValidateFunction
): preValidationHookHandler {
  const checks: PartCheck[] = []
  const { params, querystring, headers, body } = schema
  if (params !== undefined) checks.push(textCheck('params', '/path', params, compile(params)))
  if (querystring !== undefined) checks.push(textCheck('query', '/query', querystring, compile(querystring)))
  if (headers !== undefined) checks.push(textCheck('headers', '/headers', headers, compile(headers)))
  if (body === false) checks.push(refuseBody)
  else if (body !== undefined) checks.push(bodyCheck(body, compile(body)))
  return (request, reply, done) => {
    const faults: Fault[] = []
    for (const check of checks) check(request, faults)
    visitOf(reply.raw).bodyParsed()
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
    if (!validate(values)) collect(faults, schema, values, [name.slice(1)], validate)
  }
}

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/

function bodyCheck(schema: TSchema, validate: ValidateFunction): PartCheck {
  const isOptional = schema['required'] === undefined
  return (request, faults) => {
    const bytes = request.body as Buffer | undefined
    if (bytes === undefined || bytes.length === 0) {
      if (!isOptional) {
        faults.push({ pointer: '', detail: 'A JSON object is needed in the body, which is empty' })
        return
      }
      request.body = {}
    } else {
      request.body = tryParsing(bytes, faults)
    }
    if (request.body !== undefined && !validate(request.body))
      collect(faults, schema, request.body, [], validate)
  }
}

/** Undefined when the bytes are no JSON that can be accepted; then there are faults. */
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
  if (bytes === undefined || bytes.length === 0) return
  faults.push({ pointer: '', detail: 'This operation takes no body' })
}

function collect(
  faults: Fault[],
  schema: TSchema,
  value: unknown,
  path: readonly string[],
  { errors }: ValidateFunction
): void {
  const before = faults.length
  for (const fault of explain(schema, value, path)) {
    if (faults.length >= MAX_FAULTS) return
    faults.push(fault)
  }
  if (faults.length > before) return
  // The schema says more than `explain` understands.
  for (const { message = 'Not valid' } of errors ?? [])
    faults.push({ pointer: jsonPointer(path), detail: message })
}

/** The schema without what is documentation only: names, and what is said of the text of ids. */
function forValidation(schema: TSchema): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => {
      if (key === '$id') return undefined
      return value?.format === ID_FORMAT ? { type: 'string', default: value.default } : value
    })
  )
}
