/**
 * Why an engine refuses a request. A released code keeps its name and meaning. Only
 * `http/problems/problem.ts` knows the HTTP status of each code.
 */
export type EngineErrorCode =
  | 'consumer-has-pending'
  | 'consumer-not-found'
  | 'dead-letter-cycle'
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
 * A refusal. It means that nothing was changed, except with `outcome-unknown`, where the change may have been
 * made. The message is a sentence for the caller. `pointer` is a JSON pointer to the invalid member of the
 * request, if one is to blame.
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
