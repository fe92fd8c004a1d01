import type { RedisError } from './connection.ts'
import { type RedisTurn, Refusal } from './turn.ts'

/** What Redis says when it refuses, and the code that this is in Weir. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^BUSYGROUP/, 'group-exists'],
  [/XADD must be greater than 0-0/, 'id-not-greater'],
  [/XADD is equal or smaller than the target stream top item/, 'id-not-greater'],
  [/exhausted the last possible ID/, 'ids-exhausted'],
  // What Redis 7.0 says of a millisecond without a free sequence number, when nothing went wrong before.
  [/Elements are too large to be stored/, 'ids-exhausted'],
  [/XSETID is smaller than the target stream top item/, 'id-not-greater'],
  [/XSETID is smaller than current max_deleted_entry_id/, 'id-not-greater'],
  [/XSETID is smaller than the provided max_deleted_entry_id/, 'invalid-request'],
  [/entries_added specified in XSETID is smaller/, 'invalid-request']
]

/** These do not say which of the two it is that does not exist. */
const MISSING = /^NOGROUP|no such key|requires the key to exist/

/** The refusal that an error stands for. Throws the error when it is none. */
export async function refusalOf(error: RedisError, turn: RedisTurn): Promise<Refusal> {
  const known = REFUSALS.find(([pattern]) => pattern.test(error.message))
  if (known !== undefined) return new Refusal(known[1])
  const missing = MISSING.test(error.message) ? await turn.missing() : null
  if (missing === null) throw error
  return missing
}
