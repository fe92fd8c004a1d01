import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { connectToItself } from '../../../src/serve/own-connections.ts'
import { sendTraffic } from '../../../src/serve/warm-traffic.ts'
import { serverForTest } from '../../support/server.ts'

it('warm-up traffic appends, waits, reads and acks until isOver', async () => {
  const { app, engine, metrics } = await serverForTest()
  await app.ready()
  let waited = 0
  const isOver = () => /^weir_entries_acked_total [1-9]/m.test(text) && waited > 0
  let text = ''
  const polling = setInterval(async () => {
    text = await metrics.text()
    waited = Math.max(waited, (await engine.status()).waiting)
  })
  onTestFinished(() => clearInterval(polling))
  expect(await sendTraffic(app.server, isOver, new AbortController().signal)).toBeGreaterThan(2)
  expect((await engine.status()).waiting).toBe(0)
})

it('warm-up traffic rejects if a request is refused', async () => {
  const { app } = await serverForTest({ most: { streams: 0 } })
  await app.ready()
  const traffic = sendTraffic(app.server, () => false, new AbortController().signal)
  await expect(traffic).rejects.toThrow('A request was refused: HTTP/1.1 503')
})

it('warm-up traffic rejects if it is aborted', async () => {
  const { app, engine } = await serverForTest()
  await app.ready()
  const stop = new AbortController()
  const polling = setInterval(async () => {
    if ((await engine.status()).waiting > 0) stop.abort()
  })
  onTestFinished(() => clearInterval(polling))
  await expect(sendTraffic(app.server, () => false, stop.signal)).rejects.toThrow('The connection was closed')
})

it('connectToItself connects the process to itself, and closes the port to others', async () => {
  const own = await connectToItself(3, new AbortController().signal)
  onTestFinished(() => {
    for (const { client, server } of own) for (const socket of [client, server]) socket.destroy()
  })
  for (const { client, server } of own) {
    client.write('ann')
    server.resume()
    expect(String((await once(server, 'data'))[0])).toBe('ann')
    expect(server.remotePort).toBe(client.localPort)
  }
  const late = connect(own[0]?.server.localPort ?? 0, '127.0.0.1')
  await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED')
})
