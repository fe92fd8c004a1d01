import { describe, expect, it, onTestFinished } from 'vitest'
import { beginDrain } from '../../src/http/server.ts'
import { Connection, connectionForTest } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const GROUP = '/v1/streams/orders/groups/billing'
const APPEND = 'POST /v1/streams/orders/entries HTTP/1.1\r\nhost: weir\r\ncontent-type: application/json\r\n'

describe('a draining server', () => {
  it('refuses new requests and is not ready, but alive', async () => {
    const { app, send } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    beginDrain(app)
    const { status, headers, body } = await send('GET', '/v1/streams/orders')
    expect({ status, code: body.code, retryable: body.retryable }).toEqual({
      status: 503,
      code: 'draining',
      retryable: true
    })
    expect(headers).toMatchObject({ 'retry-after': '1', connection: 'close' })
    expect(await send('GET', '/readyz')).toMatchObject({ status: 503, body: { code: 'draining' } })
    expect(await send('GET', '/livez')).toMatchObject({ status: 200 })
    expect(await send('GET', '/metrics')).toMatchObject({ status: 200 })
  })

  it('closes the connection of an EventSource, which never reconnects after a refusal', async () => {
    const { app, send } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const [events, others] = [connectionForTest(url), connectionForTest(url)]
    for (const connection of [events, others]) {
      connection.request('GET', '/livez')
      await connection.answer()
    }
    beginDrain(app)
    const tail = ['GET', '/v1/streams/orders/tail', undefined] as const
    events.request(...tail, { accept: 'text/event-stream' })
    others.request(...tail, { accept: '*/*' })
    expect(await events.answers()).toEqual([])
    expect(await others.answers()).toMatchObject([{ status: 503, body: { code: 'draining' } }])
  })

  it('answers waiting readers, ends their connections, and closes after the last answer', async () => {
    const { app, send, engine } = await serverForTest()
    await send('PUT', GROUP, { createStream: true })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const requests = [
      ['POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 }],
      ['GET', '/v1/streams/orders/entries?waitMs=60000', undefined]
    ] as const
    const waiting = requests.map(([method, path, body]) => {
      const connection = new Connection(url)
      onTestFinished(() => {
        connection.socket.destroy()
      })
      connection.request(method, path, body)
      return connection
    })
    await until(async () => (await engine.status()).waiting === requests.length)
    beginDrain(app)
    for (const connection of waiting) {
      const answer = await connection.answer()
      expect(answer).toMatchObject({ status: 200, headers: { connection: 'close' }, body: { entries: [] } })
    }
    await app.close()
  })

  it('closes idle connections', async () => {
    const { app } = await serverForTest()
    const connection = new Connection(await app.listen({ host: '127.0.0.1', port: 0 }))
    connection.request('GET', '/livez')
    await connection.answer()
    beginDrain(app)
    await app.close()
    await connection.closed()
  })

  it('closes connections that have never sent anything', async () => {
    const { app } = await serverForTest()
    const connection = new Connection(await app.listen({ host: '127.0.0.1', port: 0 }))
    await until(async () => (await connectionsOf(app)) === 1)
    beginDrain(app)
    await app.close()
    await connection.closed()
  })

  it.each([
    ['head', 'GET /livez HTTP/1.1\r\nhost: weir\r\n'],
    ['body', `${APPEND}content-length: 41\r\n\r\n{"entries":`],
    ['head after another request', 'GET /livez HTTP/1.1\r\nhost: weir\r\n\r\nGET /livez']
  ])('does not wait for ever for the rest of a %s, and answers complete requests', async (_, bytes) => {
    const { app, send, engine } = await serverForTest({ timeouts: { drainMs: 100 } })
    await send('PUT', GROUP, { createStream: true })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const [slow, reader] = [new Connection(url), new Connection(url)]
    slow.socket.write(bytes)
    reader.request('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 })
    await until(async () => (await engine.status()).waiting === 1)
    beginDrain(app)
    await app.close()
    await slow.closed()
    expect((await reader.answer())?.body).toEqual({ entries: [] })
    expect((await engine.getStream({ stream: 'orders' })).length).toBe(0)
  })
})

function connectionsOf({ server }: TestServer['app']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}
