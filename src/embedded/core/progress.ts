import { lagBehind } from '../../semantics/lag.ts'
import type { Group } from './group.ts'

/** Entries still to be delivered; null if the number is not known. */
export function lag(group: Group): number | null {
  const behind = lagBehind(group.stream, group)
  return behind === null ? null : behind + group.returned.size
}

/** Entries that the group has read, without those that were returned; null if the number is not known. */
export function entriesRead(group: Group): number | null {
  return group.entriesRead === null ? null : Math.max(0, group.entriesRead - group.returned.size)
}
