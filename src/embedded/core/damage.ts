import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'

/** Entries whose block the disk has garbled. Up to where they reach may not be known. */
export function entryDamaged(stream: string, from: EntryId, to: EntryId | null): EngineError {
  const which = to === null ? `from ${formatId(from)} on` : `from ${formatId(from)} to ${formatId(to)}`
  return new EngineError('entry-damaged', `Entries ${which} of stream "${stream}" are damaged on disk`)
}

/** What `read` gives, or null where an entry that it needs is damaged. */
export function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof EngineError && error.code === 'entry-damaged') return null
    throw error
  }
}
