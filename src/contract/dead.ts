import type { Encoded, FieldsJson } from './entries.ts'
import type { EntryId } from './entry-id.ts'
import type { GroupRef, PageRequest } from './refs.ts'

export interface ListDeadRequest extends GroupRef, PageRequest {}

/** An entry that is delivered to nobody any more, until it is redriven or acked. */
export interface DeadEntry extends Encoded {
  readonly id: EntryId
  /** Null if the entry was deleted or trimmed since. */
  readonly fields: FieldsJson | null
  readonly deliveries: number
  /** The consumer that had it last; null if it was in nobody's hands. */
  readonly consumer: string | null
  /** Why it died, in the words of the worker or in one of `DEATH_REASONS`. Absent if the worker gave none. */
  readonly reason?: string
  /** Milliseconds since the epoch. */
  readonly deadAt: number
}

export interface DeadPage {
  /** In the order of their ids. */
  readonly dead: readonly DeadEntry[]
  /** Absent on the last page. */
  readonly cursor?: string
}

export interface RedriveRequest extends GroupRef {
  /** Ids of the original entries. Absent: the first dead entries, at most `limit`. */
  readonly ids?: readonly EntryId[]
  /** At most this many entries are redriven. Ids beyond it are in no list of the answer. */
  readonly limit: number
  /**
   * The dead-letter stream that the caller may take entries from. If the group now has another one, the
   * request is rejected with stream-conflict.
   */
  readonly deadLetterStream?: string
}

export interface RedriveAnswer {
  readonly redriven: number
  /** Ids of the request that are not dead. */
  readonly notDead: EntryId[]
  /** Dead entries whose original no longer exists, at most `MAX_MISSING`. They stay where they are. */
  readonly missing: EntryId[]
}
