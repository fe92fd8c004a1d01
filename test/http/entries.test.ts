import { describe, expect, it } from 'vitest'
import { until } from '../support/http.ts'
import { IS_ON_REDIS } from '../support/on-redis.ts'
import { START, serverForTest, type TestServer } from '../support/server.ts'

const ENTRIES = '/v1/streams/orders/entries'
const LAST = '18446744073709551615-18446744073709551615'
const fields = { order: '1001' }

describe('appendEntries', () => {
  it('accepts ids in every form', async () => {
    const { send } = await serverForTest()
    const entries = [{ id: '5' }, { id: '5-7' }, { id: '5-*' }, { id: '6-*' }, {}].map((id) => ({
      fields,
      ...id
    }))
    const { status, body } = await send('POST', ENTRIES, { entries })
    expect(status).toBe(201)
    const now = IS_ON_REDIS ? expect.stringMatching(/^\d{13}-0$/) : `${START}-0`
    expect(body.ids).toEqual(['5-0', '5-7', '5-8', '6-0', now])
  })

  it('accepts the highest possible id', async () => {
    const { send } = await serverForTest()
    expect((await send('POST', ENTRIES, { entries: [{ fields, id: LAST }] })).body).toEqual({ ids: [LAST] })
    expect((await send('GET', `${ENTRIES}/${LAST}`)).body).toEqual({ id: LAST, fields })
  })

  it.each(['0-0', '0', '5-0', '4', '5-0'])(
    'refuses %s if it is not greater, and appends nothing',
    async (id) => {
      const { send } = await serverForTest()
      await send('POST', ENTRIES, { entries: [{ fields, id: '5-0' }] })
      const answer = await send('POST', ENTRIES, { entries: [{ fields }, { fields, id }] })
      expect(answer.status).toBe(409)
      expect(answer.body).toMatchObject({ code: 'id-not-greater', errors: [{ pointer: '/entries/1/id' }] })
      expect(await idsOf(send)).toEqual(['5-0'])
    }
  )

  it('shows the last id when it refuses one that is not greater', async () => {
    const { send } = await serverForTest()
    await send('POST', ENTRIES, { entries: [{ fields, id: '5-3' }] })
    const { body } = await send('POST', ENTRIES, { entries: [{ fields, id: '5-3' }] })
    expect(body.detail).toContain('5-3')
  })

  it('stores every character of names and values', async () => {
    const { send } = await serverForTest()
    const strange = {
      '': 'empty',
      'a"b\\c/d': '\u0000\u001f\u007f\u2028',
      ключ: 'значение 🧾',
      constructor: 'x',
      '~1/~0': '',
      quoted: '__proto__'
    }
    const { ids } = (await send('POST', ENTRIES, { entries: [{ fields: strange }] })).body
    expect((await send('GET', `${ENTRIES}/${ids[0]}`)).body.fields).toEqual(strange)
    expect((await send('GET', ENTRIES)).body.entries).toEqual([{ id: ids[0], fields: strange }])
  })

  it('stores only the last value of a member that occurs twice', async () => {
    const { app, send } = await serverForTest()
    const payload = '{"entries":[],"entries":[{"fields":{"a":"1","b":"2","a":"3"}}]}'
    const headers = { 'content-type': 'application/json' }
    expect((await app.inject({ method: 'POST', url: ENTRIES, headers, payload })).statusCode).toBe(201)
    expect((await app.inject({ url: ENTRIES })).body).not.toContain('"1"')
    expect((await send('GET', ENTRIES)).body.entries).toMatchObject([{ fields: { a: '3', b: '2' } }])
  })

  it('creates no stream if createStream is false', async () => {
    const { send } = await serverForTest()
    const { status, body } = await send('POST', ENTRIES, { entries: [{ fields }], createStream: false })
    expect(status).toBe(404)
    expect(body.code).toBe('stream-not-found')
  })

  it('trims in the same request', async () => {
    const { send } = await serverForTest()
    const entries = ['1', '2', '3'].map((id) => ({ fields, id }))
    await send('POST', ENTRIES, { entries, trim: { maxLength: 2 } })
    expect(await idsOf(send)).toEqual(['2-0', '3-0'])
  })

  it('accepts 1000 entries at once', async () => {
    const { send } = await serverForTest()
    const entries = Array.from({ length: 1000 }, () => ({ fields }))
    expect((await send('POST', ENTRIES, { entries })).body.ids).toHaveLength(1000)
  })

  it('accepts an entry of 1000 fields, and refuses a larger one at any index', async () => {
    const { send } = await serverForTest()
    const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, '']))
    expect((await send('POST', ENTRIES, { entries: [{ fields: wide(1000) }] })).status).toBe(201)
    const { status, body } = await send('POST', ENTRIES, { entries: [{ fields }, { fields: wide(1001) }] })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/entries/1/fields', detail: 'Must have at most 1000 members, got 1001' }]
    })
    expect(await idsOf(send)).toHaveLength(1)
  })

  it('refuses an entry of 200,000 fields, and appends nothing', async () => {
    const { send } = await serverForTest()
    const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`f${n}`, '']))
    const { status, body } = await send('POST', ENTRIES, { entries: [{ fields: wide }] })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/entries/0/fields' }] })
    expect((await send('GET', ENTRIES)).status).toBe(404)
  })

  it('reports twenty faults of a request that has more', async () => {
    const { send } = await serverForTest()
    const entries = Array.from({ length: 1000 }, () => ({ fields: { order: 1001 } }))
    const { body } = await send('POST', ENTRIES, { entries })
    expect(body.errors).toHaveLength(20)
    expect(body.errors[19]).toEqual({
      pointer: '/entries/19/fields/order',
      detail: 'Expected a string, got 1001: put it in quotes'
    })
  })
})

describe('listEntries', () => {
  it.each([
    ['', ['1-0', '1-1', '2-0', '2-5']],
    ['from=1-1', ['1-1', '2-0', '2-5']],
    ['from=2', ['2-0', '2-5']],
    ['after=1', ['1-1', '2-0', '2-5']],
    ['after=1-1', ['2-0', '2-5']],
    ['to=1', ['1-0', '1-1']],
    ['to=2-0', ['1-0', '1-1', '2-0']],
    ['before=2', ['1-0', '1-1', '2-0', '2-5']],
    ['before=2-0', ['1-0', '1-1']],
    ['after=1-0&before=2-5', ['1-1', '2-0']],
    ['order=desc', ['2-5', '2-0', '1-1', '1-0']],
    ['order=desc&limit=2', ['2-5', '2-0']],
    ['order=desc&before=2-0&limit=1', ['1-1']],
    ['limit=1&after=2-0', ['2-5']],
    ['from=3', []],
    [`after=${LAST}`, []],
    ['before=0-0', []],
    ['after=last', []]
  ])('returns the entries of ?%s', async (query, ids) => {
    const { send } = await serverForTest()
    await send('POST', ENTRIES, { entries: ['1-0', '1-1', '2-0', '2-5'].map((id) => ({ fields, id })) })
    expect(await idsOf(send, query)).toEqual(ids)
  })

  it.each([
    ['', '2-5'],
    ['limit=2', '1-1'],
    ['order=desc', '1-0'],
    ['order=desc&limit=1', '2-5'],
    ['after=last', '2-5'],
    ['after=last&waitMs=1', '2-5'],
    ['after=9', '9-0'],
    ['from=9', `8-${LAST.split('-')[1]}`],
    [`after=${LAST}`, LAST],
    ['before=1-0', '0-0'],
    ['order=desc&before=1-0', '1-0'],
    ['order=desc&before=0-0', '0-0'],
    ['order=desc&from=9', LAST]
  ])('returns where ?%s continues', async (query, next) => {
    const { send } = await serverForTest()
    await send('POST', ENTRIES, { entries: ['1-0', '1-1', '2-0', '2-5'].map((id) => ({ fields, id })) })
    expect((await send('GET', `${ENTRIES}?${query}`)).body.next).toBe(next)
  })

  it.each([
    ['from=1&after=1', ['/query/from', '/query/after']],
    ['to=1&before=1', ['/query/to', '/query/before']]
  ])('refuses the contradiction ?%s', async (query, pointers) => {
    const { send } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    const { status, body } = await send('GET', `${ENTRIES}?${query}`)
    expect(status).toBe(400)
    expect(body.code).toBe('invalid-request')
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers)
  })

  it('reports every invalid id', async () => {
    const { send } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    const { body } = await send('GET', `${ENTRIES}?from=1-&to=x`)
    expect(body).toMatchObject({
      code: 'invalid-id',
      errors: [{ pointer: '/query/from' }, { pointer: '/query/to' }]
    })
  })

  it('waits for the first entry of its range', async () => {
    const { send, engine } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    const reading = send('GET', `${ENTRIES}?after=last&waitMs=60000`)
    await until(async () => (await engine.status()).waiting === 1)
    await send('POST', ENTRIES, { entries: [{ fields, id: '7-7' }] })
    expect((await reading).body).toEqual({ entries: [{ id: '7-7', fields }], next: '7-7' })
  })

  it('returns an empty list when the wait is over', async () => {
    const { send } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    const { status, body } = await send('GET', `${ENTRIES}?waitMs=1`)
    expect({ status, body }).toEqual({ status: 200, body: { entries: [], next: '0-0' } })
  })
})

describe('getEntry', () => {
  it('refuses an id without an entry', async () => {
    const { send } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    const { status, body } = await send('GET', `${ENTRIES}/5`)
    expect(status).toBe(404)
    expect(body.code).toBe('entry-not-found')
  })

  it('accepts an id without a sequence number', async () => {
    const { send } = await serverForTest()
    await send('POST', ENTRIES, { entries: [{ fields, id: '5-0' }] })
    expect((await send('GET', `${ENTRIES}/5`)).body.id).toBe('5-0')
  })
})

describe('trimStream', () => {
  it.each([
    [{ maxLength: 1 }, 2],
    [{ minId: '3' }, 2],
    [{ maxLength: 0 }, 3],
    [{ maxLength: 0, approximate: true, limit: 1 }, 0]
  ])('applies %j', async (trim, trimmed) => {
    const { send } = await serverForTest()
    await send('POST', ENTRIES, { entries: ['1', '2', '3'].map((id) => ({ fields, id })) })
    expect((await send('POST', '/v1/streams/orders/trim', trim)).body).toEqual({ trimmed })
  })

  it.each([
    [{ approximate: true }, ['']],
    [{ maxLength: 1, minId: '1' }, ['/maxLength', '/minId']],
    [{ maxLength: 1, limit: 1 }, ['/limit']],
    [{ maxLength: 1, approximate: false, limit: 1 }, ['/limit']]
  ])('refuses %j', async (trim, pointers) => {
    const { send } = await serverForTest()
    await send('PUT', '/v1/streams/orders')
    const { status, body } = await send('POST', '/v1/streams/orders/trim', trim)
    expect(status).toBe(400)
    expect(body.code).toBe('invalid-request')
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers)
  })

  it('is refused as part of an append with pointers into it', async () => {
    const { send } = await serverForTest()
    const trim = { maxLength: 1, minId: '1' }
    const { body } = await send('POST', ENTRIES, { entries: [{ fields }], trim })
    expect(body.errors).toMatchObject([{ pointer: '/trim/maxLength' }, { pointer: '/trim/minId' }])
  })
})

async function idsOf(send: TestServer['send'], query = ''): Promise<string[]> {
  const { body } = await send('GET', `${ENTRIES}?${query}`)
  return body.entries.map(({ id }: { id: string }) => id)
}
