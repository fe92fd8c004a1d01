import { type TSchema, Type } from '@sinclair/typebox'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allOperations } from '../../../src/http/operations/all.ts'
import { Closed, ID_FORMAT, Name, OneOf } from '../../../src/http/operations/schemas.ts'
import { explain, explainTexts } from '../../../src/http/pipeline/explain.ts'

describe('explain', () => {
  it.each([
    [Type.String(), 5, 'Expected a string, got 5: put it in quotes'],
    [Type.String(), true, 'Expected a string, got true: put it in quotes'],
    [Type.String(), null, 'Expected a string, got null'],
    [Type.Integer(), '5', 'Expected an integer, got a string: leave out the quotes'],
    [Type.Integer(), 'five', 'Expected an integer, got a string'],
    [Type.Boolean(), 'true', 'Expected true or false, got a string: leave out the quotes'],
    [Type.Array(Type.String()), '1-0', 'Expected an array, got a string'],
    [Type.Integer(), 1.5, 'Expected an integer, got 1.5'],
    [Type.Boolean(), {}, 'Expected true or false, got an object'],
    [Type.Array(Type.String()), {}, 'Expected an array, got an object'],
    [Closed({}), [], 'Expected an object, got an array'],
    [Type.Integer({ minimum: 1 }), 0, 'Must be at least 1, got 0'],
    [Type.Integer({ maximum: 10 }), 11, 'Must be at most 10, got 11'],
    [Type.Array(Type.String(), { minItems: 1 }), [], 'Must have at least 1 item'],
    [Type.Array(Type.String(), { maxItems: 1 }), ['', ''], 'Must have at most 1 items, got 2'],
    [OneOf(['asc', 'desc'], { description: '' }), 'up', 'Must be "asc" or "desc"'],
    [Name('A name', 'x'), '', 'Must not be empty'],
    [Name('A name', 'x'), '🧾'.repeat(257), 'Must have at most 256 characters, got 257'],
    [Name('A name', 'x'), 'a\tb', 'Must not contain control characters']
  ])('describes the fault of a value in a sentence: %#', (schema, value, detail) => {
    expect([...explain(schema, value, ['x'])]).toEqual([{ pointer: '/x', detail }])
  })

  it.each([
    ['', 'Expected an integer, got nothing: leave out the parameter to use its default'],
    ['null', 'Expected an integer, got "null"'],
    ['1e3', 'Expected an integer, got "1e3"'],
    ['x'.repeat(100), `Expected an integer, got "${'x'.repeat(50)}…"`]
  ])('gives no hint about quotes in a query: %s', (text, detail) => {
    const schema = Closed({ limit: Type.Integer() })
    expect([...explainTexts(schema, { limit: text }, ['query'])]).toEqual([
      { pointer: '/query/limit', detail }
    ])
  })

  it('points to missing and unknown members', () => {
    const schema = Closed({ consumer: Type.String(), count: Type.Integer(), waitMs: Type.Integer() })
    expect([...explain(schema, { waitMS: 1, count: 1, consumer: '' }, [])]).toEqual([
      { pointer: '/waitMs', detail: 'Required, but missing' },
      { pointer: '/waitMS', detail: 'Unknown name. Allowed: "waitMs", "count", "consumer"' }
    ])
  })

  it('stops at the first fault if the caller wants only one', () => {
    const faults = explain(Type.Array(Type.String()), Array(1_000_000).fill(1), [])
    expect(faults.next().value).toMatchObject({ pointer: '/0' })
  })

  it.each(['appendEntries', 'claimEntries', 'readGroups'])(
    'finds a fault exactly where Ajv does: %s',
    (id) => {
      const schema = bodyOf(id)
      const ajv = new Ajv({ validateFormats: false, strict: false })
      const validate = ajv.compile(withoutOtherRules(schema))
      fc.assert(
        fc.property(near(schema), (value) => {
          expect([...explain(schema, value, [])].length === 0).toBe(validate(value))
        }),
        { numRuns: 300 }
      )
    }
  )
})

function bodyOf(operationId: string): TSchema {
  const found = allOperations(60_000).find(({ id }) => id === operationId)
  if (!found?.schema.body) throw new Error(`${operationId} has no body`)
  return found.schema.body
}

/** Removes what other code checks: ids are parsed elsewhere, and nulls are removed before. */
function withoutOtherRules(schema: TSchema): object {
  return JSON.parse(
    JSON.stringify(schema, (_, value) => (value?.format === ID_FORMAT ? { type: 'string' } : value))
  )
}

/** Values that the schema accepts or almost accepts. */
function near(schema: TSchema): fc.Arbitrary<unknown> {
  const exactly = fitting(schema)
  return fc.oneof({ weight: 12, arbitrary: exactly }, { weight: 1, arbitrary: fc.jsonValue() })
}

function fitting(schema: TSchema): fc.Arbitrary<unknown> {
  switch (schema['type']) {
    case 'string':
      return fc.oneof(fc.string(), fc.constantFrom('', 'ann', 'x'.repeat(257), 'a\nb', '5-0'))
    case 'integer':
      return fc.oneof(fc.nat(2000), fc.constantFrom(-1, 60_001, 2 ** 53))
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(near(schema['items']), { maxLength: 3 })
    default: {
      if (schema['properties'] === undefined)
        return fc.dictionary(fc.string(), near(schema['additionalProperties']))
      const members = Object.entries<TSchema>(schema['properties']).map(([name, member]) => [
        name,
        near(member)
      ])
      const extra = { nonsense: fc.constant(1) }
      const required = schema['required'] ?? []
      const often = fc.record(Object.fromEntries(members), { requiredKeys: required })
      return fc.oneof(
        { weight: 8, arbitrary: often },
        {
          weight: 1,
          arbitrary: fc.record({ ...Object.fromEntries(members), ...extra }, { requiredKeys: [] })
        }
      )
    }
  }
}
