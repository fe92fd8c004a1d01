import { describe, expect, it } from 'vitest'
import { type BodyLocation, bodyWith, locationsIn, MISSING } from '../support/body-locations.ts'
import { makeExampleData } from '../support/example-data.ts'
import { type Operation, operations, type Schema } from '../support/openapi-document.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

/** A location in the body of an operation. */
interface Case {
  readonly title: string
  readonly operation: Operation
  readonly location: BodyLocation
}

const cases = operations.flatMap((operation): Case[] =>
  operation.body === undefined
    ? []
    : locationsIn(operation.body).map((location) => ({
        title: `${operation.operationId} ${location.pointer || 'the body'}`,
        operation,
        location
      }))
)

describe('null', () => {
  it.each(cases.filter(isOptional))('counts as left out: $title', async ({ operation, location }) => {
    const server = await orders()
    expect(await sent(server, operation, location, null)).toEqual(
      await sent(server, operation, location, MISSING)
    )
  })

  it.each(cases.filter((one) => !isOptional(one)))('is refused: $title', async ({ operation, location }) => {
    const server = await orders()
    const { pointer } = location
    expect(await sent(server, operation, location, null)).toEqual({
      status: 400,
      code: 'invalid-request',
      faults: [{ pointer, detail: expect.stringMatching(/got null$/) }]
    })
  })

  // Else many generators would distinguish null from a missing member.
  it.each(cases)('is not mentioned in the document: $title', ({ location }) => {
    expect(location.schema.nullable).toBeUndefined()
  })

  it('counts as left out in requests of clients that always send all members', async () => {
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

  it('is refused together with other faults', async () => {
    const { send } = await orders()
    const body = { consumer: null, count: null, waitMs: -1 }
    const { body: problem } = await send('POST', '/v1/streams/orders/groups/billing/read', body)
    const pointers = problem.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.toSorted()).toEqual(['/consumer', '/waitMs'])
  })
})

function isOptional({
  operation: { body = {} },
  location: { pointer, isMember, isRequired }
}: Case): boolean {
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

/** The parts of the answer that are the same each time, to a request with this value at the location. */
async function sent({ send }: TestServer, operation: Operation, location: BodyLocation, value: unknown) {
  const body = location.pointer === '' && value === MISSING ? undefined : bodyWith(operation, location, value)
  const text = body === undefined ? undefined : JSON.stringify(body)
  const answer = await send(operation.method, operation.path, text)
  return { status: answer.status, code: answer.body.code, faults: answer.body.errors }
}
