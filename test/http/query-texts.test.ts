import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sample } from '../support/bad-values.ts'
import { makeExampleData } from '../support/example-data.ts'
import { type Operation, operations } from '../support/openapi-document.ts'
import { openServer, type TestServer } from '../support/server.ts'

const parameters = operations
  .filter(({ template }) => template.startsWith('/v1/'))
  .flatMap((operation) =>
    operation.parameters
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, schema }) => ({ name, schema, operation, operationId: operation.operationId }))
  )

let server: TestServer & { close(): Promise<void> }
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-test-'))
  server = await openServer(directory)
  await makeExampleData(server)
})
afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

describe('a query parameter', () => {
  it.each(parameters)('that occurs twice is refused: $operationId ?$name', async (one) => {
    const { name, schema, operation } = one
    const good = encodeURIComponent(String(sample(schema)))
    for (const [first, second] of [
      [good, good],
      [good, ''],
      ['', good],
      [good, 'null']
    ]) {
      expect(await faultsOf(operation, `${name}=${first}&${name}=${second}`)).toEqual([
        [`/query/${name}`, 'Given more than once']
      ])
    }
  })

  // Polyfills send an empty `lastEventId` before the first event, which is accepted.
  const strict = parameters.filter(({ name }) => name !== 'lastEventId')
  it.each(strict)('that is empty is refused with a hint: $operationId ?$name', async (one) => {
    const { name, operation } = one
    for (const query of [`${name}=`, name]) {
      const faults = await faultsOf(operation, query)
      // The empty prefix matches every name.
      if (name === 'prefix') expect(faults).toEqual([])
      else expect(faults).toEqual([[`/query/${name}`, expect.stringMatching(HELP)]])
    }
  })

  it.each(parameters.filter(({ schema }) => schema.type === 'integer'))(
    'that must be a number gets no hint about quotes: $operationId ?$name',
    async ({ name, operation }) => {
      expect(await faultsOf(operation, `${name}=null`)).toEqual([
        [`/query/${name}`, 'Expected an integer, got "null"']
      ])
    }
  )
})

const HELP =
  /^Expected an integer, got nothing: leave out the parameter|^"" is not a valid id\. .*leave|^Must be "|^Invalid cursor|^Must not be empty$/

/** The pointers and details of the faults of a request with this query. */
async function faultsOf({ method, path }: Operation, query: string): Promise<[string, string][]> {
  const { body } = await server.send(method, `${path}?${query}`)
  const { errors = [] } = body
  return errors.map(({ pointer, detail }: { pointer: string; detail: string }) => [pointer, detail])
}
