import { describe, expect, it } from 'vitest'
import { type BodyLocation, bodyWith, locationsIn, MISSING } from '../support/body-locations.ts'
import { makeExampleData } from '../support/example-data.ts'
import { type Operation, operations, type Schema } from '../support/openapi-document.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

/** A place of a body, and whether null means there that it was left out. */
interface Case {
  readonly title: string
  readonly operation: Operation
  readonly spot: BodyLocation
}

const cases = operations.flatMap((operation): Case[] =>
  operation.body === undefined
    ? []
    : locationsIn(operation.body).map((spot) => ({
        title: `${operation.operationId} ${spot.pointer || 'the body'}`,
        operation,
        spot
      }))
)

describe('null', () => {
  it.each(cases.filter(isOptional))('means left out: $title', async ({ operation, spot }) => {
    const server = await orders()
    expect(await sent(server, operation, spot, null)).toEqual(await sent(server, operation, spot, MISSING))
    expect(spot.schema.nullable).toBe(true)
  })

  it.each(cases.filter((one) => !isOptional(one)))('is refused: $title', async ({ operation, spot }) => {
    const server = await orders()
    const { pointer } = spot
    expect(await sent(server, operation, spot, null)).toEqual({
      status: 400,
      code: 'invalid-request',
      faults: [{ pointer, detail: expect.stringMatching(/got null$/) }]
    })
    expect(spot.schema.nullable).toBeUndefined()
  })

  it('is left out of what a client sends with all of its members, set or not', async () => {
    const { send, engine } = await orders()
    const group = '/v1/streams/orders/groups/billing'
    const trim = { maxLength: null, minId: '0-0', approximate: null, limit: null }
    const entries = [{ id: null, fields: { order: '1003' } }]
    const appended = await send('POST', '/v1/streams/orders/entries', { entries, createStream: null, trim })
    expect(appended.status).toBe(201)
    const read = { consumer: 'bob', count: null, waitMs: null, noAck: null, after: null, claimIdleMs: null }
    expect((await send('POST', `${group}/read`, read)).body.entries).toHaveLength(2)
    expect((await engine.getStream({ stream: 'orders' })).length).toBe(3)
  })

  it('is refused together with what else is wrong', async () => {
    const { send } = await orders()
    const body = { consumer: null, count: null, waitMs: -1 }
    const { body: problem } = await send('POST', '/v1/streams/orders/groups/billing/read', body)
    const pointers = problem.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.toSorted()).toEqual(['/consumer', '/waitMs'])
  })
})

function isOptional({ operation: { body = {} }, spot: { pointer, isMember, isRequired } }: Case): boolean {
  return pointer === '' ? mayBeMissing(body) : isMember && !isRequired
}

function mayBeMissing({ required, minProperties }: Schema): boolean {
  return required === undefined && minProperties === undefined
}

async function orders(): Promise<TestServer> {
  const server = await serverForTest()
  await makeExampleData(server)
  return server
}

/** What the request with this value at the spot is answered with, as far as it is the same each time. */
async function sent({ send }: TestServer, operation: Operation, spot: BodyLocation, value: unknown) {
  const body = spot.pointer === '' && value === MISSING ? undefined : bodyWith(operation, spot, value)
  const text = body === undefined ? undefined : JSON.stringify(body)
  const answer = await send(operation.method, operation.path, text)
  return { status: answer.status, code: answer.body.code, faults: answer.body.errors }
}
