import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TokenFile } from '../../src/http/access/token-file.ts'
import { recheckTokens } from '../../src/http/server.ts'
import { type Connection, connectionForTest } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory } from '../support/weir.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`
const WAITING = { consumer: 'ann', waitMs: 60_000 }
const { headers, file } = tokensFor({ ann: ['consume:orders', 'consume:bills'], bob: ['admin'] })
const [annLine, bobLine] = JSON.parse(file).tokens.map((token: object) => JSON.stringify(token))

/** The file without ann's token, and with a token of hers that allows less. */
const WITHOUT_ANN = `{"tokens":[${bobLine}]}`
const ANN_READS_BILLS = file.replace('"consume:orders",', '')

const READS: [string, string, object | undefined][] = [
  ['POST', `${GROUP}/read`, WAITING],
  ['POST', '/v1/groups/billing/read', { ...WAITING, streams: [{ stream: 'bills' }, { stream: 'orders' }] }],
  ['POST', '/v1/read', { streams: [{ stream: 'orders', after: 'last' }], waitMs: 60_000 }],
  ['GET', `${STREAM}/entries?after=last&waitMs=60000`, undefined]
]

describe('a read that waits while its token is revoked', () => {
  it.each(READS)('is answered with 401: %s %s', async (method, path, body) => {
    const server = await listening()
    const ann = waiting(server, method, path, body)
    await until(async () => (await server.engine.status()).waiting === 1)
    server.reload(WITHOUT_ANN)
    expect(await ann.answer()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect((await server.engine.status()).waiting).toBe(0)
  })

  it.each(READS)(
    'is answered with 403 if the token no longer allows it: %s %s',
    async (method, path, body) => {
      const server = await listening()
      const ann = waiting(server, method, path, body)
      await until(async () => (await server.engine.status()).waiting === 1)
      server.reload(ANN_READS_BILLS)
      expect(await ann.answer()).toMatchObject({ status: 403, body: { code: 'forbidden' } })
      expect((await server.engine.status()).waiting).toBe(0)
    }
  )

  it('keeps waiting if its token was kept, whatever else has changed', async () => {
    const server = await listening()
    const ann = waiting(server, 'POST', `${GROUP}/read`, WAITING)
    await until(async () => (await server.engine.status()).waiting === 1)
    server.reload(`{"tokens":[${bobLine}, ${annLine.replace('"ann"', '"anna"')}]}`)
    await append(server)
    expect((await ann.answer())?.body.entries).toHaveLength(1)
    ann.request('POST', `${GROUP}/read`, { consumer: 'ann' }, headers('ann'))
    expect((await ann.answer())?.status).toBe(200)
  })

  it('receives no entry, not even one that arrives at that moment', async () => {
    const server = await listening()
    for (let round = 0; round < 20; round++) {
      server.reload(file)
      const ann = waiting(server, 'POST', `${GROUP}/read`, WAITING)
      await until(async () => (await server.engine.status()).waiting === 1)
      const entries = [{ fields: Buffer.from('{"order":"1001"}') }]
      const appended = server.engine.appendEntries({ stream: 'orders', createStream: false, entries })
      // The reload falls into different moments between the append and the answer, first before the entry is delivered.
      const turns = round % 5
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      server.reload(WITHOUT_ANN)
      await appended
      const status = (await ann.answer())?.status
      if (turns === 0) expect(status).toBe(401)
      if (status !== 200) {
        expect(status).toBe(401)
        const read = { consumer: 'bob', waitMs: 10_000 }
        const { body } = await server.send('POST', `${GROUP}/read`, read, headers('bob'))
        expect(body.entries).toMatchObject([{ deliveries: 1 }])
      }
      const { body } = await server.send('GET', `${GROUP}/pending`, undefined, headers('bob'))
      expect(body.pending).toMatchObject([{ consumer: status === 200 ? 'ann' : 'bob', deliveries: 1 }])
      const ids = body.pending.map(({ id }: { id: string }) => id)
      await server.send('POST', `${GROUP}/ack`, { ids }, headers('bob'))
    }
  })

  it.each([WITHOUT_ANN, ANN_READS_BILLS])(
    'is answered with what it settled before it waited, and delivers nothing',
    async (tokens) => {
      const server = await listening()
      await append(server)
      const read = { consumer: 'ann' }
      const { body } = await server.send('POST', `${GROUP}/read`, read, headers('ann'))
      const ack = body.entries.map(({ id }: { id: string }) => id)
      const ann = waiting(server, 'POST', `${GROUP}/read`, { ...WAITING, ack })
      await until(async () => (await server.engine.status()).waiting === 1)
      server.reload(tokens)
      expect(await ann.answer()).toMatchObject({
        status: 200,
        body: { acked: 1, nacked: 0, notPending: [], entries: [] }
      })
      expect((await server.engine.status()).waiting).toBe(0)
    }
  )

  it('is answered empty if only another request of its connection is refused', async () => {
    const server = await listening()
    const ann = waiting(server, 'POST', `${GROUP}/read`, WAITING)
    ann.request('POST', `${GROUP}/read`, { ...WAITING, consumer: 'bob' }, headers('bob'))
    await until(async () => (await server.engine.status()).waiting === 2)
    server.reload(WITHOUT_ANN)
    expect((await ann.answer())?.status).toBe(401)
    expect(await ann.answer()).toMatchObject({ status: 200, body: { entries: [] } })
  })
})

describe('a tail whose token is revoked', () => {
  it.each([
    ['unauthenticated', WITHOUT_ANN],
    ['forbidden', ANN_READS_BILLS]
  ])('ends with a problem: %s', async (code, tokens) => {
    const server = await listening()
    const tail = await tailing(server)
    server.reload(tokens)
    const appended = append(server)
    const [, problem = ''] = /^event: problem\ndata: (.*)\n\n$/.exec(await tail.ended) ?? []
    expect(JSON.parse(problem)).toMatchObject({ code })
    await appended
    expect((await server.engine.status()).waiting).toBe(0)
  })

  it('ends even if its client does not read', async () => {
    const server = await listening()
    const note = 'x'.repeat(7_000_000)
    const large = { entries: [{ fields: { note } }] }
    for (let n = 0; n < 2; n++) await server.send('POST', `${STREAM}/entries`, large, headers('bob'))
    const ann = connect(server)
    ann.request('GET', `${STREAM}/tail`, undefined, headers('ann'))
    await once(ann.socket, 'data')
    ann.socket.pause()
    // Waits until it is in the middle of an event that its client does not read.
    await until(async () => /^weir_buffered_bytes [1-9]/m.test(await server.metrics.text()))
    server.reload(WITHOUT_ANN)
    await until(async () => (await server.engine.status()).waiting === 0)
    await until(
      () =>
        new Promise<boolean>((resolve) => {
          server.app.server.getConnections((_, count) => resolve(count === 0))
        })
    )
  })
})

type Listening = TestServer & { readonly url: string; reload(tokens: string): void }

/** A server with a group on two streams, and a token file that `reload` replaces. */
async function listening(): Promise<Listening> {
  const path = join(await temporaryDirectory(), 'tokens.json')
  writeFileSync(path, file)
  const access = new TokenFile(path)
  const server = await serverForTest({ access })
  access.onReload(() => recheckTokens(server.app))
  for (const stream of ['orders', 'bills']) {
    await server.send('PUT', `/v1/streams/${stream}/groups/billing`, { createStream: true }, headers('bob'))
  }
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
  const reload = (tokens: string) => {
    writeFileSync(path, tokens)
    access.reload()
  }
  return { ...server, url, reload }
}

function connect({ url }: Listening): Connection {
  return connectionForTest(url)
}

function waiting(server: Listening, method: string, path: string, body?: object): Connection {
  const connection = connect(server)
  connection.request(method, path, body, headers('ann'))
  return connection
}

async function append({ send }: TestServer): Promise<void> {
  const entries = [{ fields: { order: '1001' } }]
  expect((await send('POST', `${STREAM}/entries`, { entries }, headers('bob'))).status).toBe(201)
}

/** A waiting tail of ann. `ended` resolves with everything that it received when the server ends it. */
async function tailing({ url }: Listening): Promise<{ ended: Promise<string> }> {
  const answer = await fetch(`${url}${STREAM}/tail`, { headers: headers('ann') })
  expect(answer.status).toBe(200)
  return { ended: answer.text() }
}
