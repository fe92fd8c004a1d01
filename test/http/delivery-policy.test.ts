import { describe, expect, it } from 'vitest'
import { POLICY_LIMITS } from '../../src/contract/delivery-policy.ts'
import { GROUP, queueForTest, STREAM } from '../support/queue-server.ts'
import { serverForTest } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'

const POLICY = {
  ackTimeoutMs: 30_000,
  maxDeliveries: 3,
  retryDelaysMs: [0, 1000],
  deadLetterStream: 'orders.dead',
  deadLetterMaxLength: 10,
  consumerTtlMs: 60_000,
  maxPending: 100,
  maxPendingPerConsumer: 10
}

describe('the delivery policy of a group', () => {
  it('is set by the request that creates the group, and shown with it', async () => {
    const { send } = await serverForTest()
    const created = await send('PUT', GROUP, { createStream: true, delivery: POLICY })
    expect(created.body).toMatchObject({ created: true, delivery: POLICY, delayed: 0, dead: 0 })
    const again = await send('PUT', GROUP, { delivery: { maxDeliveries: 9 } })
    expect(again.body).toMatchObject({ created: false, delivery: POLICY })
    expect((await send('GET', GROUP)).body.delivery).toEqual(POLICY)
    expect((await send('GET', `${STREAM}/groups`)).body.groups).toMatchObject([{ delivery: POLICY }])
  })

  it('is null for a group without one', async () => {
    const { send } = await queueForTest()
    expect((await send('GET', GROUP)).body).toMatchObject({ delivery: null, delayed: 0, dead: 0 })
    await send('PUT', `${STREAM}/groups/audit`, { delivery: {} })
    expect((await send('GET', `${STREAM}/groups/audit`)).body.delivery).toBeNull()
  })

  it('is replaced as a whole, kept if it is null or left out, and removed if it is empty', async () => {
    const { send } = await queueForTest(POLICY)
    const updated = async (body: object) => (await send('PATCH', GROUP, body)).body.delivery
    for (const body of [{}, { delivery: null }, { after: '0-0' }]) expect(await updated(body)).toEqual(POLICY)
    expect(await updated({ delivery: { maxDeliveries: 9 } })).toEqual({ maxDeliveries: 9 })
    expect(await updated({ delivery: { maxDeliveries: null, maxPending: 7 } })).toEqual({ maxPending: 7 })
    expect(await updated({ delivery: {} })).toBeNull()
  })

  it.each([
    ...Object.entries({
      ackTimeoutMs: POLICY_LIMITS.ackTimeoutMs,
      maxDeliveries: POLICY_LIMITS.maxDeliveries,
      consumerTtlMs: POLICY_LIMITS.consumerTtlMs,
      maxPending: POLICY_LIMITS.maxPending,
      maxPendingPerConsumer: POLICY_LIMITS.maxPending
    })
  ])('has limits for %s, which a refusal names', async (member, [least, greatest]) => {
    const { send } = await queueForTest()
    for (const value of [least, greatest]) {
      const { status, body } = await send('PATCH', GROUP, { delivery: { [member]: value } })
      expect({ status, delivery: body.delivery }).toEqual({ status: 200, delivery: { [member]: value } })
    }
    for (const [value, detail] of [
      [least - 1, `Must be at least ${least}, got ${least - 1}`],
      [greatest + 1, `Must be at most ${greatest}, got ${greatest + 1}`]
    ]) {
      const { status, body } = await send('PATCH', GROUP, { delivery: { [member]: value } })
      expect({ status, errors: body.errors }).toEqual({
        status: 400,
        errors: [{ pointer: `/delivery/${member}`, detail }]
      })
    }
  })

  it('may have up to 32 delays of up to a day', async () => {
    const { send } = await queueForTest()
    const [, longest] = POLICY_LIMITS.delayMs
    const retryDelaysMs = Array.from({ length: 32 }, () => longest)
    expect((await send('PATCH', GROUP, { delivery: { retryDelaysMs } })).status).toBe(200)
    for (const [delays, pointer] of [
      [[...retryDelaysMs, 1], '/delivery/retryDelaysMs'],
      [[], '/delivery/retryDelaysMs'],
      [[0, longest + 1], '/delivery/retryDelaysMs/1']
    ]) {
      const { status, body } = await send('PATCH', GROUP, { delivery: { retryDelaysMs: delays } })
      expect({ status, pointer: body.errors[0].pointer }).toEqual({ status: 400, pointer })
    }
  })

  it('cannot bound a dead-letter stream that it does not name', async () => {
    const { send } = await queueForTest()
    for (const [method, path] of [
      ['PATCH', GROUP],
      ['PUT', `${STREAM}/groups/audit`]
    ] as const) {
      expect(await send(method, path, { delivery: { deadLetterMaxLength: 10 } })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', errors: [{ pointer: '/delivery/deadLetterMaxLength' }] }
      })
    }
    expect((await send('GET', `${STREAM}/groups/audit`)).status).toBe(404)
  })
})

describe('a dead-letter stream', () => {
  it('cannot be the stream of the group', async () => {
    const { send } = await queueForTest()
    for (const [method, path] of [
      ['PATCH', GROUP],
      ['PUT', `${STREAM}/groups/audit`]
    ] as const) {
      expect(await send(method, path, { delivery: { deadLetterStream: 'orders' } })).toMatchObject({
        status: 409,
        body: {
          code: 'dead-letter-cycle',
          retryable: false,
          sideEffects: 'none',
          errors: [{ pointer: '/delivery/deadLetterStream' }]
        }
      })
    }
    expect((await send('GET', GROUP)).body.delivery).toBeNull()
  })

  it('cannot lead back to the stream, and the refusal shows the chain', async () => {
    const { send } = await chained()
    const { status, body } = await send('PATCH', GROUP, { delivery: { deadLetterStream: 'a' } })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'dead-letter-cycle' })
    expect(body.detail).toBe('Dead letters would come back to the stream "orders": orders → a → b → orders')
  })

  it('may have groups with dead-letter streams of their own that lead elsewhere', async () => {
    const { send } = await queueForTest()
    await send('PUT', '/v1/streams/a/groups/g', { createStream: true, delivery: { deadLetterStream: 'b' } })
    expect((await send('PATCH', GROUP, { delivery: { deadLetterStream: 'a' } })).status).toBe(200)
  })
})

describe('a token', () => {
  const tokens = tokensFor({
    consumer: ['consume'],
    manager: ['manage:orders'],
    owner: ['manage:orders', 'append:orders.dead'],
    chained: ['manage:orders', 'append:a'],
    admin: ['admin']
  })
  const { access, headers } = tokens

  it('needs the scope manage for a policy', async () => {
    const { send } = await queueForTest(undefined, { access }, headers('admin'))
    const audit = `${STREAM}/groups/audit`
    for (const delivery of [{}, { maxDeliveries: 3 }]) {
      expect(await send('PUT', audit, { delivery }, headers('consumer'))).toMatchObject({
        status: 403,
        body: { code: 'forbidden', errors: [{ pointer: '/delivery' }] }
      })
      expect((await send('PATCH', GROUP, { delivery }, headers('consumer'))).status).toBe(403)
    }
    expect((await send('PUT', audit, { delivery: null }, headers('consumer'))).status).toBe(200)
    const set = await send('PATCH', GROUP, { delivery: { maxDeliveries: 3 } }, headers('manager'))
    expect(set).toMatchObject({ status: 200, body: { delivery: { maxDeliveries: 3 } } })
  })

  it('needs the scope append on the dead-letter stream that it names', async () => {
    const { send } = await queueForTest(undefined, { access }, headers('admin'))
    const body = { delivery: { deadLetterStream: 'orders.dead' } }
    const { status, body: problem, ...answer } = await send('PATCH', GROUP, body, headers('manager'))
    expect({ status, errors: problem.errors }).toMatchObject({
      status: 403,
      errors: [{ pointer: '/delivery/deadLetterStream' }]
    })
    expect(problem.detail).toBe('The token "manager" does not allow append on stream "orders.dead"')
    expect(answer.headers['www-authenticate']).toContain('scope="append"')
    expect((await send('GET', GROUP, undefined, headers('admin'))).body.delivery).toBeNull()
    expect((await send('PATCH', GROUP, body, headers('owner'))).status).toBe(200)
  })

  it.each([
    ['admin', 'orders → a → b → orders'],
    ['chained', 'through streams that the token does not allow']
  ])('that may not see all streams of a cycle is not told their names: %s', async (name, text) => {
    const { send } = await chained({ access }, headers('admin'))
    const body = { delivery: { deadLetterStream: 'a' } }
    const answer = await send('PATCH', GROUP, body, headers(name))
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'dead-letter-cycle', errors: [{ pointer: '/delivery/deadLetterStream' }] }
    })
    expect(answer.body.detail).toContain(text)
    expect(answer.body.detail.includes('b →')).toBe(name === 'admin')
  })
})

/** A queue in which the dead letters of `a` go to `b`, and those of `b` to the stream of the group. */
async function chained(...options: [] | [Parameters<typeof serverForTest>[0], Record<string, string>]) {
  const server = await queueForTest(undefined, ...options)
  for (const [from, deadLetterStream] of [
    ['a', 'b'],
    ['b', 'orders']
  ]) {
    const body = { createStream: true, delivery: { deadLetterStream } }
    const { status } = await server.send('PUT', `/v1/streams/${from}/groups/g`, body, options[1])
    expect(status).toBe(200)
  }
  return server
}
