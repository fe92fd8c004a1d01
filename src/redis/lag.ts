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
 * Entries after the group's place; null where that cannot be known. Counted here as Redis 8 counts it, because older
 * servers count wrongly after trims and deletions.
 */
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
