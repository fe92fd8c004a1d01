import { sample } from './bad-values.ts'
import { type Operation, resolve, type Schema } from './openapi-document.ts'

/** A location in the body of a request: the body itself, a member, or an item of an array. */
export interface BodyLocation {
  readonly pointer: string
  readonly schema: Schema
  readonly isRequired: boolean
  /** Whether it is a member that the schema names, and not an item of an array or a field of an entry. */
  readonly isMember: boolean
  readonly path: readonly string[]
}

/** All locations in a body, the body itself first. The first item of an array stands for all of its items. */
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

/** The required members of the operation's example, with this value at a location. `MISSING` removes the location. */
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

/** Stands for a missing value. */
export const MISSING = Symbol('missing')

/** The object or array that contains the last name of a path. Missing objects on the way are created. */
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
