import { describe, expect, it } from 'vitest'
import { serverForTest, type TestServer } from '../support/server.ts'

const STREAM = '/v1/streams/orders'

describe('ensureStream', () => {
  it('creates a stream once and then leaves it as it is', async () => {
    const { send } = await serverForTest()
    expect((await send('PUT', STREAM)).body).toMatchObject({ created: true, name: 'orders', length: 0 })
    await append(send, 'orders', 1)
    expect((await send('PUT', STREAM, {})).body).toMatchObject({ created: false, name: 'orders', length: 1 })
  })

  it('refuses an existing stream with If-None-Match: *', async () => {
    const { send } = await serverForTest()
    const onlyNew = { 'if-none-match': '*' }
    expect((await send('PUT', STREAM, undefined, onlyNew)).body.created).toBe(true)
    const answer = await send('PUT', STREAM, undefined, onlyNew)
    expect(answer.status).toBe(412)
    expect(answer.body.code).toBe('stream-exists')
  })

  it('accepts an empty body of type JSON', async () => {
    const { send } = await serverForTest()
    expect((await send('PUT', STREAM, '')).body.created).toBe(true)
  })

  it.each([
    ['a slash', 'eu/orders'],
    ['a percent sign', '100%'],
    ['characters with a meaning in URLs', '?a=1&b=2#c;d'],
    ['spaces and a plus', ' a + b '],
    ['emoji', '🧾🚀'],
    ['letters of two code points', 'e\u0301'],
    ['quotes and a backslash', '"\\"'],
    ['256 characters', 'x'.repeat(256)],
    ['256 emoji', '🧾'.repeat(256)],
    ['the name of an inherited property', '__proto__']
  ])('accepts a name with %s', async (_, name) => {
    const { send } = await serverForTest()
    const path = `/v1/streams/${encodeURIComponent(name)}`
    expect((await send('PUT', path)).body).toMatchObject({ created: true, name })
    expect((await send('GET', path)).body.name).toBe(name)
    expect((await send('GET', '/v1/streams')).body.streams).toMatchObject([{ name }])
  })
})

describe('the first and the last entry of a stream', () => {
  it('are sent as the stored bytes, like any entry', async () => {
    const { app, engine, send } = await serverForTest()
    // A JSON parser would move numeric names to the front.
    const json = '{"b":"é","2":"x"}'
    const entries = [{ id: 1n << 64n, fields: Buffer.from(json) }]
    await engine.appendEntries({ stream: 'orders', createStream: true, entries })
    const entry = `{"id":"1-0","fields":${json}}`
    const bodies = []
    for (const url of [STREAM, `${STREAM}/full`, `${STREAM}/entries/1-0`])
      bodies.push((await app.inject({ method: 'GET', url })).body)
    for (const method of ['PUT', 'PATCH'] as const) {
      const payload = method === 'PUT' ? {} : { lastId: '2-0' }
      bodies.push((await app.inject({ method, url: STREAM, payload })).body)
    }
    const [stream, full, one, ...changed] = bodies
    for (const body of [stream, full, ...changed])
      expect(body).toContain(`"firstEntry":${entry},"lastEntry":${entry}`)
    expect(full).toContain(`"entries":[${entry}]`)
    expect(one).toBe(entry)
    expect((await send('GET', STREAM)).body.firstEntry.fields).toEqual(JSON.parse(json))
  })
})

describe('listStreams', () => {
  it('pages through the streams in the byte order of their names', async () => {
    const { send } = await serverForTest()
    for (const name of ['b', 'a', 'B', '🧾', 'é'])
      await send('PUT', `/v1/streams/${encodeURIComponent(name)}`)
    const names: string[] = []
    let query = ''
    for (;;) {
      const { body } = await send('GET', `/v1/streams?limit=2${query}`)
      names.push(...body.streams.map(({ name }: { name: string }) => name))
      if (body.cursor === undefined) break
      query = `&cursor=${encodeURIComponent(body.cursor)}`
    }
    expect(names).toEqual(['B', 'a', 'b', 'é', '🧾'])
  })

  it('returns only streams whose name begins with the prefix', async () => {
    const { send } = await serverForTest()
    for (const name of ['orders', 'orders/eu', 'bills'])
      await send('PUT', `/v1/streams/${encodeURIComponent(name)}`)
    const { body } = await send('GET', '/v1/streams?prefix=orders%2F')
    expect(body).toEqual({
      streams: [
        {
          name: 'orders/eu',
          length: 0,
          sizeBytes: expect.any(Number),
          lastId: '0-0',
          entriesAdded: 0,
          groups: 0
        }
      ]
    })
  })

  it('refuses an invalid cursor', async () => {
    const { send } = await serverForTest()
    const { status, body } = await send('GET', '/v1/streams?cursor=%20')
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/query/cursor' }] })
  })
})

describe('describeStream', () => {
  it('cuts each list at the limit', async () => {
    const { send } = await serverForTest()
    await append(send, 'orders', 3)
    for (const group of ['billing', 'shipping']) await send('PUT', `${STREAM}/groups/${group}`)
    await send('POST', `${STREAM}/groups/billing/read`, { consumer: 'ann', count: 3 })
    const { body } = await send('GET', `${STREAM}/full?limit=1`)
    expect(body).toMatchObject({ length: 3, entries: [{}], groups: [{ name: 'billing', pending: 3 }] })
    expect(body.groups[0].pendingEntries).toHaveLength(1)
    expect(body.groups[0].consumers[0].pendingEntries).toHaveLength(1)
  })
})

describe('setStreamId', () => {
  it('refuses an id below the last entry, with a pointer', async () => {
    const { send } = await serverForTest()
    await append(send, 'orders', 1)
    const { status, body } = await send('PATCH', STREAM, { lastId: '1-1' })
    expect(status).toBe(409)
    expect(body).toMatchObject({ code: 'id-not-greater', errors: [{ pointer: '/lastId' }] })
  })

  it('accepts the highest possible id', async () => {
    const { send } = await serverForTest()
    await send('PUT', STREAM)
    const lastId = '18446744073709551615-18446744073709551615'
    expect((await send('PATCH', STREAM, { lastId })).body.lastId).toBe(lastId)
    const { status, body } = await send('POST', `${STREAM}/entries`, {
      entries: [{ fields: { order: '1' } }]
    })
    expect(status).toBe(409)
    expect(body.code).toBe('ids-exhausted')
  })
})

describe('deleteStream', () => {
  it('leaves no trace of the stream', async () => {
    const { send } = await serverForTest()
    await append(send, 'orders', 1)
    expect((await send('DELETE', STREAM)).body).toEqual({ deleted: true })
    expect((await send('GET', STREAM)).body.code).toBe('stream-not-found')
    expect((await send('GET', '/v1/streams')).body.streams).toEqual([])
  })
})

async function append(send: TestServer['send'], stream: string, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) => ({ fields: { order: `${index}` } }))
  await send('POST', `/v1/streams/${stream}/entries`, { entries })
}
