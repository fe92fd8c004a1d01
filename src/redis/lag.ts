import { type EntryId, MIN_ID } from '../entry-id.ts'

/** What of a stream and a group tells how far behind the group is. */
export interface Progress {
  readonly length: number
  /** "0-0" when the stream holds nothing. */
  readonly firstId: EntryId
  readonly lastId: EntryId
  readonly maxDeletedId: EntryId
  readonly entriesAdded: number
  readonly lastDeliveredId: EntryId
  readonly entriesRead: number | null
}

/**
 * The group's `entriesRead`, from a server that counts on over entries that were removed before the group read them: null
 * unless it can be proved. `after` is how many entries follow the group's place, null if nobody has counted them.
 */
export function provedRead(progress: Progress, after: number | null): number | null {
  const { length, firstId, lastId, maxDeletedId, entriesAdded, lastDeliveredId, entriesRead } = progress
  if (entriesRead === null) return null
  // Nothing was ever removed.
  if (entriesAdded === length) return entriesRead
  if (lastDeliveredId === lastId) return entriesAdded
  if (length === 0 || lastDeliveredId < firstId || lastDeliveredId > lastId) return null
  // What follows the place is all there, as long as no entry there was deleted.
  return after === null || maxDeletedId > lastDeliveredId ? null : entriesAdded - after
}

/** Entries after the group's place; null where that cannot be known. Counted as Redis 8 counts them. */
export function lagBehind(progress: Progress): number | null {
  const { length, firstId, maxDeletedId, entriesAdded, lastDeliveredId, entriesRead } = progress
  if (entriesAdded === 0 || length === 0) return 0
  if (lastDeliveredId < firstId && maxDeletedId < firstId) return length
  const hasGapAhead = maxDeletedId !== MIN_ID && maxDeletedId >= firstId && lastDeliveredId <= maxDeletedId
  if (entriesRead !== null && !hasGapAhead) return entriesAdded - entriesRead
  const upTo = countUpTo(progress, lastDeliveredId)
  return upTo === null ? null : entriesAdded - upTo
}

/** How many entries were ever appended up to this id, where the ends of the stream tell it. */
function countUpTo({ length, firstId, lastId, maxDeletedId, entriesAdded }: Progress, id: EntryId) {
  if (id !== MIN_ID && id < maxDeletedId) return null
  if (id === lastId) return entriesAdded
  if (id > lastId || (maxDeletedId !== MIN_ID && maxDeletedId >= firstId)) return null
  if (id < firstId) return entriesAdded - length
  return id === firstId ? entriesAdded - length + 1 : null
}
