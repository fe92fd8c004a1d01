import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * A proxy in front of several servers, for one test: each connection goes to the next of them, or to the one after
 * it when that does not take it. Gives its URL.
 */
export async function balancerForTest(ports: readonly number[]): Promise<string> {
  const sockets = new Set<Socket>()
  let next = 0
  const server = createServer((client) => {
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    client.on('error', () => {})
    join(client, ports, next++)
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

function join(client: Socket, ports: readonly number[], first: number, tries = 0): void {
  const port = ports[(first + tries) % ports.length]
  if (port === undefined || tries === ports.length) {
    client.destroy()
    return
  }
  const server = connect(port, '127.0.0.1')
  let isJoined = false
  server.once('connect', () => {
    isJoined = true
    client.pipe(server)
    server.pipe(client)
  })
  server.on('error', () => {
    if (isJoined) client.destroy()
    else join(client, ports, first, tries + 1)
  })
  server.on('close', () => {
    if (isJoined) client.destroy()
  })
  client.on('close', () => server.destroy())
}
