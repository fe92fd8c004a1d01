import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Both ends of a TCP connection from this process to itself. */
export interface OwnConnection {
  readonly client: Socket
  readonly server: Socket
}

const HOST = '127.0.0.1'
/** The options that Node's HTTP server sets on connections that it accepts. */
const ACCEPTED = { allowHalfOpen: true, noDelay: true, keepAlive: true }

/**
 * Connects this process to itself over loopback. It listens on a free port until all connections are made.
 * Connections from other processes to that port are closed, and nothing is read from them. Rejects when
 * `signal` aborts.
 */
export async function connectToItself(count: number, signal: AbortSignal): Promise<OwnConnection[]> {
  const accepted = new Map<string, Socket>()
  const clients: Socket[] = []
  const listener = createServer({ ...ACCEPTED, pauseOnConnect: true }, (socket) =>
    accepted.set(endpoint(socket.remoteAddress, socket.remotePort), socket)
  )
  const own: OwnConnection[] = []
  try {
    listener.listen(0, HOST)
    await once(listener, 'listening', { signal })
    const { port } = listener.address() as AddressInfo
    while (own.length < count) {
      const client = connect({ port, host: HOST, noDelay: true })
      clients.push(client)
      await once(client, 'connect', { signal })
      const name = endpoint(client.localAddress, client.localPort)
      while (!accepted.has(name)) await once(listener, 'connection', { signal })
      own.push({ client, server: accepted.get(name) as Socket })
      accepted.delete(name)
    }
    return own
  } catch (error) {
    for (const socket of [...clients, ...own.map(({ server }) => server)]) socket.destroy()
    throw error
  } finally {
    listener.close()
    for (const stranger of accepted.values()) stranger.destroy()
  }
}

function endpoint(address: string | undefined, port: number | undefined): string {
  return `${address} ${port}`
}
