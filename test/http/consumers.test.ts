import { describe, expect, it } from 'vitest'
import { makeExampleData } from '../support/example-data.ts'
import { serverForTest } from '../support/server.ts'

const GROUP = '/v1/streams/orders/groups/billing'

describe('deleteConsumer', () => {
  it('refuses a consumer with pending entries', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const answer = await server.send('DELETE', `${GROUP}/consumers/ann`)
    expect(answer).toMatchObject({ status: 409, body: { code: 'consumer-has-pending', retryable: false } })
    expect((await server.send('GET', `${GROUP}/pending/summary`)).body.count).toBe(1)
  })

  it('drops pending entries with pending=drop', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const { send } = server
    expect((await send('DELETE', `${GROUP}/consumers/ann?pending=drop`)).body).toEqual({ pending: 1 })
    expect((await send('GET', `${GROUP}/pending/summary`)).body.count).toBe(0)
  })

  it('refuses a consumer that does not exist', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const answer = await server.send('DELETE', `${GROUP}/consumers/eve`)
    expect(answer).toMatchObject({ status: 404, body: { code: 'consumer-not-found' } })
  })
})

describe('ensureConsumer', () => {
  it('creates a consumer once, without a body or with an empty one', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const path = `${GROUP}/consumers/${encodeURIComponent('eve/1 🧾')}`
    expect((await server.send('PUT', path)).body).toEqual({ created: true })
    expect((await server.send('PUT', path, {})).body).toEqual({ created: false })
    const { consumers } = (await server.send('GET', `${GROUP}/consumers`)).body
    expect(consumers.map(({ name }: { name: string }) => name)).toEqual(['ann', 'bob', 'eve/1 🧾'])
  })
})
