import { describe, expect, it } from 'vitest'
import { makeExampleData } from '../support/example-data.ts'
import { timeless } from '../support/on-redis.ts'
import { serverForTest } from '../support/server.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`

describe('ensureGroup', () => {
  it('creates a group once and then leaves it where it is', async () => {
    const server = await serverForTest()
    await makeExampleData(server, 'stream')
    const { send } = server
    expect((await send('PUT', GROUP, { after: 'last' })).body).toMatchObject({ created: true, lag: 0 })
    const again = await send('PUT', GROUP, { after: '0-0' })
    expect(again.body).toMatchObject({ created: false, lag: 0, lastDeliveredId: '1767225600000-1' })
  })

  it('creates a group at the beginning by default', async () => {
    const server = await serverForTest()
    await makeExampleData(server, 'stream')
    expect((await server.send('PUT', GROUP)).body).toMatchObject({
      created: true,
      lastDeliveredId: '0-0',
      lag: 2
    })
  })

  it('refuses an existing group with If-None-Match: *', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const { status, body } = await server.send('PUT', GROUP, {}, { 'if-none-match': '*' })
    expect(status).toBe(412)
    expect(body.code).toBe('group-exists')
  })

  it('creates the stream only with createStream', async () => {
    const { send } = await serverForTest()
    expect(await send('PUT', GROUP)).toMatchObject({ status: 404, body: { code: 'stream-not-found' } })
    expect((await send('PUT', GROUP, { createStream: true })).body.created).toBe(true)
    expect((await send('GET', STREAM)).body).toMatchObject({ length: 0, groups: 1 })
  })
})

describe('updateGroup', () => {
  it('moves the group', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const { send } = server
    expect((await send('PATCH', GROUP, { after: 'last' })).body).toMatchObject({ lag: 0, pending: 1 })
    expect((await send('PATCH', GROUP, { after: '0' })).body).toMatchObject({
      lastDeliveredId: '0-0',
      lag: 2
    })
  })

  it('leaves the group where it is without a body', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const before = (await server.send('GET', GROUP)).body
    expect(timeless((await server.send('PATCH', GROUP)).body)).toEqual(timeless(before))
  })
})

describe('listGroups', () => {
  it('lists groups in the byte order of their names', async () => {
    const { send } = await serverForTest()
    await send('PUT', STREAM)
    for (const group of ['b', 'A', 'é', 'a'])
      await send('PUT', `${STREAM}/groups/${encodeURIComponent(group)}`)
    const names = (await send('GET', `${STREAM}/groups`)).body.groups.map(
      ({ name }: { name: string }) => name
    )
    expect(names).toEqual(['A', 'a', 'b', 'é'])
  })

  it.each([
    ['groups', `${STREAM}/groups`],
    ['consumers', `${GROUP}/consumers`],
    ['consumers', `${GROUP}/pending/summary`]
  ])('returns pages of 100 %s without limit: %s', async (items, path) => {
    const { send } = await serverForTest()
    await send('PUT', GROUP, { createStream: true })
    const names = Array.from({ length: 150 }, (_, n) => `n${n + 100}`)
    const entries = names.map((name) => ({ fields: { name } }))
    await send('POST', `${STREAM}/entries`, { entries })
    for (const name of names) {
      if (items === 'groups') await send('PUT', `${STREAM}/groups/${name}`)
      else await send('POST', `${GROUP}/read`, { consumer: name, count: 1 })
    }
    const page = async (query: string) => {
      const { body } = await send('GET', `${path}${query}`)
      return { names: body[items].map(({ name }: { name: string }) => name), cursor: body.cursor }
    }
    const all = items === 'groups' ? ['billing', ...names] : names
    const first = await page('')
    expect(first.names).toEqual(all.slice(0, 100))
    const second = await page(`?limit=1000&cursor=${encodeURIComponent(first.cursor)}`)
    expect(second).toEqual({ names: all.slice(100), cursor: undefined })
    for (const [query, pointer] of [
      ['?limit=1001', '/query/limit'],
      ['?limit=0', '/query/limit'],
      ['?cursor=%20', '/query/cursor']
    ] as const) {
      const { status, body } = await send('GET', `${path}${query}`)
      expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid-request', pointer])
    }
  })
})

describe('deleteGroup', () => {
  it('deletes a group with pending entries only with pending=drop', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const { send } = server
    for (const query of ['', '?pending=refuse']) {
      const { status, body } = await send('DELETE', `${GROUP}${query}`)
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'group-has-pending' })
    }
    expect((await send('GET', GROUP)).body).toMatchObject({ pending: 1 })
    expect((await send('DELETE', `${GROUP}?pending=drop`)).body).toEqual({ deleted: true })
    expect(await send('GET', GROUP)).toMatchObject({ status: 404, body: { code: 'group-not-found' } })
    expect((await send('GET', STREAM)).body.groups).toBe(0)
  })
})

describe('a missing stream or group', () => {
  it.each([
    ['GET', '', undefined],
    ['PATCH', '', {}],
    ['DELETE', '', undefined],
    ['POST', '/read', { consumer: 'ann' }],
    ['POST', '/ack', { ids: ['1'] }],
    ['POST', '/nack', { ids: ['1'], outcome: 'retry' }],
    ['POST', '/extend', { consumer: 'ann' }],
    ['GET', '/dead', undefined],
    ['POST', '/redrive', {}],
    ['GET', '/pending', undefined],
    ['GET', '/pending/summary', undefined],
    ['POST', '/claim', { consumer: 'ann', ids: ['1'] }],
    ['POST', '/autoclaim', { consumer: 'ann', minIdleMs: 0 }],
    ['GET', '/consumers', undefined],
    ['PUT', '/consumers/ann', undefined],
    ['DELETE', '/consumers/ann', undefined]
  ])('is a 404 with its own code: %s group%s', async (method, path, body) => {
    const { send } = await serverForTest()
    expect(await send(method, GROUP + path, body)).toMatchObject({
      status: 404,
      body: { code: 'stream-not-found' }
    })
    await send('PUT', STREAM)
    expect(await send(method, GROUP + path, body)).toMatchObject({
      status: 404,
      body: { code: 'group-not-found' }
    })
  })
})
