import { Type } from '@sinclair/typebox'
import { operation } from './operation.ts'

export const getLiveness = operation(
  {},
  {
    operationId: 'getLiveness',
    summary: 'Whether the process is alive',
    description: 'Answers as long as the process can answer at all.',
    redis: '`PING`',
    tag: 'server',
    answer: {
      description: 'It is.',
      schema: Type.Object(
        { alive: Type.Boolean({ description: 'Always true.' }) },
        { $id: 'Liveness', description: 'The process is alive.' }
      ),
      example: { alive: true }
    }
  }
)

export const getReadiness = operation(
  {},
  {
    operationId: 'getReadiness',
    summary: 'Whether the server should get traffic',
    description: 'Refused, with the reason, while the server is shutting down or its storage has failed.',
    redis: '`PING`',
    tag: 'server',
    answer: {
      description: 'It should.',
      schema: Type.Object(
        { ready: Type.Boolean({ description: 'Always true.' }) },
        { $id: 'Readiness', description: 'The server is ready.' }
      ),
      example: { ready: true }
    },
    problems: ['draining', 'engine-unavailable']
  }
)

export const getMetrics = operation(
  {},
  {
    operationId: 'getMetrics',
    summary: 'Read the metrics',
    description: 'Counts, durations and the state of the groups, in the text format of Prometheus.',
    redis: '`INFO`',
    tag: 'server',
    answer: {
      mediaType: 'text/plain',
      description: 'The metrics.',
      schema: Type.String({ description: 'Metrics in the text format of Prometheus.' }),
      example: '# TYPE weir_readers_waiting gauge\nweir_readers_waiting 10\n'
    }
  }
)

export const getOpenApi = operation(
  {},
  {
    operationId: 'getOpenApi',
    summary: 'Read this document',
    description: 'The OpenAPI document of this server, version 3.0.3.',
    tag: 'server',
    answer: {
      description: 'The document.',
      schema: Type.Object(
        { openapi: Type.String({ description: 'The version of OpenAPI.' }) },
        { $id: 'OpenApiDocument', description: 'An OpenAPI document.', additionalProperties: true }
      ),
      example: { openapi: '3.0.3' }
    }
  }
)
