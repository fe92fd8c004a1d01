import { describe, expect, it } from 'vitest'
import { type Connection, connectionForTest } from '../support/connection.ts'
import { makeExampleData } from '../support/example-data.ts'
import { type Operation, operations } from '../support/openapi-document.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const ENTRIES = '/v1/streams/orders/entries'
const BODY = '{"entries":[{"fields":{"order":"1001"}}]}'
const MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** What clients send as the type of nothing. */
const TYPES = [
  'application/json',
  'application/json; charset=latin1',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
  'nonsense',
  ''
]

const changing = operations.filter(({ method }) => method !== 'GET')
/** Of each operation, what a request without a body is answered with. */
const withoutBody = changing.map((operation) => ({
  operation,
  operationId: operation.operationId,
  wanted: isOptional(operation)
    ? { status: operation.answer.status, code: undefined, pointer: undefined }
    : { status: 400, code: 'invalid-request', pointer: '' }
}))

describe('a body without bytes is no body', () => {
  it.each(withoutBody)('whatever its type: $operationId', async ({ operation, wanted }) => {
    const server = await listening()
    for (const type of TYPES) {
      const headers = { 'content-type': type, 'content-length': '0' }
      expect(await sent(server, operation, headers, ''), type).toEqual(wanted)
    }
  })

  it.each(withoutBody)('also in chunks: $operationId', async ({ operation, wanted }) => {
    const server = await listening()
    for (const type of TYPES) {
      const headers = { 'content-type': type, 'transfer-encoding': 'chunked' }
      expect(await sent(server, operation, headers, '0\r\n\r\n'), type).toEqual(wanted)
    }
  })

  it.each(withoutBody)(
    'whatever its coding, and with a byte order mark alone: $operationId',
    async ({ operation, wanted }) => {
      const server = await listening()
      const coded = { 'content-type': 'text/plain', 'content-length': '0', 'content-encoding': 'gzip' }
      expect(await sent(server, operation, coded, '')).toEqual(wanted)
      const marked = { 'content-type': 'application/json', 'content-length': '3' }
      expect(await sent(server, operation, marked, MARK)).toEqual(wanted)
    }
  )

  it.each(withoutBody.filter(({ operation }) => isOptional(operation)))(
    'nor is null: $operationId',
    async ({ operation, wanted }) => {
      const server = await listening()
      for (const bytes of [Buffer.from('null'), Buffer.concat([MARK, Buffer.from('null')])]) {
        const headers = { 'content-type': 'application/json', 'content-length': `${bytes.length}` }
        expect(await sent(server, operation, headers, bytes)).toEqual(wanted)
      }
    }
  )
})

describe('a byte order mark', () => {
  it('at the beginning of a body is skipped', async () => {
    const { send } = await serverForTest()
    const accented = BODY.replace('1001', 'Zürich')
    expect((await send('POST', ENTRIES, Buffer.concat([MARK, Buffer.from(BODY)]))).status).toBe(201)
    expect((await send('POST', ENTRIES, Buffer.concat([MARK, Buffer.from(accented)]))).status).toBe(201)
    const { body } = await send('GET', ENTRIES)
    const orders = body.entries.map(({ fields }: { fields: { order: string } }) => fields.order)
    expect(orders).toEqual(['1001', 'Zürich'])
  })

  it.each([
    ['after the mark', Buffer.concat([MARK, MARK, Buffer.from(BODY)])],
    ['after a space', Buffer.concat([Buffer.from(' '), MARK, Buffer.from(BODY)])],
    ['at the end', Buffer.concat([Buffer.from(BODY), MARK])],
    ['of another encoding', Buffer.from(`\ufeff${BODY}`, 'utf16le')]
  ])('is refused %s', async (_, bytes) => {
    const { send } = await serverForTest()
    const { status, body } = await send('POST', ENTRIES, bytes)
    expect({ status, code: body.code, pointer: body.errors[0].pointer }).toEqual({
      status: 400,
      code: 'invalid-request',
      pointer: ''
    })
  })

  it('in a field stays there', async () => {
    const { send } = await serverForTest()
    await send('POST', ENTRIES, { entries: [{ fields: { order: '\ufeff1001' } }] })
    expect((await send('GET', ENTRIES)).body.entries[0].fields).toEqual({ order: '\ufeff1001' })
  })
})

describe('a content coding', () => {
  it.each(['identity', 'IDENTITY', 'identity, identity', ' identity ,', '', ','])(
    'is none: "%s"',
    async (coding) => {
      const { send } = await serverForTest()
      expect((await send('POST', ENTRIES, BODY, { 'content-encoding': coding })).status).toBe(201)
    }
  )

  it.each([
    'gzip',
    'x-gzip',
    'deflate',
    'br',
    'zstd',
    'identity, gzip',
    'gzip, identity',
    'utf-8',
    'identity;q=1'
  ])('is refused, with what is accepted instead: "%s"', async (coding) => {
    const { send, engine } = await serverForTest()
    const answer = await send('POST', ENTRIES, BODY, { 'content-encoding': coding })
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
    expect(answer.headers).toMatchObject({ 'accept-encoding': 'identity' })
    expect((await engine.listStreams({ prefix: '', limit: 1 })).streams).toEqual([])
  })

  it.each(['text/plain', 'nonsense', 'application/jsonp', 'application/json; charset=utf-16'])(
    'is not what is wrong with a body of another type: %s',
    async (type) => {
      const { send } = await serverForTest()
      const answer = await send('POST', ENTRIES, BODY, { 'content-type': type })
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
      expect(answer.headers).toMatchObject({ accept: 'application/json' })
      expect(answer.headers).not.toHaveProperty('accept-encoding')
    }
  )

  it.each(['application/json;charset=UTF-8', 'APPLICATION/JSON', 'application/json; charset="utf8"'])(
    'nor is a type that is spelt otherwise: %s',
    async (type) => {
      const { send } = await serverForTest()
      expect((await send('POST', ENTRIES, BODY, { 'content-type': type })).status).toBe(201)
    }
  )
})

describe('a body of an unknown type in chunks', () => {
  it('is refused with its first byte', async () => {
    const connection = connect(await listening())
    connection.socket.write(
      `POST ${ENTRIES} HTTP/1.1\r\nhost: weir\r\ncontent-type: nonsense\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n`
    )
    expect(await connection.answer()).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
  })
})

function isOptional({ body }: Operation): boolean {
  return body === undefined || (body.required === undefined && body.minProperties === undefined)
}

type Listening = TestServer & { readonly url: string }

async function listening(): Promise<Listening> {
  const server = await serverForTest()
  return { ...server, url: await server.app.listen({ host: '127.0.0.1', port: 0 }) }
}

function connect({ url }: Listening): Connection {
  return connectionForTest(url)
}

/** Sends these headers and bytes to the world as it is at first; returns what shows whether they were accepted. */
async function sent(
  server: Listening,
  { method, path, parameters }: Operation,
  headers: Record<string, string>,
  bytes: string | Buffer
) {
  await server.send('DELETE', '/v1/streams/orders')
  await makeExampleData(server)
  const query = parameters.some(({ name }) => name === 'pending') ? '?pending=drop' : ''
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const connection = connect(server)
  connection.socket.write(`${method} ${path}${query} HTTP/1.1\r\nhost: weir\r\n${lines.join('')}\r\n`)
  connection.socket.write(bytes)
  const answer = await connection.answer()
  const { code, errors } = answer?.body ?? {}
  return { status: answer?.status, code, pointer: errors?.[0].pointer }
}
