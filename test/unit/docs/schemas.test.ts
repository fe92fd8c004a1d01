import { describe, expect, it } from 'vitest'
import document from '../../../openapi/openapi.json' with { type: 'json' }
import type { OpenApi, Schema } from '../../../src/docs/openapi/document.ts'
import { exampleOf } from '../../../src/docs/openapi/examples.ts'
import { tagsOf } from '../../../src/docs/openapi/operations.ts'
import { limitsOf, membersOf, shapeOf, typeText } from '../../../src/docs/openapi/schemas.ts'

const ENTRY: Schema = {
  type: 'object',
  description: 'An entry.',
  required: ['id'],
  properties: {
    id: { type: 'string', format: 'entry-id', example: '1-0' },
    next: { $ref: '#/components/schemas/Entry' }
  }
}
const DOCUMENT: OpenApi = {
  openapi: '3.0.3',
  info: { title: 'T', version: '1' },
  paths: {},
  components: { schemas: { Entry: ENTRY, Alias: { $ref: '#/components/schemas/Entry' } } }
}
const REF = { $ref: '#/components/schemas/Entry' }

describe('a type', () => {
  it.each<[string, Schema]>([
    ['Entry', REF],
    ['Alias', { $ref: '#/components/schemas/Alias' }],
    ['Missing', { $ref: '#/components/schemas/Missing' }],
    ['Entry or null', { allOf: [REF], nullable: true }],
    ['Entry or null', { anyOf: [REF, { type: 'null' }] }],
    ['string or null', { type: ['string', 'null'] }],
    ['string (entry-id)', { type: 'string', format: 'entry-id' }],
    ['integer', { type: 'integer', format: 'int64' }],
    ['array of Entry', { type: 'array', items: REF }],
    ['object of strings', { type: 'object', additionalProperties: { type: 'string' } }],
    [
      'string or array of string',
      { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }
    ],
    ['any', {}]
  ])('is shown as %s', (text, schema) => {
    expect(typeText(DOCUMENT, schema)).toBe(text)
  })
})

describe('a shape', () => {
  it('has what stands beside a reference, and the rest of the schema that it references', () => {
    const { schema, isNullable } = shapeOf(DOCUMENT, {
      allOf: [REF],
      nullable: true,
      description: 'The first.'
    })
    expect(schema).toMatchObject({ description: 'The first.', required: ['id'] })
    expect(isNullable).toBe(true)
    const { schema: beside } = shapeOf(DOCUMENT, { ...REF, description: 'The first.' })
    expect(beside).toMatchObject({ description: 'The first.', required: ['id'] })
  })

  it('joins the parts of an allOf', () => {
    const more: Schema = { required: ['stream'], properties: { stream: { type: 'string' } } }
    expect(membersOf(DOCUMENT, { allOf: [REF, more] })).toMatchObject([
      { name: 'id', isRequired: true },
      { name: 'next', isRequired: false },
      { name: 'stream', isRequired: true }
    ])
  })

  it('has the members of the objects in an array', () => {
    expect(membersOf(DOCUMENT, { type: 'array', items: REF }).map(({ name }) => name)).toEqual(['id', 'next'])
    expect(membersOf(DOCUMENT, { type: 'string' })).toEqual([])
  })

  it.each<[string[], Schema]>([
    [['1 to 256 characters'], { minLength: 1, maxLength: 256 }],
    [['up to 41 characters'], { maxLength: 41 }],
    [['1 to 1,000', 'default 100'], { minimum: 1, maximum: 1000, default: 100 }],
    [['at least 1'], { minimum: 1, maximum: Number.MAX_SAFE_INTEGER }],
    [[], { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }],
    [['one of "keep", "drop"'], { enum: ['keep', 'drop'] }]
  ])('has limits in words: %s', (limits, schema) => {
    expect(limitsOf(shapeOf(DOCUMENT, schema))).toEqual(limits)
  })
})

describe('an example', () => {
  it('is made of the required members if the document has none', () => {
    expect(exampleOf(DOCUMENT, { schema: { type: 'array', items: REF } })).toEqual([{ id: '1-0' }])
  })

  it('ends in a schema that requires itself', () => {
    const endless: Schema = {
      type: 'object',
      required: ['a'],
      properties: { a: { $ref: '#/components/schemas/Endless' } }
    }
    const found = { ...DOCUMENT, components: { schemas: { Endless: endless } } }
    expect(JSON.stringify(exampleOf(found, { schema: endless })).length).toBeLessThan(100)
  })
})

describe('the document of Weir', () => {
  const tags = tagsOf(document as unknown as OpenApi)

  it('has a summary, a description, a response and problems in each operation', () => {
    for (const { id, ...operation } of tags.flatMap(({ operations }) => operations)) {
      const {
        summary,
        description,
        successes,
        problems: { own, common }
      } = operation
      expect({ id, isComplete: summary !== '' && description !== '' && successes.length > 0 }).toEqual({
        id,
        isComplete: true
      })
      expect({
        id,
        complete: [...own, ...common].every(({ status, title }) => status !== '' && title !== '')
      }).toEqual({
        id,
        complete: true
      })
      expect(own.length + common.length).toBeGreaterThan(3)
    }
  })

  it('separates the problems of a read from those of any request', () => {
    const read = tags.flatMap(({ operations }) => operations).find(({ id }) => id === 'readGroup')
    expect(read?.problems.own.map(({ code }) => code)).toContain('group-not-found')
    expect(read?.problems.common.map(({ code }) => code)).toContain('overloaded')
    expect(read?.description).not.toContain('group-not-found')
  })

  it('describes each tag', () => {
    expect(tags.length).toBeGreaterThan(3)
    for (const tag of tags) expect(tag.description).not.toBe('')
  })
})
