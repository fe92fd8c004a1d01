import { readFileSync } from 'node:fs'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { TAGS } from '../operations/operation.ts'

const INFO = {
  title: 'Weir',
  version: JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version,
  description: [
    'Durable streams and consumer groups over HTTP, with the semantics of Redis Streams.',
    'The response to a refused request is a problem (RFC 9457). The meaning of its `code` never changes, `retryable`',
    'shows whether retrying may help, and `sideEffects` shows whether something may have changed anyway. A request that',
    'matches no operation is refused with `not-found` or `method-not-allowed`.',
    'Null for an optional member of a body, or for an optional body as a whole, means the same as omitting it.',
    'Every response has the header `x-request-id`. A request can set its value by sending the same header.'
  ].join('\n'),
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' }
}

const TOKEN = {
  type: 'http' as const,
  scheme: 'bearer',
  description:
    'A token that `weir token` printed. The `x-scope` of an operation is the scope that the token must have on the ' +
    'streams of the request. A server that was started without a token file requires no token.'
}

/** Describes all routes that are registered after this call, so the document matches what runs. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => nameSchemas(app, route))
  await app.register(swagger, document('3.0.3', 'swagger'))
  await app.register(swagger, document('3.1.0', 'swagger31'))
}

/** The same document as OpenAPI 3.1. */
export function openApi31(app: FastifyInstance): object {
  return app.getDecorator<() => object>('swagger31')()
}

function document(version: '3.0.3' | '3.1.0', decorator: string): FastifyDynamicSwaggerOptions {
  return {
    decorator: decorator as 'swagger',
    openapi: {
      openapi: version,
      info: INFO,
      security: [],
      components: { securitySchemes: { token: TOKEN } },
      servers: [{ url: 'http://127.0.0.1:7070', description: 'An example: Weir with its default settings.' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description }))
    },
    refResolver: {
      buildLocalReference: ({ $id }, _baseUri, _fragment, index) =>
        typeof $id === 'string' ? $id : `def-${index}`
    },
    transform: ({ schema, url }) => ({ schema: withReferences(schema) as typeof schema, url }),
    transformObject: (found) => finish(('openapiObject' in found ? found.openapiObject : {}) as Document)
  }
}

/** Adds each named schema to the components, once. */
function nameSchemas(app: FastifyInstance, route: RouteOptions): void {
  if (route.schema?.operationId === undefined) return
  for (const schema of namedWithin(route.schema)) {
    if (app.getSchema(schema.$id) === undefined)
      app.addSchema({ ...withReferences({ ...schema, $id: undefined }), $id: schema.$id })
  }
}

function* namedWithin(node: unknown): Generator<{ $id: string }> {
  if (typeof node !== 'object' || node === null) return
  if (isNamed(node)) yield node
  for (const member of Object.values(node)) yield* namedWithin(member)
}

/** A copy with references instead of named schemas. */
function withReferences(node: object): object
function withReferences(node: unknown): unknown
function withReferences(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (isNamed(node)) return { $ref: `${node.$id}#` }
  if (Array.isArray(node)) return node.map(withReferences)
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withReferences(value)]))
}

function isNamed(node: object): node is { $id: string } {
  return '$id' in node && typeof node.$id === 'string'
}

interface Schema {
  readonly $ref?: string
  readonly required?: readonly string[]
  readonly minProperties?: number
}
interface Operation {
  'x-example'?: unknown
  requestBody?: { required: boolean; content: Record<string, { schema: Schema; example?: unknown }> }
}
/** The parts of a document that are used here. */
interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Schema> }
}

/** Adds what the plugin cannot know: which bodies are optional, and their examples. */
function finish(document: Document): Document {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const { 'x-example': example, requestBody: body } = operation
    delete operation['x-example']
    const media = body?.content['application/json']
    if (body === undefined || media === undefined) continue
    media.example = example
    const name = media.schema.$ref?.split('/').at(-1)
    const schema = name === undefined ? media.schema : document.components.schemas[name]
    body.required = schema?.required !== undefined || schema?.minProperties !== undefined
  }
  return document
}
