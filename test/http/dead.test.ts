import { describe, expect, it } from 'vitest'
import { until } from '../support/http.ts'
import {
  FIRST,
  GROUP,
  nack,
  pass,
  queueForTest,
  read,
  SECOND,
  STREAM,
  THIRD
} from '../support/queue-server.ts'
import type { TestServer } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'

const DEAD_STREAM = '/v1/streams/orders.dead'

describe('listDead', () => {
  it('lists dead entries in the order of their ids, page by page', async () => {
    const server = await queueForTest()
    await read(server, 'ann', { count: 3 })
    for (const id of [THIRD, FIRST, SECOND]) await nack(server, [id], 'reject', { consumer: 'ann' })
    const first = (await server.send('GET', `${GROUP}/dead?limit=2`)).body
    expect(first.dead.map(idOf)).toEqual([FIRST, SECOND])
    const cursor = encodeURIComponent(first.cursor)
    const second = (await server.send('GET', `${GROUP}/dead?limit=2&cursor=${cursor}`)).body
    expect(second.dead).toEqual([
      { id: THIRD, fields: { order: THIRD }, deliveries: 1, consumer: 'ann', deadAt: expect.any(Number) }
    ])
    expect(second).not.toHaveProperty('cursor')
  })

  it('shows an entry that was deleted since without fields', async () => {
    const server = await queueForTest()
    await read(server, 'ann')
    await nack(server, [FIRST], 'reject')
    await server.send('POST', `${STREAM}/entries/delete`, { ids: [FIRST] })
    expect((await server.send('GET', `${GROUP}/dead`)).body.dead).toMatchObject([{ id: FIRST, fields: null }])
  })

  it('shows when and why the server gave an entry up', async () => {
    const server = await queueForTest({ ackTimeoutMs: 100, maxDeliveries: 1 })
    await read(server, 'ann')
    await pass(server, 100)
    expect((await read(server, 'bob', { count: 10 })).entries.map(idOf)).toEqual([SECOND, THIRD])
    const dead = await until(async () => {
      const { body } = await server.send('GET', `${GROUP}/dead`)
      return body.dead.length > 0 && body.dead
    })
    expect(dead).toMatchObject([
      { id: FIRST, deliveries: 1, consumer: 'ann', reason: 'Not acked in time', deadAt: expect.any(Number) }
    ])
  })

  it('refuses an invalid cursor', async () => {
    const { send } = await queueForTest()
    for (const cursor of ['x', '%20', '0.x']) {
      const { status, body } = await send('GET', `${GROUP}/dead?cursor=${cursor}`)
      expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid-request', '/query/cursor'])
    }
  })
})

describe('redriveEntries', () => {
  it('delivers dead entries again, with a count of 0, and lists those that are not dead', async () => {
    const server = await threeDead()
    expect(await redrive(server, { ids: [FIRST, SECOND, '9-9'] })).toEqual({
      redriven: 2,
      notDead: ['9-9'],
      missing: []
    })
    expect((await server.send('GET', GROUP)).body).toMatchObject({ pending: 2, dead: 1 })
    expect((await read(server, 'bob', { count: 10 })).entries).toMatchObject([
      { id: FIRST, deliveries: 1 },
      { id: SECOND, deliveries: 1 }
    ])
    expect(await redrive(server, { ids: [FIRST] })).toEqual({ redriven: 0, notDead: [FIRST], missing: [] })
  })

  it('without ids takes the first dead entries, at most limit', async () => {
    const server = await threeDead()
    expect(await redrive(server, { limit: 2 })).toEqual({ redriven: 2, notDead: [], missing: [] })
    expect((await server.send('GET', `${GROUP}/dead`)).body.dead.map(idOf)).toEqual([THIRD])
    expect(await redrive(server)).toMatchObject({ redriven: 1 })
    expect(await redrive(server)).toMatchObject({ redriven: 0 })
  })

  it('leaves an entry that was deleted where it is', async () => {
    const server = await threeDead()
    await server.send('POST', `${STREAM}/entries/delete`, { ids: [SECOND] })
    expect(await redrive(server, { ids: [SECOND] })).toEqual({ redriven: 0, notDead: [], missing: [SECOND] })
    expect((await server.send('GET', GROUP)).body.dead).toBe(3)
    const acked = await server.send('POST', `${GROUP}/ack`, { ids: [SECOND] })
    expect(acked.body).toEqual({ acked: 1, notPending: [] })
    expect((await server.send('GET', GROUP)).body.dead).toBe(2)
  })

  it('keeps a group with dead entries from being deleted without pending=drop', async () => {
    const server = await threeDead()
    expect(await server.send('DELETE', GROUP)).toMatchObject({
      status: 409,
      body: { code: 'group-has-pending' }
    })
    expect((await server.send('DELETE', `${GROUP}?pending=drop`)).status).toBe(200)
  })
})

describe('a dead-letter stream', () => {
  it('gets a dead entry with its own fields and those about its death', async () => {
    const server = await threeDead({ deadLetterStream: 'orders.dead' })
    expect((await server.send('GET', GROUP)).body).toMatchObject({ pending: 0, dead: 0 })
    const { entries } = (await server.send('GET', `${DEAD_STREAM}/entries`)).body
    expect(entries[0].fields).toEqual({
      order: FIRST,
      'weir.stream': 'orders',
      'weir.group': 'billing',
      'weir.id': FIRST,
      'weir.deliveries': '1',
      'weir.consumer': 'ann',
      'weir.reason': 'No such customer',
      'weir.deadAt': expect.stringMatching(/^\d{13}$/)
    })
    expect(entries).toHaveLength(3)
  })

  it('can be followed like any other stream', async () => {
    const server = await queueForTest({ deadLetterStream: 'orders.dead' })
    await server.send('PUT', DEAD_STREAM)
    await read(server, 'ann')
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    const tail = await fetch(`${url}${DEAD_STREAM}/tail?after=last`)
    await nack(server, [FIRST], 'reject', { reason: 'No such customer' })
    let text = ''
    for await (const chunk of tail.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (/^data: .*\n\n/m.test(text)) break
    }
    const [, data = ''] = /^data: (.*)$/m.exec(text) ?? []
    expect(JSON.parse(data).fields).toMatchObject({ order: FIRST, 'weir.reason': 'No such customer' })
  })

  it('is bounded by deadLetterMaxLength', async () => {
    const server = await threeDead({ deadLetterStream: 'orders.dead', deadLetterMaxLength: 2 })
    expect((await server.send('GET', DEAD_STREAM)).body.length).toBe(2)
  })

  it('is created again if it was deleted', async () => {
    const server = await threeDead({ deadLetterStream: 'orders.dead' })
    await server.send('DELETE', DEAD_STREAM)
    await server.send('POST', `${STREAM}/entries`, { entries: [{ fields: { order: 'new' } }] })
    const [{ id }] = (await read(server, 'ann')).entries
    await nack(server, [id], 'reject')
    expect((await server.send('GET', DEAD_STREAM)).body.length).toBe(1)
  })

  it('gives redriven entries back, and loses their letters', async () => {
    const server = await threeDead({ deadLetterStream: 'orders.dead' })
    await server.send('POST', `${STREAM}/entries/delete`, { ids: [THIRD] })
    expect(await redrive(server, { ids: [FIRST, THIRD] })).toEqual({
      redriven: 1,
      notDead: [],
      missing: [THIRD]
    })
    const { entries } = (await server.send('GET', `${DEAD_STREAM}/entries`)).body
    expect(entries.map(({ fields }: { fields: Record<string, string> }) => fields['weir.id'])).toEqual([
      SECOND,
      THIRD
    ])
    expect((await read(server, 'bob', { count: 10 })).entries).toMatchObject([{ id: FIRST, deliveries: 1 }])
  })
})

describe('a token', () => {
  const { access, headers } = tokensFor({
    reader: ['read:orders'],
    consumer: ['consume:orders'],
    manager: ['manage:orders'],
    appender: ['manage:orders', 'append:orders.dead', 'consume:orders.dead'],
    owner: ['manage:orders', 'manage:orders.dead'],
    admin: ['admin']
  })
  const withTokens = async (delivery?: object) => {
    const server = await queueForTest(delivery, { access }, headers('admin'))
    const own = { consumer: 'ann', count: 3 }
    await server.send('POST', `${GROUP}/read`, own, headers('admin'))
    const reject = { ids: [FIRST, SECOND, THIRD], outcome: 'reject' }
    await server.send('POST', `${GROUP}/nack`, reject, headers('admin'))
    return server
  }

  it('needs manage on the dead-letter stream to redrive from it', async () => {
    const { send } = await withTokens({ deadLetterStream: 'orders.dead' })
    for (const name of ['manager', 'appender']) {
      for (const body of [{}, { ids: [FIRST] }]) {
        const { status, body: problem } = await send('POST', `${GROUP}/redrive`, body, headers(name))
        expect({ status, code: problem.code, detail: problem.detail }).toEqual({
          status: 403,
          code: 'forbidden',
          detail: `The token "${name}" does not allow manage on stream "orders.dead"`
        })
      }
    }
    expect((await send('GET', DEAD_STREAM, undefined, headers('admin'))).body.length).toBe(3)
    expect(await send('POST', `${GROUP}/redrive`, {}, headers('owner'))).toMatchObject({
      status: 200,
      body: { redriven: 3 }
    })
  })

  it('needs manage only on the stream to redrive what is dead in the group', async () => {
    const { send } = await withTokens()
    expect((await send('POST', `${GROUP}/redrive`, {}, headers('consumer'))).status).toBe(403)
    expect((await send('POST', `${GROUP}/redrive`, {}, headers('manager'))).body.redriven).toBe(3)
  })

  it('with read sees the policy and the dead entries, and may not change them', async () => {
    const { send } = await withTokens()
    expect((await send('GET', `${GROUP}/dead`, undefined, headers('reader'))).body.dead).toHaveLength(3)
    for (const [path, body] of [
      ['nack', { ids: [FIRST], outcome: 'retry' }],
      ['extend', { consumer: 'ann' }],
      ['redrive', {}]
    ] as const) {
      expect((await send('POST', `${GROUP}/${path}`, body, headers('reader'))).status).toBe(403)
    }
  })
})

/** A queue whose three entries ann has rejected. */
async function threeDead(delivery?: object): Promise<TestServer> {
  const server = await queueForTest(delivery)
  await read(server, 'ann', { count: 3 })
  await nack(server, [FIRST, SECOND, THIRD], 'reject', { consumer: 'ann', reason: 'No such customer' })
  return server
}

async function redrive({ send }: TestServer, body: object = {}) {
  return (await send('POST', `${GROUP}/redrive`, body)).body
}

function idOf({ id }: { id: string }): string {
  return id
}
