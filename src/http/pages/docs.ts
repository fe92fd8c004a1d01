import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { pageHeaders } from './page-headers.ts'
import { servedDocument } from './served-document.ts'
import { readStaticFiles, sendStaticFile } from './static-files.ts'

/** Its styles are partly in the page itself, and it has images as data. */
const HEADERS = pageHeaders({ 'style-src': "'self' 'unsafe-inline'", 'img-src': "'self' data:" })
/** The plugin's route for its files. */
const FILES = '/docs/static/*'
/** The page, and another name that the plugin has for it. */
const PAGE = '/docs'
const PAGE_AS_FILE = '/docs/static/index.html'

/**
 * Serves the documentation at `/docs/`. Needs the document's plugin. All addresses in it are relative, for proxies that
 * put it below another path.
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
      // The plugin itself would open the file, and fail where a path cannot be one.
      const file = files.get((request.params as { '*': string })['*'])
      if (file === undefined) return reply.callNotFound()
      reply.headers(HEADERS)
      // Its name stays the same when what is in it changes.
      reply.header('cache-control', 'no-cache')
      sendStaticFile(file, request, reply)
    })
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      // Makes the addresses of the page's files relative to `/docs/`.
      indexPrefix: '..',
      transformSpecification: (document) => servedDocument(document, '..'),
      transformSpecificationClone: false
    })
  })
}

/**
 * Leads to `/docs/`, the only address at which the page finds its files and its document below any path. The plugin's own
 * redirects are absolute.
 */
function redirectOf(route: string, url: string): string | undefined {
  if (route === PAGE_AS_FILE) return '../'
  if (route !== PAGE) return undefined
  const [path = '', query] = url.split('?')
  if (!path.endsWith('/')) return 'docs/'
  return query === undefined ? undefined : './'
}
