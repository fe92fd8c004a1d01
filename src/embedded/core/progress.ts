import { lagBehind } from '../../semantics/lag.ts'
import type { Group } from './group.ts'

/** Number of entries still to be delivered; null if unknown. */
export function lag(group: Group): number | null {
  const behind = lagBehind(group.stream, group)
  return behind === null ? null : behind + group.returned.size
}

/** Number of entries that the group has read, without returned ones; null if unknown. */
export function entriesRead(group: Group): number | null {
  return group.entriesRead === null ? null : Math.max(0, group.entriesRead - group.returned.size)
}
