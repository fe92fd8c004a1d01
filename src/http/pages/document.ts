import { readFileSync } from 'node:fs'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { HIDDEN, TAGS } from '../operations/operation.ts'
import { problemResponse } from '../problems/problem-response.ts'
import { nameSchemas, type Schema, withoutIds } from './named-schemas.ts'

const INFO = {
  title: 'Weir',
  version: JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version,
  description: [
    'Durable streams and consumer groups over HTTP, with the semantics of Redis Streams.',
    'Responses may get new members, and texts with a fixed set of values may get new values.',
    'Null for an optional member of a body, or for an optional body as a whole, means the same as omitting it.',
    'Every response has the header `x-request-id`. A request can set its value by sending the same header.'
  ].join('\n\n'),
  contact: { name: 'The developers of Weir' },
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
  await app.register(swagger, document('3.0.3', 'swagger'))
  await app.register(swagger, document('3.1.0', 'swagger31'))
}

/** The same document as OpenAPI 3.1. */
export function openApi31(app: FastifyInstance): object {
  return app.getDecorator<() => object>('swagger31')()
}

function document(version: Version, decorator: string): FastifyDynamicSwaggerOptions {
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
    transform: ({ schema, url }) => ({ schema: withoutIds(withoutHidden(schema)), url }),
    transformObject: (found) =>
      finish(('openapiObject' in found ? found.openapiObject : {}) as Document, version)
  }
}

/** Without headers that the document leaves out, because a parameter has the same name in generated clients. */
function withoutHidden<S extends FastifySchema>(schema: S): S {
  const { headers, ...rest } = schema
  return (headers as TSchema | undefined)?.[HIDDEN] === true ? (rest as S) : schema
}

type Version = '3.0.3' | '3.1.0'

interface Operation {
  'x-example'?: unknown
  requestBody?: { required: boolean; content: Record<string, { schema: Schema; example?: unknown }> }
  responses: Record<string, object>
}
/** The parts of a document that are used here. */
interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { responses?: object }
}

/** Adds what the plugin cannot know: problems, names of schemas, which bodies are optional, and their examples. */
function finish(document: Document, version: Version): Document {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    finishBody(operation)
    operation.responses['4XX'] = PROBLEM
    operation.responses['5XX'] = PROBLEM
  }
  document.components.responses = { Problem: withoutIds(problemResponse()) }
  document.components.responses = { Problem: withoutIds(problemResponse()) }
  return nameSchemas(document, version === '3.0.3' ? 'keyword' : 'type')
}

const PROBLEM = { $ref: '#/components/responses/Problem' }

function finishBody(operation: Operation): void {
  const { 'x-example': example, requestBody: body } = operation
  delete operation['x-example']
  const media = body?.content['application/json']
  if (body === undefined || media === undefined) return
  const { properties = {}, required, minProperties } = media.schema
  // An optional body without members is for clients that always send one.
  if (Object.keys(properties).length === 0) delete operation.requestBody
  media.example = example
  body.required = required !== undefined || minProperties !== undefined
}
