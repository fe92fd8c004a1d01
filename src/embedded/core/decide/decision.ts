import type { Change } from '../change.ts'

/**
 * What a request changes, and its answer. To refuse a request, the function that decides throws. It changes
 * nothing.
 */
export interface Decision<A> {
  readonly changes: Change[]
  readonly answer: A
  /** How many entries die. Absent: none. */
  readonly died?: number
  /** It adds to what is stored, so it may not use the reserve for a full disk. */
  readonly grows?: true
}
