/* The parts of an OpenAPI document, 3.0 or 3.1, that the page shows. */

/** A schema, or a reference to one. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly nullable?: boolean
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly example?: unknown
  readonly examples?: readonly unknown[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** A body in one media type. */
export interface Media {
  readonly schema?: Schema
  readonly example?: unknown
}

export interface Parameter {
  readonly $ref?: string
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Schema
  readonly example?: unknown
}

export interface Response {
  readonly $ref?: string
  readonly description?: string
  readonly headers?: Readonly<Record<string, { readonly description?: string }>>
  readonly content?: Readonly<Record<string, Media>>
  readonly 'x-problems'?: Readonly<Record<string, KnownProblem>>
}

/** What the document states about a problem code. */
export interface KnownProblem {
  readonly status?: number
  readonly title?: string
  readonly retryable?: boolean
}

export interface RawOperation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content?: Readonly<Record<string, Media>> }
  readonly responses?: Readonly<Record<string, Response>>
  readonly security?: readonly object[]
  readonly 'x-scope'?: string
  readonly 'x-codes'?: readonly string[]
}

export interface OpenApi {
  readonly openapi: string
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description?: string
    readonly license?: { readonly name: string; readonly url?: string }
    readonly 'x-problems'?: Readonly<Record<string, KnownProblem>>
  }
  readonly servers?: readonly { readonly url: string }[]
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>
    readonly responses?: Readonly<Record<string, Response>>
    readonly parameters?: Readonly<Record<string, Parameter>>
    readonly securitySchemes?: Readonly<Record<string, { readonly description?: string }>>
  }
}

/** Follows a `$ref` into the document. Returns the value itself if it is not one, or if nothing is there. */
export function deref<T extends { readonly $ref?: string }>(document: OpenApi, value: T): T {
  let found = value
  for (let hops = 0; found.$ref !== undefined && hops < 8; hops++) {
    const next = at(document, found.$ref)
    if (next === undefined) return found
    found = next as T
  }
  return found
}

/** The name in a `$ref`, such as `Problem`. */
export function nameOf(ref: string): string {
  return ref.split('/').at(-1) ?? ref
}

function at(document: OpenApi, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined
  let node: unknown = document
  for (const part of ref.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = (node as Record<string, unknown>)[key]
  }
  return node
}
