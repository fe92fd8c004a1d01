import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

/** A proxy that serves another server under a path, as nginx does with `location /weir/ { proxy_pass http://…/; }`. */
export interface PrefixProxy {
  readonly host: string
  /** The URL of the server's root, without a trailing slash. */
  readonly url: string
  /** Requests outside of the path, which did not reach the server. */
  readonly strays: string[]
  /** Forwards to this port from now on. */
  forwardTo(port: number): void
}

/**
 * Starts a proxy for one test. It forwards the `Host` of the client, or sends the server's, as nginx does by default.
 */
export async function prefixProxyForTest(prefix: string, forwardsHost: boolean): Promise<PrefixProxy> {
  const strays: string[] = []
  let port = 0
  const proxy = createServer((incoming, outgoing) => {
    const { url = '' } = incoming
    if (url.startsWith(`${prefix}/`)) {
      const host = forwardsHost ? `${incoming.headers.host}` : `127.0.0.1:${port}`
      forward(incoming, outgoing, { port, path: url.slice(prefix.length), host })
    } else {
      strays.push(`${incoming.method} ${url}`)
      outgoing.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.close()
    proxy.closeAllConnections()
  })
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port')
  const host = `127.0.0.1:${address.port}`
  return {
    host,
    url: `http://${host}${prefix}`,
    strays,
    forwardTo(target) {
      port = target
    }
  }
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  to: { port: number; path: string; host: string }
): void {
  const { method, headers } = incoming
  const { port, path, host } = to
  const forwarded = request({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { ...headers, host, 'x-forwarded-host': headers.host, 'x-forwarded-proto': 'http' }
  })
  forwarded.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
    outgoing.flushHeaders()
    answer.pipe(outgoing)
  })
  forwarded.on('error', () => outgoing.destroy())
  outgoing.on('close', () => forwarded.destroy())
  incoming.pipe(forwarded)
}
