import type { Media, OpenApi, Schema } from './document.ts'
import { shapeOf } from './schemas.ts'

/** How deep an invented example goes. Recursive schemas would have no end. */
const MAX_DEPTH = 5

/** An example of a body: the document's own, or one made of the examples of its required members. */
export function exampleOf(document: OpenApi, { example, schema }: Media): unknown {
  return example ?? (schema === undefined ? undefined : invented(document, schema, 0))
}

function invented(document: OpenApi, reference: Schema, depth: number): unknown {
  const { schema } = shapeOf(document, reference)
  const known = schema.example ?? schema.examples?.[0] ?? schema.default ?? schema.const ?? schema.enum?.[0]
  if (known !== undefined) return known
  if (depth > MAX_DEPTH) return null
  if (schema.items !== undefined) return [invented(document, schema.items, depth + 1)]
  if (schema.properties !== undefined) {
    const required = new Set(schema.required)
    const members = Object.entries(schema.properties).filter(([name]) => required.has(name))
    return Object.fromEntries(members.map(([name, member]) => [name, invented(document, member, depth + 1)]))
  }
  if (schema.anyOf?.[0] !== undefined) return invented(document, schema.anyOf[0], depth + 1)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  return { string: 'text', integer: schema.minimum ?? 0, number: 0, boolean: true, array: [], object: {} }[
    String(type)
  ]
}
