import type { TSchema } from '@sinclair/typebox'

/**
 * Removes the optional members of a body that are null, at every depth: serialisers of many languages send
 * null for what is not set. Returns whether it removed any. Required members, items and fields stay as they
 * are.
 */
export function dropNulls(schema: TSchema, value: unknown): boolean {
  if (Array.isArray(value)) return dropInItems(schema, value)
  if (typeof value !== 'object' || value === null) return false
  const members = value as Record<string, unknown>
  const { properties = {}, required = [] } = schema
  let hasDropped = false
  for (const [name, member] of Object.entries<TSchema>(properties)) {
    if (!Object.hasOwn(members, name)) continue
    if (members[name] !== null) hasDropped = dropNulls(member, members[name]) || hasDropped
    else if (!required.includes(name)) hasDropped = Reflect.deleteProperty(members, name)
  }
  return hasDropped
}

function dropInItems({ items, maxItems = 0 }: TSchema, values: readonly unknown[]): boolean {
  let hasDropped = false
  // A list that is too long is refused, whatever it contains.
  if (values.length > maxItems) return false
  for (const value of values) hasDropped = dropNulls(items, value) || hasDropped
  return hasDropped
}
