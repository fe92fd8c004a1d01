import { EngineError } from '../../contract/errors.ts'

/** A start refuses to use this journal. */
export function refused(message: string, cause?: unknown): EngineError {
  return new EngineError('storage-failed', message, { cause })
}

/**
 * Bytes that were durable are not what was written. A person must decide what to do, so nothing is changed.
 */
export function damaged(file: string, offset: number, what: string, cause?: unknown): EngineError {
  return refused(
    `The journal is damaged: ${file} at byte ${offset}: ${what}. Nothing was changed. ` +
      'Restore the data directory from a backup',
    cause
  )
}
