import { type EntryId, MIN_ID } from '../contract/entry-id.ts'

/*
 * Counts how far a group has read, as Redis 8 does (streamReplyWithCGLag and its neighbours in t_stream.c):
 * by a counter as long as the counter is reliable; otherwise by an estimate that is exact at both ends of the
 * stream; otherwise not at all.
 */

/** The counters and ids of a stream that the count depends on. */
export interface StreamCounters {
  readonly length: number
  /** "0-0" if the stream has no entries. */
  readonly firstId: EntryId
  readonly lastId: EntryId
  readonly maxDeletedId: EntryId
  readonly entriesAdded: number
}

/** How far a group has read. */
export interface GroupPosition {
  readonly lastDeliveredId: EntryId
  /** Null if unknown. */
  readonly entriesRead: number | null
}

/** Number of entries after the group's position; null if unknown. */
export function lagBehind(stream: StreamCounters, group: GroupPosition): number | null {
  const { length, firstId, maxDeletedId, entriesAdded } = stream
  const { lastDeliveredId, entriesRead } = group
  if (entriesAdded === 0 || length === 0) return 0
  if (lastDeliveredId < firstId && maxDeletedId < firstId) return length
  if (entriesRead !== null && !hasGapFrom(stream, lastDeliveredId)) return entriesAdded - entriesRead
  const upTo = countUpTo(stream, lastDeliveredId)
  return upTo === null ? null : entriesAdded - upTo
}

/** The group's `entriesRead` after the delivery of these ids, which are the next ones. */
export function countRead(
  stream: StreamCounters,
  group: GroupPosition,
  ids: readonly EntryId[]
): number | null {
  let read = group.entriesRead
  let last = group.lastDeliveredId
  const { firstId, entriesAdded } = stream
  for (const id of ids) {
    const isTrusted = read !== null && last >= firstId && !hasGapFrom(stream, last)
    read = isTrusted && read !== null ? Math.min(read + 1, entriesAdded) : countUpTo(stream, id)
    last = id
  }
  return read
}

/**
 * Corrects the `entriesRead` of a server that also counts entries that were removed before the group read
 * them. Null unless the number can be proved. `after` is the number of entries after the group's position;
 * null if nobody has counted them.
 */
export function provedRead(
  stream: StreamCounters,
  group: GroupPosition,
  after: number | null
): number | null {
  const { length, firstId, lastId, maxDeletedId, entriesAdded } = stream
  const { lastDeliveredId, entriesRead } = group
  if (entriesRead === null) return null
  // Nothing was ever removed.
  if (entriesAdded === length) return entriesRead
  if (lastDeliveredId === lastId) return entriesAdded
  if (length === 0 || lastDeliveredId < firstId || lastDeliveredId > lastId) return null
  // All entries after the position still exist, unless one of them was deleted.
  return after === null || maxDeletedId > lastDeliveredId ? null : entriesAdded - after
}

/** Whether an entry at or after this id was deleted by name: the counter would include it. */
function hasGapFrom({ length, firstId, maxDeletedId }: StreamCounters, id: EntryId): boolean {
  if (length === 0 || maxDeletedId === MIN_ID || maxDeletedId < firstId) return false
  return id <= maxDeletedId
}

/** Number of entries ever appended up to this id; null if unknown. */
function countUpTo(stream: StreamCounters, id: EntryId): number | null {
  const { length, firstId, lastId, maxDeletedId, entriesAdded } = stream
  if (entriesAdded === 0) return 0
  if (length === 0 && id <= lastId) return entriesAdded
  if (id !== MIN_ID && id < maxDeletedId) return null
  if (id === lastId) return entriesAdded
  if (id > lastId) return null
  if (maxDeletedId !== MIN_ID && maxDeletedId >= firstId) return null
  if (id < firstId) return entriesAdded - length
  return id === firstId ? entriesAdded - length + 1 : null
}
