import { Type } from '@sinclair/typebox'
import { operation } from './operation.ts'
import { Count, Nullable } from './schemas.ts'

export const getLiveness = operation(
  {},
  {
    operationId: 'getLiveness',
    summary: 'Whether the process is alive',
    description: 'Answers as long as the process can answer at all.',
    redis: '`PING`',
    tag: 'server',
    scope: null,
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

const StorageAnswer = Type.Object(
  {
    diskBytes: Count('What the data files take, with the space in them that is still free.'),
    journalBytes: Count('What a restart would have to read of the journal.'),
    undeletedSegments: Count('Files of the journal that are not needed any more and cannot be deleted.'),
    memoryBytes: Count('Blocks of entries in memory.'),
    checkpointAt: Nullable(
      Count(
        'When the last checkpoint was done, in milliseconds since the epoch; null before the first since the start.'
      )
    ),
    checkpointSeconds: Nullable(Type.Number({ description: 'How long it took.' })),
    checkpointError: Type.Optional(
      Type.String({
        description: 'Why the last checkpoint failed; left out when it did not. The journal grows meanwhile.'
      })
    )
  },
  { description: 'The state of the data directory; left out by an engine that has none.' }
)

const ServerAnswer = Type.Object(
  {
    address: Type.String({ description: 'Where it is.' }),
    server: Type.String({ description: 'What it says it is, with its version.' }),
    isReady: Type.Boolean({ description: 'Whether it can be asked now.' }),
    reconnects: Count('How often the connection to it was lost and made again.')
  },
  { description: 'A server that keeps streams.' }
)

export const getReadiness = operation(
  {},
  {
    operationId: 'getReadiness',
    summary: 'Whether the server should get traffic',
    description: 'Refused, with the reason, while the server is shutting down or its storage has failed.',
    redis: '`PING`',
    tag: 'server',
    scope: null,
    answer: {
      description: 'It should.',
      schema: Type.Object(
        {
          ready: Type.Boolean({ description: 'Always true.' }),
          storage: Type.Optional(StorageAnswer),
          servers: Type.Optional(
            Type.Array(ServerAnswer, {
              description: 'The servers that keep the streams; left out by an engine that keeps them itself.'
            })
          )
        },
        { $id: 'Readiness', description: 'The server is ready.' }
      ),
      example: {
        ready: true,
        storage: {
          diskBytes: 71_303_168,
          journalBytes: 120_448,
          undeletedSegments: 0,
          memoryBytes: 16_384,
          checkpointAt: 1_767_225_600_000,
          checkpointSeconds: 0.021
        }
      }
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
    scope: 'metrics',
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
    scope: null,
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
