import type { FastifyInstance } from 'fastify'
import { pageHeaders } from './page-headers.ts'
import { readStaticFiles, sendStaticFile } from './static-files.ts'

const HEADERS = pageHeaders()

/**
 * Serves a page that Vite built, with its files, below `/name/`. `/name` redirects there. A page uses only the public
 * API of the server.
 */
export async function servePage(app: FastifyInstance, name: string, directory: string): Promise<void> {
  const files = readStaticFiles(directory)
  // Relative, like all URLs of a page, for proxies that serve it below another path.
  app.get(`/${name}`, { schema: { hide: true } }, async (_request, reply) => reply.redirect(`${name}/`, 308))
  app.get<{ Params: { '*': string } }>(`/${name}/*`, { schema: { hide: true } }, (request, reply) => {
    const path = request.params['*'] || 'index.html'
    const file = files.get(path)
    if (file === undefined) return reply.callNotFound()
    // The names of assets contain a hash of their content. The page that refers to them is requested again.
    const isAsset = path.startsWith('assets/')
    reply.headers(HEADERS)
    reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache')
    return sendStaticFile(file, request, reply)
  })
}
