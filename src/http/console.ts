import { sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** What the page may load and do: what came with it, and to ask this server. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** Serves the built console below `/console/`. It asks nothing of the server but the public API. */
export async function serveConsole(app: FastifyInstance, directory: string): Promise<void> {
  // Relative, as all addresses of the page are, for proxies that put it below another path.
  app.get('/console', { schema: { hide: true } }, async (_request, reply) => reply.redirect('console/', 308))
  await app.register(fastifyStatic, {
    root: directory,
    prefix: '/console/',
    decorateReply: false,
    cacheControl: false,
    setHeaders(reply, path) {
      reply.headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        // The names of assets have a hash of what is in them; the page that names them is asked for anew.
        'cache-control': path.includes(`${sep}assets${sep}`)
          ? 'public, max-age=31536000, immutable'
          : 'no-cache'
      })
    }
  })
}
