import { describe, expect, it } from 'vitest'
import document from '../../openapi/openapi.json' with { type: 'json' }
import document31 from '../../openapi/openapi-3.1.json' with { type: 'json' }
import { PROBLEMS } from '../../src/http/problems/problem.ts'

/** A schema, or any other part of a document. */
type Node = Readonly<Record<string, unknown>>

interface Operation {
  readonly operationId: string
  readonly description: string
  readonly tags: readonly string[]
  readonly 'x-codes': readonly string[]
  readonly parameters?: readonly { readonly name: string; readonly schema: Node }[]
  readonly requestBody?: Node
  readonly responses: Readonly<Record<string, Node>>
}

const operations = Object.values(document.paths as object).flatMap((path) => Object.values<Operation>(path))
const schemas: Readonly<Record<string, Node>> = document.components.schemas

describe.each(operations)('$operationId', (operation) => {
  it('is refused with the same problem, whatever the status', () => {
    const { '4XX': client, '5XX': server, ...answers } = operation.responses
    expect([client, server]).toEqual(Array(2).fill({ $ref: '#/components/responses/Problem' }))
    expect(Object.keys(answers)).toEqual([expect.stringMatching(/^20[01]$/)])
  })

  it('lists its codes, in order', () => {
    const codes = operation['x-codes']
    expect(codes).toEqual([...new Set(codes)].toSorted())
    expect(codes).toContain('internal')
    for (const code of codes) expect(PROBLEMS).toHaveProperty([code])
    const explained = /Problems, besides those of any request: (.*)\./.exec(operation.description)?.[1] ?? ''
    for (const [, code] of explained.matchAll(/`([^`]+)`/g)) expect(codes).toContain(code)
  })

  it('has no enumeration in its answer, so that it can get new values', () => {
    const answer = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))
    expect([...withReferences(answer)].filter((node) => 'enum' in node)).toEqual([])
  })

  it('says which time-out a client needs if it waits', () => {
    const nodes = withReferences([operation.parameters, operation.requestBody])
    const waits = [...nodes].some(
      ({ name, properties = {} }) => name === 'waitMs' || 'waitMs' in (properties as Node)
    )
    expect(operation.description.includes('`waitMs` + 5 seconds')).toBe(waits)
  })

  it('has a body only if it can have members', () => {
    const media = operation.requestBody?.['content'] as Record<string, { schema: Node }> | undefined
    if (media === undefined) return
    expect(resolve(media['application/json']?.schema ?? {})['properties']).not.toEqual({})
  })
})

describe('a schema of the document', () => {
  const named = Object.entries(schemas)

  it.each(named)('does not require a member that has a default: %s', (_, schema) => {
    const required = new Set((schema['required'] ?? []) as string[])
    const members = Object.entries((schema['properties'] ?? {}) as Record<string, Node>)
    expect(members.filter(([name, member]) => required.has(name) && 'default' in member)).toEqual([])
  })

  it.each(named)('has no default beside a reference: %s', (_, schema) => {
    const beside = [...within(schema)].filter(
      (node) => 'default' in node && ('allOf' in node || '$ref' in node)
    )
    expect(beside).toEqual([])
  })

  it.each(named)('has no member of its own name: %s', (name, schema) => {
    const members = Object.keys((schema['properties'] ?? {}) as object)
    expect(members.map((member) => member.toLowerCase())).not.toContain(name.toLowerCase())
  })

  it.each(named)('has no object without a name: %s', (_, schema) => {
    const [, ...inner] = within(schema)
    expect(inner.filter((node) => node['type'] === 'object' && 'properties' in node)).toEqual([])
  })

  it('has no name of a class that every Java program knows', () => {
    for (const name of ['Stream', 'Entry', 'Consumer', 'Group', 'Object', 'Map', 'List'])
      expect(schemas).not.toHaveProperty(name)
  })
})

describe('a reference that may be null', () => {
  const ENTRY = '#/components/schemas/StreamEntry'

  it('is allOf with nullable in OpenAPI 3.0', () => {
    expect(document.components.schemas.StreamInfo.properties.lastEntry).toMatchObject({
      allOf: [{ $ref: ENTRY }],
      nullable: true
    })
  })

  it('is anyOf with null in OpenAPI 3.1', () => {
    expect(document31.components.schemas.StreamInfo.properties.lastEntry).toMatchObject({
      anyOf: [{ $ref: ENTRY }, { type: 'null' }]
    })
  })
})

describe('a text of the document', () => {
  it('has angle brackets only in code, because generators copy it into HTML and XML', () => {
    const texts = [...within(document)].map(({ description }) => description)
    const suspect = texts.filter(
      (text) => typeof text === 'string' && /[<>]/.test(text.replace(/`[^`]*`/g, ''))
    )
    expect(suspect).toEqual([])
  })
})

describe('a worker', () => {
  it('needs the operations of one class', () => {
    const names = ['ensureGroup', 'readGroup', 'ackEntries', 'nackEntries', 'extendEntries', 'deleteConsumer']
    const tags = operations.flatMap(({ operationId, tags }) => (names.includes(operationId) ? tags : []))
    expect(tags).toEqual(Array(names.length).fill('groups'))
  })
})

function resolve(schema: Node): Node {
  return schemas[String(schema['$ref']).split('/').at(-1) ?? ''] ?? schema
}

/** A part of the document and everything below it. */
function* within(node: unknown): Generator<Node> {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) yield node as Node
  for (const [name, value] of Object.entries(node)) if (name !== 'example') yield* within(value)
}

/** The same, with the schemas that it references. */
function* withReferences(node: unknown, visited = new Set<unknown>()): Generator<Node> {
  for (const found of within(node)) {
    yield found
    const schema = '$ref' in found ? resolve(found) : found
    if (schema === found || visited.has(schema)) continue
    visited.add(schema)
    yield* withReferences(schema, visited)
  }
}
