import { describe, expect, it } from 'vitest'
import { EXAMPLE_STAGES, makeExampleData } from '../support/example-data.ts'
import { IS_ON_REDIS, timeless } from '../support/on-redis.ts'
import { operations } from '../support/openapi-document.ts'
import { START, serverForTest } from '../support/server.ts'

describe('the examples of the OpenAPI document', () => {
  const withAnswers = operations.filter(({ answer }) => typeof answer.example === 'object')
  it.each(withAnswers)(
    'are the answers of $operationId',
    async ({ operationId, method, path, example, answer }) => {
      const server = await serverForTest()
      await makeExampleData(server, EXAMPLE_STAGES[operationId])
      const { status, body } = await server.send(method, path, dated(operationId, example))
      expect(status).toBe(answer.status)
      // The document cannot contain all of itself.
      if (operationId === 'getOpenApi') expect(body).toMatchObject(answer.example as object)
      // The size of the files depends on the timing of writes.
      else if (operationId === 'getReadiness')
        expect(namesOf(body)).toEqual(namesOf(readiness(answer.example)))
      else expect(timeless(body)).toEqual(timeless(answer.example))
    }
  )
})

/** Redis generates ids from its own clock, so an append has to request the ids of the example. */
function dated(operationId: string, example: unknown): unknown {
  if (!IS_ON_REDIS || operationId !== 'appendEntries') return example
  const { entries } = example as { entries: object[] }
  return { entries: entries.map((entry) => ({ ...entry, id: `${START}-*` })) }
}

/** The example shows the embedded engine. */
function readiness(example: unknown): unknown {
  const server = { address: '', server: '', isReady: true, reconnects: 0 }
  return IS_ON_REDIS ? { ready: true, servers: [server] } : example
}

/** The names of all members, without their values. */
function namesOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, namesOf(member)]))
}
