import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { pageHeaders } from './page-headers.ts'
import { servedDocument } from './served-document.ts'
import { readStaticFiles, sendStaticFile } from './static-files.ts'

/** The page contains inline styles, and images as `data:` URLs. */
const HEADERS = pageHeaders({ 'style-src': "'self' 'unsafe-inline'", 'img-src': "'self' data:" })
/** The plugin's route for its files. */
const FILES = '/docs/static/*'
/** The page, and the plugin's other path to it. */
const PAGE = '/docs'
const PAGE_AS_FILE = '/docs/static/index.html'

/**
 * Serves the documentation at `/docs/`. Requires the plugin that builds the document. All URLs in it are
 * relative, for proxies that serve it below another path.
 */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  const plugin = createRequire(import.meta.url).resolve('@fastify/swagger-ui')
  const files = readStaticFiles(join(dirname(plugin), 'static'))
  await app.register(async (docs) => {
    docs.addHook('onRequest', (request, reply, done) => {
      const { url: route = '' } = request.routeOptions
      if (route !== FILES) {
        reply.headers(HEADERS)
        const redirect = redirectOf(route, request.url)
        if (redirect === undefined) return done()
        return void reply.redirect(redirect, 308)
      }
      // The plugin itself would open the file, and fail if the path is not valid in a file system.
      const file = files.get((request.params as { '*': string })['*'])
      if (file === undefined) return reply.callNotFound()
      reply.headers(HEADERS)
      // Its name does not change with its content.
      reply.header('cache-control', 'no-cache')
      sendStaticFile(file, request, reply)
    })
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      // Makes the URLs of the page's files relative to `/docs/`.
      indexPrefix: '..',
      transformSpecification: (document) => servedDocument(document, '..'),
      transformSpecificationClone: false
    })
  })
}

/**
 * Redirects to `/docs/`, the only URL at which the page finds its files and its document below any path. The
 * plugin's own redirects are absolute.
 */
function redirectOf(route: string, url: string): string | undefined {
  if (route === PAGE_AS_FILE) return '../'
  if (route !== PAGE) return undefined
  const [path = '', query] = url.split('?')
  if (!path.endsWith('/')) return 'docs/'
  return query === undefined ? undefined : './'
}
