import type { RedisError } from './connection.ts'
import { type RedisTurn, Refusal } from './turn.ts'

/** Error messages of Redis, and the codes that Weir has for them. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^BUSYGROUP/, 'group-exists'],
  [/XADD must be greater than 0-0/, 'id-not-greater'],
  [/XADD is equal or smaller than the target stream top item/, 'id-not-greater'],
  [/exhausted the last possible ID/, 'ids-exhausted'],
  // Redis 7.0 reports this for a millisecond without a free sequence number, if no append failed before.
  [/Elements are too large to be stored/, 'ids-exhausted'],
  [/XSETID is smaller than the target stream top item/, 'id-not-greater'],
  [/XSETID is smaller than current max_deleted_entry_id/, 'id-not-greater'],
  [/XSETID is smaller than the provided max_deleted_entry_id/, 'invalid-request'],
  [/entries_added specified in XSETID is smaller/, 'invalid-request']
]

/** These do not show whether the stream or the group is missing. */
const MISSING = /^NOGROUP|no such key|requires the key to exist/

/** Converts an error to a refusal. Throws the error if it is not one. */
export async function refusalOf(error: RedisError, turn: RedisTurn): Promise<Refusal> {
  const known = REFUSALS.find(([pattern]) => pattern.test(error.message))
  if (known !== undefined) return new Refusal(known[1])
  const missing = MISSING.test(error.message) ? await turn.missing() : null
  if (missing === null) throw error
  return missing
}
