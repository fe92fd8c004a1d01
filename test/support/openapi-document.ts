import document from '../../openapi/openapi.json' with { type: 'json' }

/** The part of JSON Schema that our document uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: 'string' | 'integer' | 'boolean' | 'object' | 'array'
  readonly format?: string
  readonly nullable?: boolean
  readonly allOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly example?: unknown
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly items?: Schema
  readonly pattern?: string
}

interface Parameter {
  readonly in: 'path' | 'query' | 'header'
  readonly name: string
  readonly schema: Schema
  readonly example?: string
}

/** An operation of the document, with the request of its example. */
export interface Operation {
  readonly operationId: string
  /** The scope that a token must allow. Undefined if the operation needs no token. */
  readonly scope: string | undefined
  readonly method: string
  /** The path with the examples of its parameters. */
  readonly path: string
  readonly template: string
  readonly parameters: readonly Parameter[]
  readonly body: Schema | undefined
  readonly example: object | undefined
  readonly answer: { readonly status: number; readonly example: unknown }
}

interface RawOperation {
  readonly operationId: string
  readonly 'x-scope'?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { content: { 'application/json': { schema: Schema; example: object } } }
  readonly responses: Readonly<Record<string, { content: Record<string, { example?: unknown }> }>>
}

const components: Readonly<Record<string, Schema>> = document.components.schemas as object as Record<
  string,
  Schema
>

/** The schema, or the one that it references, with what stands beside the reference. */
export function resolve(schema: Schema): Schema {
  const { allOf: [only] = [], ...beside } = schema
  if (only !== undefined) return { ...resolve(only), ...beside }
  return components[schema.$ref?.split('/').at(-1) ?? ''] ?? schema
}

/**
 * A body that the document does not show, because it cannot have members: clients that always send a body may send
 * an empty object.
 */
const PUT_MEDIA = {
  schema: { type: 'object', properties: {}, additionalProperties: false } as Schema,
  example: {}
}

/** All operations of the committed document. Another check compares the document with the server. */
export const operations: readonly Operation[] = Object.entries(document.paths as object).flatMap(
  ([path, methods]) =>
    Object.entries<RawOperation>(methods).map(([method, operation]) => read(path, method, operation))
)

function read(template: string, method: string, operation: RawOperation): Operation {
  const { operationId, parameters = [], requestBody, responses } = operation
  const media = requestBody?.content['application/json'] ?? (method === 'put' ? PUT_MEDIA : undefined)
  const [status = '', answer] = Object.entries(responses).find(([found]) => found.startsWith('2')) ?? []
  return {
    operationId,
    scope: operation['x-scope'],
    method: method.toUpperCase(),
    path: parameters.reduce(
      (path, { in: part, name, example = '' }) =>
        part === 'path' ? path.replace(`{${name}}`, example) : path,
      template
    ),
    template,
    parameters: parameters.map((parameter) => ({ ...parameter, schema: resolve(parameter.schema) })),
    body: media === undefined ? undefined : resolve(media.schema),
    example: media?.example,
    answer: { status: Number(status), example: Object.values(answer?.content ?? {})[0]?.example }
  }
}
