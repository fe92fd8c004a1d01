import { type EntryId, MIN_ID } from '../../entry-id.ts'
import type { Group, GroupPosition } from './group.ts'
import type { Stream } from './stream.ts'

/*
 * How far a group has read, counted as Redis 8 counts it (streamReplyWithCGLag and its neighbours in t_stream.c): by
 * a counter for as long as it can be trusted, else by an estimate that is right at the stream's ends, else not at all.
 */

/** Entries still to be delivered; null where it cannot be known. */
export function lag(group: Group): number | null {
  const position = lagBehind(group.stream, group.lastDeliveredId, group.entriesRead)
  return position === null ? null : position + group.returned.size
}

/** Entries that the group has read, without those that came back; null where it cannot be known. */
export function entriesRead(group: Group): number | null {
  return group.entriesRead === null ? null : Math.max(0, group.entriesRead - group.returned.size)
}

/** The counter after the entries `ids` were delivered, the next ones after `lastDeliveredId`. */
export function countRead(stream: Stream, group: GroupPosition, ids: readonly EntryId[]): number | null {
  let read = group.entriesRead
  let last = group.lastDeliveredId
  const firstId = stream.firstId
  for (const id of ids) {
    const trusted = read !== null && last >= firstId && !hasTombstoneFrom(stream, firstId, last)
    read = trusted && read !== null ? Math.min(read + 1, stream.entriesAdded) : countUpTo(stream, firstId, id)
    last = id
  }
  return read
}

function lagBehind(stream: Stream, lastDeliveredId: EntryId, read: number | null): number | null {
  const { entriesAdded, length, firstId, maxDeletedId } = stream
  if (entriesAdded === 0 || length === 0) return 0
  if (lastDeliveredId < firstId && maxDeletedId < firstId) return length
  if (read !== null && !hasTombstoneFrom(stream, firstId, lastDeliveredId)) return entriesAdded - read
  const upTo = countUpTo(stream, firstId, lastDeliveredId)
  return upTo === null ? null : entriesAdded - upTo
}

/** Whether an entry at or after this id was deleted by name, so that counting on would miss it. */
function hasTombstoneFrom(stream: Stream, firstId: EntryId, id: EntryId): boolean {
  const { length, maxDeletedId } = stream
  if (length === 0 || maxDeletedId === MIN_ID || maxDeletedId < firstId) return false
  return id <= maxDeletedId
}

/** How many entries were ever appended up to this id; null where it cannot be known. */
function countUpTo(stream: Stream, firstId: EntryId, id: EntryId): number | null {
  const { entriesAdded, length, lastId, maxDeletedId } = stream
  if (entriesAdded === 0) return 0
  if (length === 0 && id <= lastId) return entriesAdded
  if (id !== MIN_ID && id < maxDeletedId) return null
  if (id === lastId) return entriesAdded
  if (id > lastId) return null
  if (maxDeletedId !== MIN_ID && maxDeletedId >= firstId) return null
  if (id < firstId) return entriesAdded - length
  return id === firstId ? entriesAdded - length + 1 : null
}
