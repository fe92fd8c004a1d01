import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'

/** Refuses entries whose block is damaged on disk. Where the block ends may be unknown. */
export function entryDamaged(stream: string, from: EntryId, to: EntryId | null): EngineError {
  const which = to === null ? `from ${formatId(from)} on` : `from ${formatId(from)} to ${formatId(to)}`
  return new EngineError('entry-damaged', `Entries ${which} of stream "${stream}" are damaged on disk`)
}

/** Returns what `read` returns, or null if it needs a damaged entry. */
export function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof EngineError && error.code === 'entry-damaged') return null
    throw error
  }
}
