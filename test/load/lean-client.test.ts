import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LeanClient } from '../../load/clients/lean-client.ts'

/** A client, and a server for it that answers with `answer`. */
async function clientFor(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  maxConnections?: number
) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen')
  const client = new LeanClient(address.port, maxConnections === undefined ? {} : { maxConnections })
  onTestFinished(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })
  return client
}

describe('the lean client', () => {
  it('sends a body, and returns the status and the body of the answer, in any script', async () => {
    const client = await clientFor(async (request, response) => {
      const body = Buffer.concat(await request.toArray())
      response.writeHead(201, { 'content-length': body.length }).end(body)
    })
    expect(await client.send('POST', '/orders', '{"item":"Bücher 本"}')).toEqual({
      status: 201,
      body: '{"item":"Bücher 本"}'
    })
  })

  it('accepts an answer that arrives in pieces', async () => {
    const client = await clientFor((_request, response) => {
      response.writeHead(200, { 'content-length': 8 })
      response.write('half', () => response.end('half'))
    })
    expect(await client.send('GET', '/')).toEqual({ status: 200, body: 'halfhalf' })
  })

  it('queues requests while all connections are in use', async () => {
    const seen: string[] = []
    const open: ServerResponse[] = []
    const client = await clientFor((request, response) => {
      seen.push(request.url ?? '')
      open.push(response)
      if (seen.length === 1) return
      for (const waiting of open.splice(0)) waiting.writeHead(200, { 'content-length': 0 }).end()
    }, 2)
    const answers = ['/1', '/2', '/3', '/4'].map((path) => client.send('GET', path))
    await Promise.all(answers)
    expect(seen.toSorted()).toEqual(['/1', '/2', '/3', '/4'])
  })

  it('rejects if the server hangs up', async () => {
    const client = await clientFor((request) => request.socket.destroy())
    await expect(client.send('GET', '/')).rejects.toThrow()
  })
})
