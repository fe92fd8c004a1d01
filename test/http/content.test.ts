import { describe, expect, it } from 'vitest'
import { type Connection, connectionForTest } from '../support/connection.ts'
import { makeExampleData } from '../support/example-data.ts'
import { type Operation, operations } from '../support/openapi-document.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const ENTRIES = '/v1/streams/orders/entries'
const BODY = '{"entries":[{"fields":{"order":"1001"}}]}'
const MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Content types that clients send with an empty body. */
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
/** For each operation, the expected answer to a request without a body. */
const withoutBody = changing.map((operation) => ({
  operation,
  operationId: operation.operationId,
  expected: isOptional(operation)
    ? { status: operation.answer.status, code: undefined, pointer: undefined }
    : { status: 400, code: 'invalid-request', pointer: '' }
}))

describe('an empty body', () => {
  it.each(withoutBody)(
    'counts as no body, whatever its type: $operationId',
    async ({ operation, expected }) => {
      const server = await listening()
      for (const type of TYPES) {
        const headers = { 'content-type': type, 'content-length': '0' }
        expect(await sent(server, operation, headers, ''), type).toEqual(expected)
      }
    }
  )

  it.each(withoutBody)('counts as no body in chunks, too: $operationId', async ({ operation, expected }) => {
    const server = await listening()
    for (const type of TYPES) {
      const headers = { 'content-type': type, 'transfer-encoding': 'chunked' }
      expect(await sent(server, operation, headers, '0\r\n\r\n'), type).toEqual(expected)
    }
  })

  it.each(withoutBody)(
    'counts as no body with a content coding, and with only a byte order mark: $operationId',
    async ({ operation, expected }) => {
      const server = await listening()
      const coded = { 'content-type': 'text/plain', 'content-length': '0', 'content-encoding': 'gzip' }
      expect(await sent(server, operation, coded, '')).toEqual(expected)
      const marked = { 'content-type': 'application/json', 'content-length': '3' }
      expect(await sent(server, operation, marked, MARK)).toEqual(expected)
    }
  )

  it.each(withoutBody.filter(({ operation }) => isOptional(operation)))(
    'counts as no body, and so does null: $operationId',
    async ({ operation, expected }) => {
      const server = await listening()
      for (const bytes of [Buffer.from('null'), Buffer.concat([MARK, Buffer.from('null')])]) {
        const headers = { 'content-type': 'application/json', 'content-length': `${bytes.length}` }
        expect(await sent(server, operation, headers, bytes)).toEqual(expected)
      }
    }
  )
})

describe('a byte order mark', () => {
  it('is skipped at the beginning of a body', async () => {
    const { send } = await serverForTest()
    const accented = BODY.replace('1001', 'Zürich')
    expect((await send('POST', ENTRIES, Buffer.concat([MARK, Buffer.from(BODY)]))).status).toBe(201)
    expect((await send('POST', ENTRIES, Buffer.concat([MARK, Buffer.from(accented)]))).status).toBe(201)
    const { body } = await send('GET', ENTRIES)
    const orders = body.entries.map(({ fields }: { fields: { order: string } }) => fields.order)
    expect(orders).toEqual(['1001', 'Zürich'])
  })

  it.each([
    ['after another mark', Buffer.concat([MARK, MARK, Buffer.from(BODY)])],
    ['after a space', Buffer.concat([Buffer.from(' '), MARK, Buffer.from(BODY)])],
    ['at the end', Buffer.concat([Buffer.from(BODY), MARK])],
    ['in another encoding', Buffer.from(`\ufeff${BODY}`, 'utf16le')]
  ])('is refused %s', async (_, bytes) => {
    const { send } = await serverForTest()
    const { status, body } = await send('POST', ENTRIES, bytes)
    expect({ status, code: body.code, pointer: body.errors[0].pointer }).toEqual({
      status: 400,
      code: 'invalid-request',
      pointer: ''
    })
  })

  it('is kept in a field', async () => {
    const { send } = await serverForTest()
    await send('POST', ENTRIES, { entries: [{ fields: { order: '\ufeff1001' } }] })
    expect((await send('GET', ENTRIES)).body.entries[0].fields).toEqual({ order: '\ufeff1001' })
  })
})

describe('a content coding', () => {
  it.each(['identity', 'IDENTITY', 'identity, identity', ' identity ,', '', ','])(
    'is accepted if it is identity or empty: "%s"',
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
  ])('is refused with an accept-encoding header unless it is identity: "%s"', async (coding) => {
    const { send, engine } = await serverForTest()
    const answer = await send('POST', ENTRIES, BODY, { 'content-encoding': coding })
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
    expect(answer.headers).toMatchObject({ 'accept-encoding': 'identity' })
    expect((await engine.listStreams({ prefix: '', limit: 1 })).streams).toEqual([])
  })
})

describe('a content type', () => {
  it.each(['text/plain', 'nonsense', 'application/jsonp', 'application/json; charset=utf-16'])(
    'is refused with an accept header unless it is JSON in UTF-8: %s',
    async (type) => {
      const { send } = await serverForTest()
      const answer = await send('POST', ENTRIES, BODY, { 'content-type': type })
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
      expect(answer.headers).toMatchObject({ accept: 'application/json' })
      expect(answer.headers).not.toHaveProperty('accept-encoding')
    }
  )

  it.each(['application/json;charset=UTF-8', 'APPLICATION/JSON', 'application/json; charset="utf8"'])(
    'is accepted in any spelling: %s',
    async (type) => {
      const { send } = await serverForTest()
      expect((await send('POST', ENTRIES, BODY, { 'content-type': type })).status).toBe(201)
    }
  )
})

describe('a body of an unknown type in chunks', () => {
  it('is refused at its first byte', async () => {
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

/** Sends these headers and bytes to a server with the example data, and returns the parts of the answer to compare. */
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
