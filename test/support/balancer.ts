import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * Starts a load balancer for one test: each connection goes to the next server, or to the one after it if that one
 * does not accept it. Returns the URL of the balancer.
 */
export async function balancerForTest(ports: readonly number[]): Promise<string> {
  const sockets = new Set<Socket>()
  let next = 0
  const server = createServer((client) => {
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    client.on('error', () => {})
    forward(client, ports, next++)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port')
  return `http://127.0.0.1:${address.port}`
}

function forward(client: Socket, ports: readonly number[], first: number, tries = 0): void {
  const port = ports[(first + tries) % ports.length]
  if (port === undefined || tries === ports.length) {
    client.destroy()
    return
  }
  const server = connect(port, '127.0.0.1')
  let isConnected = false
  server.once('connect', () => {
    isConnected = true
    client.pipe(server)
    server.pipe(client)
  })
  server.on('error', () => {
    if (isConnected) client.destroy()
    else forward(client, ports, first, tries + 1)
  })
  server.on('close', () => {
    if (isConnected) client.destroy()
  })
  client.on('close', () => server.destroy())
}
