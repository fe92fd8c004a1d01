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
  it('say when to try again with 429 and 503, and with no other status', () => {
    for (const code of codes) {
      const { status } = PROBLEMS[code]
      const { headers } = new Problem(code, '')
      expect([code, headers['retry-after'] !== undefined]).toEqual([code, status === 429 || status === 503])
    }
  })

  it('that the client made are not worth repeating, but for those that pass', () => {
    const worth = codes.filter((code) => PROBLEMS[code].status < 500 && PROBLEMS[code].retryable)
    expect(worth).toEqual(['rate-limited', 'request-timeout', 'too-many-bytes', 'too-many-waiting'])
  })

  it('have side effects only where nobody knows', () => {
    const possible = codes.filter((code) => PROBLEMS[code].sideEffects === 'possible')
    expect(possible).toEqual(['internal', 'outcome-unknown'])
  })

  it('are what an engine refuses, with its pointer', () => {
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

  it('are not what nobody foresaw', () => {
    expect(problemOf(new Error('surprise'))).toBe(null)
    expect(problemOf({ code: 'invalid-request' })).toBe(null)
  })
})
