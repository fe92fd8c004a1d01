import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type Connection, connectionForTest } from '../support/connection.ts'
import { makeExampleData } from '../support/example-data.ts'
import { until } from '../support/http.ts'
import { type Operation, operations } from '../support/openapi-document.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const GROUP = '/v1/streams/orders/groups/billing'
/** Operations that deliver or follow, and so may treat a client that ends its side as dead. */
const HUNG_UP = new Set(['readGroup', 'readGroups', 'tailEntries'])

describe('a client that ends its side after its request', () => {
  it.each(operations.filter(({ operationId }) => !HUNG_UP.has(operationId)))(
    'is answered: $operationId',
    async (operation) => {
      const server = await orders()
      const connection = connect(server)
      connection.socket.end(requestOf(operation))
      const answers = await connection.answers()
      expect(answers.map(({ status }) => status)).toEqual([operation.answer.status])
      await connection.closed()
    }
  )

  it('is answered if it ends its side while its request is being handled', async () => {
    const server = await orders()
    const { engine, app } = server
    const accepted = once(app.server, 'connection')
    const connection = connect(server)
    const [socket] = await accepted
    const append = engine.appendEntries.bind(engine)
    engine.appendEntries = async (request) => {
      const ended = once(socket, 'end')
      connection.socket.end()
      await ended
      return append(request)
    }
    connection.socket.write(requestOf(operationOf('appendEntries')))
    expect((await connection.answer())?.status).toBe(201)
    await connection.closed()
    expect((await engine.getStream({ stream: 'orders' })).length).toBe(4)
  })

  it('gets the answer to each request that it has sent, in order', async () => {
    const server = await orders()
    const connection = connect(server)
    const requests = ['appendEntries', 'getStream', 'ackEntries', 'listEntries', 'claimEntries'].map(
      operationOf
    )
    connection.socket.end(requests.map(requestOf).join(''))
    const answers = await connection.answers()
    expect(answers.map(({ status }) => status)).toEqual(requests.map(({ answer }) => answer.status))
    await connection.closed()
  })

  it.each([
    ['listEntries', 'GET', '/v1/streams/orders/entries?after=last&waitMs=60000', '', { entries: [] }],
    [
      'readStreams',
      'POST',
      '/v1/read',
      '{"streams":[{"stream":"orders","after":"last"}],"waitMs":60000}',
      undefined
    ]
  ])('is answered at once without entries when it waits: %s', async (_, method, path, body, expected) => {
    const server = await orders()
    const connection = connect(server)
    connection.socket.write(request(method, path, body))
    await until(async () => (await server.engine.status()).waiting === 1)
    connection.socket.end()
    const [answer] = await connection.answers()
    expect(answer?.status).toBe(200)
    if (expected !== undefined) expect(answer?.body).toMatchObject(expected)
    await connection.closed()
    expect((await server.engine.status()).waiting).toBe(0)
  })

  it('loses no entry of a group, whether it still reads or is dead', async () => {
    const server = await orders()
    const connection = connect(server)
    connection.socket.end(request('POST', `${GROUP}/read`, '{"consumer":"cid","waitMs":60000}'))
    const received = (await connection.answers()).flatMap(({ body }) => body.entries)
    await connection.closed()
    const { body } = await server.send('POST', `${GROUP}/read`, { consumer: 'dan', waitMs: 1000 })
    expect(received.length + body.entries.length).toBe(1)
    expect([...received, ...body.entries]).toMatchObject([{ deliveries: 1 }])
  })

  it('keeps entries that it received before', async () => {
    const server = await orders()
    const connection = connect(server)
    connection.request('POST', `${GROUP}/read`, { consumer: 'cid' })
    expect((await connection.answer())?.body.entries).toHaveLength(1)
    connection.socket.end(request('GET', '/v1/streams/orders', ''))
    expect((await connection.answer())?.status).toBe(200)
    await connection.closed()
    const { body } = await server.send('GET', `${GROUP}/pending/summary`)
    expect(body.consumers).toContainEqual({ name: 'cid', count: 1 })
  })

  it('no longer receives a tail', async () => {
    const server = await orders()
    const connection = connect(server)
    connection.request('GET', '/v1/streams/orders/tail')
    await until(async () => (await server.engine.status()).waiting === 1)
    connection.socket.end()
    await connection.closed()
    expect((await server.engine.status()).waiting).toBe(0)
  })

  it('has its unread deliveries undone when it resets the connection', async () => {
    const server = await orders()
    const connection = connect(server)
    connection.socket.pause()
    connection.request('POST', `${GROUP}/read`, { consumer: 'cid' })
    const line = 'weir_request_duration_seconds_count{operation="readGroup",status="200"}'
    await until(async () => (await server.metrics.text()).includes(line))
    connection.socket.end()
    connection.socket.resetAndDestroy()
    const { body } = await server.send('POST', `${GROUP}/read`, { consumer: 'dan', waitMs: 10_000 })
    expect(body.entries).toMatchObject([{ deliveries: 1 }])
  })
})

type Listening = TestServer & { readonly url: string }

async function orders(): Promise<Listening> {
  const server = await serverForTest()
  await makeExampleData(server)
  return { ...server, url: await server.app.listen({ host: '127.0.0.1', port: 0 }) }
}

function connect({ url }: Listening): Connection {
  return connectionForTest(url)
}

function operationOf(id: string): Operation {
  const found = operations.find(({ operationId }) => operationId === id)
  if (found === undefined) throw new Error(`Unknown operation ${id}`)
  return found
}

/** The example request of an operation, without waiting. */
function requestOf({ method, path, parameters, example }: Operation): string {
  const query = parameters.some(({ name }) => name === 'pending') ? '?pending=drop' : ''
  const body = example === undefined ? '' : JSON.stringify({ ...example, waitMs: undefined })
  return request(method, `${path}${query}`, body)
}

function request(method: string, path: string, body: string): string {
  const head =
    body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  return `${method} ${path} HTTP/1.1\r\nhost: weir\r\n${head}\r\n${body}`
}
