import { EngineError } from '../../contract/errors.ts'

/** What the journal will not start with. */
export function refused(message: string, cause?: unknown): EngineError {
  return new EngineError('storage-failed', message, { cause })
}

/**
 * Says that bytes which had been made durable are not what was written. What to do about it is for a person to
 * decide, so nothing was changed.
 */
export function damaged(file: string, offset: number, what: string, cause?: unknown): EngineError {
  return refused(
    `The journal is damaged: ${file} at byte ${offset}: ${what}. Nothing was changed. ` +
      'Restore the data directory from a backup',
    cause
  )
}
