import type { Change } from '../change.ts'

/**
 * What is to happen for a request, and what to tell whoever asked. Deciding throws what the request is refused with
 * and changes nothing.
 */
export interface Decision<A> {
  readonly changes: Change[]
  readonly answer: A
}
