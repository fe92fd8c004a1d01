import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { pageHeaders } from './page-headers.ts'
import { readStaticFiles, sendStaticFile } from './static-files.ts'

/** Its styles are partly in the page itself, and it has images as data. */
const HEADERS = pageHeaders({ 'style-src': "'self' 'unsafe-inline'", 'img-src': "'self' data:" })
/** The plugin's route for its files. */
const FILES = '/docs/static/*'

/** Serves the documentation below `/docs`. Needs the document's plugin. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  const plugin = createRequire(import.meta.url).resolve('@fastify/swagger-ui')
  const files = readStaticFiles(join(dirname(plugin), 'static'))
  await app.register(async (docs) => {
    docs.addHook('onRequest', (request, reply, done) => {
      if (request.routeOptions.url !== FILES) {
        reply.headers(HEADERS)
        return done()
      }
      // The plugin itself would open the file, and fail where a path cannot be one.
      const file = files.get((request.params as { '*': string })['*'])
      if (file === undefined) return reply.callNotFound()
      reply.headers(HEADERS)
      sendStaticFile(file, request, reply)
    })
    await docs.register(swaggerUi, { routePrefix: '/docs' })
  })
}
