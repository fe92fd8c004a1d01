import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { badIntegers, badTexts, badValues, sample } from '../support/bad-values.ts'
import { bodyWith, locationsIn, MISSING } from '../support/body-locations.ts'
import { makeExampleData } from '../support/example-data.ts'
import { type Operation, operations } from '../support/openapi-document.ts'
import { openServer, type TestServer } from '../support/server.ts'

/** A request that must be refused. */
interface Case {
  readonly title: string
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly status?: number
  readonly code?: string
  /** Where the fault is. Undefined if the refusal points nowhere. */
  readonly pointer?: string
}

/** Parameters that may be empty: clients send them empty before they have received an event. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['lastEventId', 'last-event-id'])

const ofEngine = operations.filter(({ template }) => template.startsWith('/v1/'))

describe.each(ofEngine)('$operationId', (operation) => {
  let server: TestServer & { close(): Promise<void> }
  let directory: string
  let before: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'weir-test-'))
    server = await openServer(directory)
    await makeExampleData(server)
    before = await stateOf(server)
  })
  afterAll(async () => {
    await server.close()
    await rm(directory, { recursive: true })
  })

  const cases = [
    ...inPath(operation),
    ...inQuery(operation),
    ...inHeaders(operation),
    ...inBody(operation),
    ...ofWholeBody(operation)
  ]
  // `$title` would be cut at 40 characters.
  const titled = cases.map((refused) => [refused.title, refused] as const)
  it.each(titled)('refuses %s', async (_, { path = operation.path, body = operation.example, ...rest }) => {
    const { status = 400, code = 'invalid-request', pointer } = rest
    const answer = await server.send(operation.method, path, body, rest.headers)
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
    const { errors = [] } = answer.body
    const pointers = errors.map((fault: { pointer: string }) => fault.pointer)
    expect(pointers).toEqual(pointer === undefined ? [] : [pointer])
    expect(await stateOf(server)).toBe(before)
  })
})

/** The full descriptions of all streams, as JSON. */
async function stateOf({ engine }: TestServer): Promise<string> {
  const { streams } = await engine.listStreams({ prefix: '', limit: 1000 })
  const descriptions = streams.map(({ name }) => engine.describeStream({ stream: name, limit: 1000 }))
  return JSON.stringify(await Promise.all(descriptions), (_, value) =>
    typeof value === 'bigint' ? `${value}` : value
  )
}

function* inPath({ template, parameters, path }: Operation): Generator<Case> {
  for (const { name, schema } of parameters.filter((parameter) => parameter.in === 'path')) {
    const pathWith = (text: string) =>
      parameters.reduce(
        (filled, other) =>
          filled.replace(`{${other.name}}`, other.name === name ? text : (other.example ?? '')),
        template
      )
    for (const { what, value, code } of badTexts(schema)) {
      const text = encodeURIComponent(String(value))
      yield { title: `${what} as {${name}}`, path: pathWith(text), code, pointer: `/path/${name}` }
    }
    for (const text of ['%ff', '%zz', '%', '%ED%A0%80']) {
      yield { title: `${text} in {${name}}`, path: pathWith(text), pointer: '/path' }
    }
  }
  yield { title: 'an unknown parameter', path: `${path}?nonsense=1`, pointer: '/query/nonsense' }
  yield { title: 'a parameter __proto__', path: `${path}?__proto__=1`, pointer: '/query/__proto__' }
}

function* inQuery({ parameters, path }: Operation): Generator<Case> {
  for (const { name, schema } of parameters.filter((parameter) => parameter.in === 'query')) {
    const pointer = `/query/${name}`
    const refused = (what: string, text: string, code = 'invalid-request'): Case => {
      return { title: `${what} as ?${name}`, path: `${path}?${name}=${text}`, pointer, code }
    }
    const good = encodeURIComponent(String(sample(schema)))
    yield refused('two values', `${good}&${name}=${good}`)
    yield refused('invalid UTF-8', '%ff')
    yield refused('half an escape', '%f')
    if (schema.type === 'integer') {
      for (const text of ['', 'x', '1.5', '1e3', '0x1', '+1', '01', '%201', 'null', 'true']) {
        yield refused(`"${text}"`, text)
      }
    }
    for (const { what, value, code } of [...badTexts(schema), ...badIntegers(schema)]) {
      if (value === '' && MAY_BE_EMPTY.has(name)) continue
      yield refused(what, encodeURIComponent(String(value)), code)
    }
  }
}

function* inHeaders({ parameters }: Operation): Generator<Case> {
  for (const { name, schema } of parameters.filter((parameter) => parameter.in === 'header')) {
    if (schema.format === 'entry-id') {
      for (const { what, value, code } of badTexts(schema)) {
        const text = String(value)
        if (text === '' && MAY_BE_EMPTY.has(name)) continue
        // A header cannot contain other characters.
        if (!/^[\x20-\x7e]*$/.test(text)) continue
        yield { title: `${what} as ${name}`, headers: { [name]: text }, code, pointer: `/headers/${name}` }
      }
      continue
    }
    for (const value of ['"an-etag"', '', '*, *', '"*"']) {
      yield {
        title: `${value || 'nothing'} as ${name}`,
        headers: { [name]: value },
        pointer: `/headers/${name}`
      }
    }
  }
}

function* inBody(operation: Operation): Generator<Case> {
  if (operation.body === undefined) return
  for (const location of locationsIn(operation.body)) {
    const { pointer, schema, isRequired } = location
    const name = pointer === '' ? 'the body' : pointer
    const send = (value: unknown) => ({
      body: JSON.stringify(bodyWith(operation, location, value)),
      pointer
    })
    if (isRequired && pointer !== '') yield { title: `a request without ${name}`, ...send(MISSING) }
    for (const { what, value, code, below = '' } of badValues(schema)) {
      yield { title: `${what} as ${name}`, ...send(value), code, pointer: pointer + below }
    }
  }
}

const OTHER_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=latin1',
  'nonsense'
]
const NINE_MIB = 9 * 1024 * 1024

function* ofWholeBody({ method, body, example }: Operation): Generator<Case> {
  if (body === undefined) {
    if (method !== 'GET') yield { title: 'a body', body: '{}', pointer: '' }
    return
  }
  const text = JSON.stringify(example)
  const isOptional = body.required === undefined && body.minProperties === undefined
  if (!isOptional) yield { title: 'an empty body', body: '', pointer: '' }
  yield { title: 'a truncated body', body: text.slice(0, -1), pointer: '' }
  yield { title: 'two bodies', body: text + text, pointer: '' }
  yield { title: 'a body with an extra comma', body: text.replace('}', ',}'), pointer: '' }
  yield {
    title: 'a body that is not UTF-8',
    body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    pointer: ''
  }
  yield { title: 'a surrogate in UTF-8', body: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), pointer: '' }
  for (const type of OTHER_TYPES) {
    const refused = { status: 415, code: 'unsupported-media-type' }
    yield { title: `a body of type ${type}`, body: text, headers: { 'content-type': type }, ...refused }
  }
  const compressed = { status: 415, code: 'unsupported-media-type', headers: { 'content-encoding': 'gzip' } }
  yield { title: 'a compressed body', body: text, ...compressed }
  const large = `{"x":"${'x'.repeat(NINE_MIB)}"}`
  yield { title: 'a body of 9 MiB', body: large, status: 413, code: 'body-too-large' }
}
