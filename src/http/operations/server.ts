import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { StorageStatus } from '../../contract/status.ts'
import { type Access, presentedToken } from '../access/guard.ts'
import { draining, Problem } from '../problems/problem.ts'
import { operation } from './operation.ts'
import { Count, Nullable } from './schemas.ts'
import type { Services } from './services.ts'

const getLiveness = operation(
  { method: 'GET', path: '/livez' },
  {
    operationId: 'getLiveness',
    summary: 'Check whether the process is alive',
    description: 'Succeeds as long as the process can respond at all.',
    redis: '`PING`',
    tag: 'server',
    scope: null,
    isProbe: true,
    answer: {
      description: 'The process is alive.',
      schema: Type.Object(
        { alive: Type.Boolean({ description: 'Always true.' }) },
        { $id: 'Liveness', description: 'The process is alive.' }
      ),
      example: { alive: true }
    }
  },
  () => async () => ({ alive: true })
)

const StorageAnswer = Type.Object(
  {
    diskBytes: Count('Size of the data files in bytes, including free space in them.'),
    journalBytes: Count('Bytes of the journal that a restart would have to read.'),
    undeletedSegments: Count('Number of journal segments that are no longer needed but cannot be deleted.'),
    memoryBytes: Count('Memory used by blocks of entries, in bytes.'),
    checkpointAt: Nullable(
      Count(
        'When the last checkpoint finished, in milliseconds since the epoch. Null before the first checkpoint since the start.'
      )
    ),
    checkpointSeconds: Nullable(
      Type.Number({ format: 'double', description: 'How long the last checkpoint took.' })
    ),
    checkpointError: Type.Optional(
      Type.String({
        description:
          'Why the last checkpoint failed. Omitted if it succeeded. The journal grows until a checkpoint succeeds.'
      })
    )
  },
  { $id: 'StorageState', description: 'The state of the data directory. Omitted by an engine without one.' }
)

const ServerAnswer = Type.Object(
  {
    address: Type.String({ description: 'The address of the server.' }),
    server: Type.String({ description: 'The name and version that the server reports.' }),
    isReady: Type.Boolean({ description: 'Whether the server can serve requests now.' }),
    reconnects: Count('How often the connection to the server was lost and restored.')
  },
  { $id: 'StorageServer', description: 'A server that stores streams.' }
)

const getReadiness = operation(
  { method: 'GET', path: '/readyz' },
  {
    operationId: 'getReadiness',
    summary: 'Check whether the server is ready for traffic',
    description: 'Refused, with the reason, while the server is shutting down or its storage has failed.',
    redis: '`PING`',
    tag: 'server',
    scope: null,
    isProbe: true,
    answer: {
      description: 'The server is ready.',
      schema: Type.Object(
        {
          ready: Type.Boolean({ description: 'Always true.' }),
          storage: Type.Optional(StorageAnswer),
          servers: Type.Optional(
            Type.Array(ServerAnswer, {
              description: 'The servers that store the streams. Omitted by an engine that stores them itself.'
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
  },
  ({ engine, isDraining, access }: Services) =>
    async (request) => {
      if (isDraining()) throw draining()
      const { ready, reason = 'The engine is not ready', storage, servers } = await engine.status()
      if (!ready) throw new Problem('engine-unavailable', reason)
      if (!maySeeStorage(request, access)) return { ready }
      return {
        ready,
        ...(storage !== undefined && { storage: toStorage(storage) }),
        ...(servers !== undefined && { servers: [...servers] })
      }
    }
)

const getMetrics = operation(
  { method: 'GET', path: '/metrics' },
  {
    operationId: 'getMetrics',
    summary: 'Get the metrics',
    description: 'Returns counters, durations and the state of the groups in the Prometheus text format.',
    redis: '`INFO`',
    tag: 'server',
    scope: 'metrics',
    isProbe: true,
    answer: {
      mediaType: 'text/plain',
      description: 'The metrics.',
      schema: Type.String({ description: 'Metrics in the Prometheus text format.' }),
      example: '# TYPE weir_readers_waiting gauge\nweir_readers_waiting 10\n'
    }
  },
  ({ metrics }: Services) =>
    async (_request, reply) =>
      reply
        .header('x-content-type-options', 'nosniff')
        .type(metrics.contentType)
        .send(await metrics.text())
)

const getOpenApi = operation(
  { method: 'GET', path: '/openapi.json' },
  {
    operationId: 'getOpenApi',
    summary: 'Get this document',
    description: 'Returns the OpenAPI document of this server in version 3.0.3.',
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
  },
  ({ openApi }: Services) =>
    async () => ({ ...openApi(), servers: [HERE] })
)

/** Relative to the document, so it is right for every host, port and path at which a proxy serves it. */
const HERE = { url: '.', description: 'This server.' }

/** Whether a client may see the state of the storage: it must be allowed to read the metrics. */
function maySeeStorage(request: FastifyRequest, access: Access | undefined): boolean {
  return (
    access === undefined || presentedToken(request, access)?.permissions.allowsSomewhere('metrics') === true
  )
}

function toStorage({ checkpoint, ...rest }: StorageStatus) {
  return { ...rest, checkpointAt: checkpoint?.at ?? null, checkpointSeconds: checkpoint?.seconds ?? null }
}

/** Operations for operators and monitoring. They are not refused while the server drains. */
export const SERVER_OPERATIONS = [getLiveness, getReadiness, getMetrics, getOpenApi]
