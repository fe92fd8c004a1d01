import { describe, expect, it } from 'vitest'
import { operations } from '../support/document.ts'
import { serverForTest } from '../support/server.ts'
import { makeWorld, type WorldState } from '../support/world.ts'

/** What must not be there yet for the example of an operation to come true. */
const BEFORE: Readonly<Record<string, WorldState>> = {
  ensureStream: 'nothing',
  appendEntries: 'nothing',
  ensureGroup: 'stream',
  readGroup: 'group',
  readGroups: 'group',
  ensureConsumer: 'group'
}

describe('the examples of the document', () => {
  const withAnswers = operations.filter(({ answer }) => typeof answer.example === 'object')
  it.each(withAnswers)(
    'say what $operationId answers',
    async ({ operationId, method, path, example, answer }) => {
      const server = await serverForTest()
      await makeWorld(server, BEFORE[operationId])
      const { status, body } = await server.send(method, path, example)
      expect(status).toBe(answer.status)
      // The document cannot show all of itself.
      if (operationId === 'getOpenApi') expect(body).toMatchObject(answer.example as object)
      // What the files take depends on what was written when.
      else if (operationId === 'getReadiness') expect(namesOf(body)).toEqual(namesOf(answer.example))
      else expect(body).toEqual(answer.example)
    }
  )
})

/** The names of all members, without their values. */
function namesOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, namesOf(member)]))
}
