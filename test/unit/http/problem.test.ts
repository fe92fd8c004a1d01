import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../src/contract/errors.ts'
import {
  PROBLEMS,
  Problem,
  type ProblemCode,
  problemJson,
  problemOf
} from '../../../src/http/problems/problem.ts'

const codes = Object.keys(PROBLEMS) as ProblemCode[]

describe('problems', () => {
  it('have Retry-After with status 429 and 503 only', () => {
    for (const code of codes) {
      const { status } = PROBLEMS[code]
      const { headers } = new Problem(code, '')
      expect([code, headers['retry-after'] !== undefined]).toEqual([code, status === 429 || status === 503])
    }
  })

  it('caused by the client are retryable only if they are temporary', () => {
    const retryable = codes.filter((code) => PROBLEMS[code].status < 500 && PROBLEMS[code].retryable)
    expect(retryable).toEqual(['rate-limited', 'request-timeout', 'too-many-bytes', 'too-many-waiting'])
  })

  it('have possible side effects only if the outcome is unknown', () => {
    const possible = codes.filter((code) => PROBLEMS[code].sideEffects === 'possible')
    expect(possible).toEqual(['internal', 'outcome-unknown'])
  })

  it('are made from refusals of an engine, with their pointer', () => {
    const problem = problemOf(
      new EngineError('ids-exhausted', 'No ids are left', { pointer: '/entries/0/id' })
    )
    expect(problem && JSON.parse(problemJson(problem, 'r1'))).toEqual({
      type: 'urn:weir:problem:ids-exhausted',
      title: 'No ids are left',
      status: 409,
      detail: 'No ids are left',
      code: 'ids-exhausted',
      retryable: false,
      sideEffects: 'none',
      requestId: 'r1',
      errors: [{ pointer: '/entries/0/id', detail: 'No ids are left' }]
    })
  })

  it('are not made from unexpected errors', () => {
    expect(problemOf(new Error('surprise'))).toBe(null)
    expect(problemOf({ code: 'invalid-request' })).toBe(null)
  })
})
