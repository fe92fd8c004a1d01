import { describe, expect, it } from 'vitest'
import type { OpenApi, RawOperation } from '../../../src/docs/openapi/document.ts'
import { tagsOf } from '../../../src/docs/openapi/operations.ts'
import { allProblems } from '../../../src/docs/openapi/problems.ts'

const NOT_FOUND = { code: 'stream-not-found', status: '404', title: 'No such stream' }
const OVERLOADED = { code: 'overloaded', status: '503', title: 'The server is overloaded' }

describe('the problems of an operation', () => {
  it('are read from a response for each status', () => {
    const responses = {
      '200': { description: '- `ok`: is no problem.' },
      '503': { description: '- `overloaded`: The server is overloaded.' },
      '404': { description: '- `stream-not-found`: No such stream.' }
    }
    expect(problemsOf({ responses })).toEqual({ own: [NOT_FOUND, OVERLOADED], common: [] })
  })

  it('are read from x-codes, with what a shared response states about them', () => {
    const operation = { responses: SHARED, 'x-codes': ['overloaded', 'stream-not-found'] }
    const Problem = {
      description: 'Why the request was refused.',
      'x-problems': {
        overloaded: { status: 503, title: 'The server is overloaded', retryable: true },
        'stream-not-found': { status: 404, title: 'No such stream', retryable: false },
        'group-not-found': { status: 404, title: 'No such group', retryable: false }
      }
    }
    const document = documentOf(operation, { components: { responses: { Problem } } })
    const operations = tagsOf(document).flatMap((tag) => tag.operations)
    expect(operations[0]?.problems.own).toEqual([
      { ...NOT_FOUND, retryable: false },
      { ...OVERLOADED, retryable: true }
    ])
    const codes = allProblems(document, operations).map(({ code }) => code)
    expect(codes).toEqual(['group-not-found', 'stream-not-found', 'overloaded'])
  })

  it('are those that its description names, and those of any request', () => {
    const description =
      'Reads.\n\nProblems, besides those of any request: `stream-not-found`.\n\nRedis: `XREAD`.'
    const operation = { description, responses: SHARED, 'x-codes': ['overloaded', 'stream-not-found'] }
    const Problem = {
      description:
        'One of:\n\n- `overloaded` (503): The server is overloaded.\n- `stream-not-found` (404): No such stream.'
    }
    const found = tagsOf(documentOf(operation, { components: { responses: { Problem } } }))[0]?.operations[0]
    expect(found?.problems).toEqual({ own: [NOT_FOUND], common: [OVERLOADED] })
    expect(found?.description).toBe('Reads.\n\nRedis: `XREAD`.')
  })

  it('have no title if the document has none', () => {
    const unknown = { code: 'unknown', status: '', title: '', retryable: undefined }
    expect(problemsOf({ 'x-codes': ['unknown'] })).toEqual({ own: [unknown], common: [] })
  })
})

const SHARED = {
  '4XX': { $ref: '#/components/responses/Problem' },
  '5XX': { $ref: '#/components/responses/Problem' }
}

function problemsOf(operation: RawOperation): unknown {
  return tagsOf(documentOf(operation))[0]?.operations[0]?.problems
}

function documentOf(operation: RawOperation, rest: Partial<OpenApi> = {}): OpenApi {
  return {
    openapi: '3.0.3',
    info: { title: 'T', version: '1' },
    paths: { '/a': { get: operation } },
    ...rest
  }
}
