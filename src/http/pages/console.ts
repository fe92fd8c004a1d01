import type { FastifyInstance } from 'fastify'
import { pageHeaders } from './page-headers.ts'
import { readStaticFiles, sendStaticFile } from './static-files.ts'

const HEADERS = pageHeaders()

/** Serves the built console below `/console/`. It asks nothing of the server but the public API. */
export async function serveConsole(app: FastifyInstance, directory: string): Promise<void> {
  const files = readStaticFiles(directory)
  // Relative, as all addresses of the page are, for proxies that put it below another path.
  app.get('/console', { schema: { hide: true } }, async (_request, reply) => reply.redirect('console/', 308))
  app.get<{ Params: { '*': string } }>('/console/*', { schema: { hide: true } }, (request, reply) => {
    const path = request.params['*'] || 'index.html'
    const file = files.get(path)
    if (file === undefined) return reply.callNotFound()
    // The names of assets have a hash of what is in them; the page that names them is asked for anew.
    const isAsset = path.startsWith('assets/')
    reply.headers(HEADERS)
    reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache')
    return sendStaticFile(file, request, reply)
  })
}
