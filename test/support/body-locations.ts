import { sample } from './bad-values.ts'
import { type Operation, resolve, type Schema } from './openapi-document.ts'

/** A place in the body of a request. */
export interface BodyLocation {
  readonly pointer: string
  readonly schema: Schema
  readonly isRequired: boolean
  /** A member that the schema names, and not an item of an array or a field of an entry. */
  readonly isMember: boolean
  readonly path: readonly string[]
}

/** Every member of a body that there can be, the body itself first. Of arrays the first item stands for all. */
export function locationsIn(schema: Schema): BodyLocation[] {
  return [...below({ pointer: '', path: [], schema: resolve(schema), isRequired: true, isMember: false })]
}

function* below(location: BodyLocation): Generator<BodyLocation> {
  yield location
  const { schema } = location
  const at = (name: string, member: Schema, isRequired: boolean, isMember = false): BodyLocation => {
    const path = [...location.path, name]
    return { path, pointer: `/${path.join('/')}`, schema: resolve(member), isRequired, isMember }
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    yield* below(at(name, member, schema.required?.includes(name) ?? false, true))
  }
  if (schema.items !== undefined) yield* below(at('0', schema.items, false))
  if (typeof schema.additionalProperties === 'object') {
    const [name = 'x'] = Object.keys(sample(schema) as object)
    yield* below(at(name, schema.additionalProperties, false))
  }
}

/** The body of the operation's example, with as little in it as possible, but with a value at a location. */
export function bodyWith(
  { body = {}, example = {} }: Operation,
  location: BodyLocation,
  value: unknown
): unknown {
  if (location.path.length === 0) return value
  const required = Object.entries(example).filter(([name]) => body.required?.includes(name))
  const changed = structuredClone(Object.fromEntries(required))
  const last = location.path.at(-1) ?? ''
  const parent = parentOf(changed, body, location.path)
  if (value === MISSING) delete parent[last]
  else parent[last] = value
  return changed
}

/** Stands for no value at all. */
export const MISSING = Symbol('missing')

/** The object or array that holds the last of a path, made on the way where it is missing. */
function parentOf(body: object, schema: Schema, path: readonly string[]): Record<string, unknown> {
  let node = body as Record<string, unknown>
  let at = schema
  for (const name of path.slice(0, -1)) {
    at = resolve(at.properties?.[name] ?? at.items ?? {})
    node[name] ??= sample(at)
    node = node[name] as Record<string, unknown>
  }
  return node
}
