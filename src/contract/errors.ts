/**
 * Why an engine refuses a request. Shipped codes keep their name and meaning; the HTTP status of each is known
 * to `http/problems/problem.ts` alone.
 */
export type EngineErrorCode =
  | 'consumer-has-pending'
  | 'consumer-not-found'
  | 'engine-unavailable'
  | 'entry-damaged'
  | 'entry-not-found'
  | 'group-exists'
  | 'group-has-pending'
  | 'group-not-found'
  | 'id-not-greater'
  | 'id-too-high'
  | 'ids-exhausted'
  | 'invalid-request'
  | 'limit-reached'
  | 'outcome-unknown'
  | 'overloaded'
  | 'storage-failed'
  | 'storage-full'
  | 'stream-conflict'
  | 'stream-exists'
  | 'stream-not-found'
  | 'too-many-waiting'

/**
 * A refusal: nothing was changed, except with `outcome-unknown`, where the change may or may not have been made.
 * The message is a sentence for the caller. `pointer` is the JSON pointer to the member of the request that is
 * at fault, where there is one.
 */
export class EngineError extends Error {
  readonly code: EngineErrorCode
  readonly pointer: string | undefined

  constructor(code: EngineErrorCode, message: string, options?: { pointer?: string; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'EngineError'
    this.code = code
    this.pointer = options?.pointer
  }
}
