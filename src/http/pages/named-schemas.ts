/** What this module uses of a schema. */
export interface Schema {
  readonly $ref?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly minProperties?: number
}

/** The parts of a document that contain schemas. */
interface Document {
  readonly paths: object
  readonly components: { schemas?: object; readonly responses?: object }
}

/** How a value may be null: with the keyword of OpenAPI 3.0, or with the type of JSON Schema in 3.1. */
export type NullStyle = 'keyword' | 'type'

/** The name and the description of a schema until it has its place in the components. */
const NAME = 'x-name'
/** The description of a named schema where it is used. */
const HERE = 'x-here'

/** A copy with the names of schemas as an extension, because `@fastify/swagger` would resolve each `$id`. */
export function withoutIds<N>(node: N): N
export function withoutIds(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map(withoutIds)
  const members = Object.entries(node)
  return Object.fromEntries(
    members.map(([key, value]) => {
      // The plugin moves the descriptions of parameters.
      if (key === '$id') return [NAME, { name: value, description: (node as Node)['description'] }]
      return [key, withoutIds(value)]
    })
  )
}

/** Moves all named schemas to the components of the document, and leaves references to them. */
export function nameSchemas<D extends Document>(document: D, nulls: NullStyle): D {
  const schemas = new Map<string, object>()
  const { components, ...rest } = document
  const { paths, responses } = visit({ paths: rest.paths, responses: components.responses }, nulls, schemas)
  const byName = [...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...document,
    components: { ...components, responses, schemas: Object.fromEntries(byName) },
    paths
  }
}

type Node = Readonly<Record<string, unknown>>

function visit<N>(node: N, nulls: NullStyle, schemas: Map<string, object>): N
function visit(node: unknown, nulls: NullStyle, schemas: Map<string, object>): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((item) => visit(item, nulls, schemas))
  const members = Object.entries(withDescription(node as Node))
  const copy = Object.fromEntries(members.map(([key, value]) => [key, visit(value, nulls, schemas)]))
  // The plugin leaves some lists of examples, which OpenAPI 3.0 does not have.
  if (nulls === 'keyword' && 'type' in copy && Array.isArray(copy['examples'])) {
    copy['example'] = copy['examples'][0]
    delete copy['examples']
  }
  return NAME in copy ? reference(copy, nulls, schemas) : copy
}

/** The plugin moves the description of a parameter's schema to the parameter. There it describes the place. */
function withDescription(node: Node): Node {
  const here = (node['schema'] as Node | undefined)?.[HERE]
  if (!('in' in node) || here === undefined) return node
  return { ...node, description: here, schema: { ...(node['schema'] as Node), [HERE]: undefined } }
}

function reference(node: Node, nulls: NullStyle, schemas: Map<string, object>): Node {
  const { [NAME]: own, [HERE]: here, ...schema } = node
  const { nullable, type, default: value, ...rest } = schema
  const { name, description } = own as { name: string; description: unknown }
  const described = here === undefined ? {} : { description: here }
  // An enumeration has its default wherever it is used. Of others, many generators cannot write a default beside a
  // reference.
  const isEnum = 'enum' in schema
  if (value !== undefined && !isEnum) return { ...schema, ...described }
  schemas.set(name, {
    type: Array.isArray(type) ? type[0] : type,
    ...rest,
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value })
  })
  const $ref = `#/components/schemas/${name}`
  const isNullable = nullable === true || (Array.isArray(type) && type.includes('null'))
  if (nulls === 'type')
    return isNullable ? { anyOf: [{ $ref }, { type: 'null' }], ...described } : { $ref, ...described }
  if (isNullable) return { allOf: [{ $ref }], nullable: true, ...described }
  // In OpenAPI 3.0, members beside a reference are ignored.
  return here === undefined ? { $ref } : { allOf: [{ $ref }], ...described }
}
