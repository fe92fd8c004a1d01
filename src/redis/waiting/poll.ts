import type { Taker } from '../../contract/engine.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { Place } from './wait-queues.ts'

/** The answer for a reader. If there is nothing for it, the last ids of its streams at that moment. */
export type Attempt<A> =
  | { readonly answer: A; readonly lastIds?: undefined }
  | {
      readonly lastIds: ReadonlyMap<string, EntryId>
      /** There may be something for the next reader nevertheless. */
      readonly isFull?: boolean
    }

/** What a waiting reader does when its turn comes. */
export interface Poll<A> {
  readonly places: readonly Place[]
  readonly claimIdleMs?: number
  /** Whether the reader is counted as waiting already (see `Engine.takePlace`). */
  readonly hasPlace?: boolean
  /** Tries to read. `isQuiet`: if there is nothing for the reader, changes nothing in Redis. */
  attempt(isQuiet: boolean): Promise<Attempt<A>>
  /** Where the answer goes. */
  readonly taker: Taker | undefined
  /** The size of an answer's fields. */
  bytesOf(answer: A): number
  /** Undoes an answer whose reader no longer waits, or whose taker has no room for it. */
  discard(answer: A): void
  /** The answer at the deadline. */
  readonly nothing: A
}
