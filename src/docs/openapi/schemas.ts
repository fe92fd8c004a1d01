import { deref, nameOf, type OpenApi, type Schema } from './document.ts'

/** A schema as the page shows it: references followed, and null as a flag. */
export interface Shape {
  /** The name of the schema, if the document gives it one. */
  readonly name: string | undefined
  readonly schema: Schema
  readonly isNullable: boolean
}

/** Follows references, also those in an `allOf` or `anyOf` of one, which is how a reference becomes nullable. */
export function shapeOf(document: OpenApi, schema: Schema): Shape {
  if (schema.$ref !== undefined) {
    const found = deref(document, schema)
    if (found === schema) return { name: nameOf(schema.$ref), schema: {}, isNullable: false }
    // What stands beside a reference describes this use of the schema.
    const { $ref, ...own } = schema
    const shape = shapeOf(document, found)
    return { ...shape, schema: { ...shape.schema, ...own }, name: nameOf($ref) }
  }
  const { allOf, anyOf = schema.oneOf, oneOf: _, ...own } = schema
  if (allOf !== undefined) return merged(document, own, allOf)
  if (anyOf === undefined) return { name: undefined, schema: own, isNullable: isNullable(own) }
  const others = anyOf.filter((each) => each.type !== 'null')
  const hasNull = others.length < anyOf.length
  const [only] = others
  if (only === undefined || others.length > 1)
    return { name: undefined, schema: { ...own, anyOf: others }, isNullable: hasNull || isNullable(own) }
  const shape = shapeOf(document, only)
  return {
    ...shape,
    schema: { ...shape.schema, ...own },
    isNullable: hasNull || shape.isNullable || isNullable(own)
  }
}

/** Merges the schemas of an `allOf`. Later ones override earlier ones, and members beside the `allOf` override both. */
function merged(document: OpenApi, own: Schema, allOf: readonly Schema[]): Shape {
  const shapes = allOf.map((each) => shapeOf(document, each))
  const parts = [...shapes.map(({ schema }) => schema), own]
  const required = parts.flatMap((part) => part.required ?? [])
  const properties = Object.assign({}, ...parts.map((part) => part.properties))
  return {
    name: shapes.length === 1 ? shapes[0]?.name : undefined,
    schema: {
      ...Object.assign({}, ...parts),
      ...(required.length > 0 && { required }),
      ...(Object.keys(properties).length > 0 && { properties })
    },
    isNullable: isNullable(own) || shapes.some((shape) => shape.isNullable)
  }
}

function isNullable({ nullable, type }: Schema): boolean {
  return nullable === true || (Array.isArray(type) && type.includes('null'))
}

/** A type in words: "array of StreamEntry", "string, entry-id", "object". */
export function typeText(document: OpenApi, schema: Schema): string {
  const { name, schema: found, isNullable: canBeNull } = shapeOf(document, schema)
  return canBeNull ? `${plainType(document, found, name)} or null` : plainType(document, found, name)
}

function plainType(document: OpenApi, schema: Schema, name: string | undefined): string {
  const { type, items, anyOf, additionalProperties, format } = schema
  const types = (Array.isArray(type) ? type : type === undefined ? [] : [type]).filter(
    (each) => each !== 'null'
  )
  if (anyOf !== undefined) return anyOf.map((each) => typeText(document, each)).join(' or ')
  if (types.includes('array')) return items === undefined ? 'array' : `array of ${typeText(document, items)}`
  if (name !== undefined) return name
  if (types.includes('object') && typeof additionalProperties === 'object')
    return `object of ${typeText(document, additionalProperties)}s`
  const plain = types.join(' or ') || (schema.properties === undefined ? 'any' : 'object')
  return format === undefined || /^int\d+$/.test(format) ? plain : `${plain} (${format})`
}

/** A member of an object. */
export interface Member {
  readonly name: string
  readonly isRequired: boolean
  readonly schema: Schema
}

/** The members of an object, or of the objects in an array. Empty for everything else. */
export function membersOf(document: OpenApi, schema: Schema): Member[] {
  const { schema: found } = shapeOf(document, schema)
  if (found.items !== undefined) return membersOf(document, found.items)
  const required = new Set(found.required)
  return Object.entries(found.properties ?? {}).map(([name, member]) => ({
    name,
    isRequired: required.has(name),
    schema: member
  }))
}

/** The limits of a value in words: "1 to 256 characters", "default 100". */
export function limitsOf({ schema }: Shape): string[] {
  const { enum: values, minLength, maxLength, minimum, maximum, minItems, maxItems } = schema
  return [
    values !== undefined && `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    range(minLength, maxLength, ' characters'),
    range(minimum, maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum, ''),
    range(minItems, maxItems, ' items'),
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`
  ].filter((limit) => limit !== false)
}

const number = new Intl.NumberFormat('en')

function range(low: number | undefined, high: number | undefined, unit: string): string | false {
  if (high !== undefined)
    return low === undefined
      ? `up to ${number.format(high)}${unit}`
      : `${number.format(low)} to ${number.format(high)}${unit}`
  return low !== undefined && low > 0 && `at least ${number.format(low)}${unit}`
}
