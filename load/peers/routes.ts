import { type FastifyInstance, type FastifySchema, fastify, LogController } from 'fastify'
import { allOperations } from '../../src/http/operations/all.ts'
import { isForDocument } from '../../src/http/operations/schemas.ts'
import { createLogger } from '../../src/log.ts'

type Fields = Record<string, string>

export interface GroupPath {
  readonly stream: string
  readonly group: string
}

/** What a peer does for the requests to the routes that it shares with Weir. */
export interface Handlers {
  /** Returns the ids. */
  append(stream: string, entries: readonly Fields[]): Promise<string[]>
  read(path: GroupPath, request: ReadRequest): Promise<{ id: string; fields: Fields; deliveries: number }[]>
  /** Returns how many of the entries were pending. */
  ack(path: GroupPath, ids: string[]): Promise<number>
}

export interface ReadRequest {
  readonly consumer: string
  readonly count: number
  readonly waitMs: number
}

const MAX_WAIT_MS = 60_000

/**
 * Builds a bare Fastify with Weir's routes for appends, reads and acks. It has the same schemas, which Fastify
 * validates and serialises in its default way, and logs as Weir does.
 */
export function buildPeer(handlers: Handlers): FastifyInstance {
  const app = fastify({
    loggerInstance: createLogger('info'),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 8 * 1024 ** 2,
    // The schemas' formats of ids are documentation only.
    ajv: { customOptions: { validateFormats: false } }
  }) as unknown as FastifyInstance
  app.post<{ Params: GroupPath; Body: { entries: { fields: Fields }[] } }>(
    '/v1/streams/:stream/entries',
    { schema: schemaOf('appendEntries') },
    async ({ params, body }, reply) => {
      reply.code(201)
      return {
        ids: await handlers.append(
          params.stream,
          body.entries.map(({ fields }) => fields)
        )
      }
    }
  )
  app.post<{ Params: GroupPath; Body: ReadRequest }>(
    '/v1/streams/:stream/groups/:group/read',
    { schema: schemaOf('readGroup') },
    async ({ params, body }) => ({ entries: await handlers.read(params, body) })
  )
  app.post<{ Params: GroupPath; Body: { ids: string[] } }>(
    '/v1/streams/:stream/groups/:group/ack',
    { schema: schemaOf('ackEntries') },
    async ({ params, body }) => ({ acked: await handlers.ack(params, body.ids), notPending: [] })
  )
  return app
}

function schemaOf(operationId: string): FastifySchema {
  const operation = allOperations(MAX_WAIT_MS).find(({ id }) => id === operationId)
  if (operation === undefined) throw new Error(`Unknown operation: ${operationId}`)
  // Fastify refuses what is only for the document.
  return JSON.parse(
    JSON.stringify(operation.schema, (key, value) => (isForDocument(key) ? undefined : value))
  )
}

/** Serves until SIGTERM. */
export async function serve(app: FastifyInstance): Promise<void> {
  process.on('SIGTERM', () => app.close())
  await listen(app)
}

/** Listens on a free port, with the longest backlog that the kernel allows, and logs the address. */
export async function listen(app: FastifyInstance): Promise<void> {
  const address = await app.listen({ host: '127.0.0.1', port: 0, backlog: 65_535 })
  app.log.info({ address }, 'listening')
}
