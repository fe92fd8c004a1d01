import { fastify, LogController } from 'fastify'
import { appendEntries } from '../../src/http/operations/entries.ts'
import { createLogger } from '../../src/log.ts'

// The floor that Weir's appends are compared with: the same schema, checked and serialised by Fastify, the same way
// of logging, and no work. It listens where WEIR_PORT says.
const app = fastify({
  loggerInstance: createLogger('info'),
  logController: new LogController({ disableRequestLogging: true }),
  // Formats of ids are documentation only.
  ajv: { customOptions: { validateFormats: false } }
})

app.post('/v1/streams/:stream/entries', { schema: appendEntries }, async (_request, reply) => {
  reply.code(201)
  return { ids: ['1767225600000-0'] }
})

process.on('SIGTERM', () => app.close())
const address = await app.listen({ host: '127.0.0.1', port: Number(process.env['WEIR_PORT']) })
app.log.info({ address }, 'listening')
